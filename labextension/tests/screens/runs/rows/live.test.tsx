import { describe, expect, it, vi } from 'vitest';
import {
  button,
  cell,
  count,
  drawn,
  find,
  findAll,
  head,
  host,
  keys,
  line,
  lines,
  mount,
  mounted,
  parent,
  until,
  enter
} from '../page';
import { focused, HOSTILE, row, rows, tableOf } from '../sample';
import type { RunRowView } from '../../../../src/contract.gen';

function tell(
  of: RunRowView[],
  more: { removed?: string[]; order?: string[]; more?: number } = {}
): void {
  host.to('runs').event({
    type: 'rows',
    token: '1',
    rows: of,
    removed: more.removed ?? [],
    order: more.order ?? null,
    more: more.more ?? 0
  });
}

describe('rows that are not here', () => {
  it('are asked for when they are near to be seen', async () => {
    mount(tableOf(rows(500).slice(0, 100), 400));
    host.all = rows(500);
    const grid = find('.aml-grid');
    expect(grid.getAttribute('aria-rowcount')).toBe('501');
    grid.scrollTop = 250 * 28;
    grid.dispatchEvent(new Event('scroll'));
    await until(() => expect(keys()).toContain('run-250'));
    expect(host.asked).toContainEqual(['runs', { query: {}, offset: 200, limit: 100 }]);
  });

  it('can be asked for again where that failed', async () => {
    mount(tableOf(rows(500).slice(0, 100), 400));
    const grid = find('.aml-grid');
    grid.scrollTop = 250 * 28;
    grid.dispatchEvent(new Event('scroll'));
    await until(() =>
      expect(find('[role=alert]')?.textContent).toContain(
        'Some runs could not be loaded: the server is away'
      )
    );
    host.all = rows(500);
    button('Try again').click();
    await until(() => expect(keys()).toContain('run-250'));
  });
});

describe('live changes', () => {
  it('change rows in place and leave focus, selection and scroll as they are', async () => {
    mount(tableOf(rows(1_000)));
    const grid = find('.aml-grid');
    grid.scrollTop = 100 * 28 + 5;
    grid.dispatchEvent(new Event('scroll'));
    await drawn();
    cell(898, 0).click();
    await drawn();
    cell(899, 1).focus();
    await drawn();
    const [held, untouched] = [cell(899, 1), cell(897, 1).firstChild];
    tell([row(899, { status: 'Failed', reason: 'why' }), row(1_001), row(1_002)], {
      removed: ['run-1000']
    });
    await until(() => expect(count()).toBe('1,001 runs, 1 selected'));
    expect(focused()).toBe(held);
    expect(held.textContent).toBe('✗ Failed');
    expect(cell(897, 1).firstChild).toBe(untouched);
    expect(grid.scrollTop).toBe(101 * 28 + 5);
    expect(line(898).getAttribute('aria-selected')).toBe('true');
  });

  it('do not move rows under the pointer, and say that there is another order', async () => {
    mount({ ...tableOf(rows(3)), query: { sort: 'metrics.acc desc' } });
    const grid = find('.aml-grid');
    grid.dispatchEvent(new MouseEvent('mouseenter'));
    tell([row(1, { metrics: { acc: 1 } })], { order: ['run-1', 'run-3', 'run-2'] });
    await until(() => expect(button('New order')).toBeDefined());
    expect(keys()).toEqual(['run-3', 'run-2', 'run-1']);
    grid.dispatchEvent(new MouseEvent('mouseleave'));
    await until(() => expect(keys()).toEqual(['run-1', 'run-3', 'run-2']));
    expect(button('New order')).toBeUndefined();
  });

  it('give the focus to the next row when its row leaves', async () => {
    mount(tableOf(rows(5)));
    cell(3, 1).focus();
    await drawn();
    tell([], { removed: ['run-3'] });
    await until(() => expect(keys()).not.toContain('run-3'));
    expect(focused()).toBe(cell(2, 1));
    host.to('runs').event({ type: 'view', token: '2', view: tableOf([]).view });
    await until(() => expect(find('.aml-grid')).toBeNull());
  });

  it('count the time of runs that go on once a second, and stop with the last', async () => {
    vi.useFakeTimers();
    mount(tableOf([row(2, { status: 'Running', elapsed: 61 }), row(1)]));
    const elapsed = (number: number): string => {
      const at = findAll('[role=columnheader]').indexOf(head('Duration'));
      return cell(number, at).textContent;
    };
    host.to('runs').link('live');
    await vi.advanceTimersByTimeAsync(3_500);
    expect([elapsed(2), elapsed(1)]).toEqual(['1 min 04 s', '12.0 s']);
    host.to('runs').link('detached', 'no server');
    await vi.advanceTimersByTimeAsync(500);
    expect(find('.aml-link').textContent).toBe(
      'detached: showing the last data, trying again: no server'
    );
    host.to('runs').link('live');
    tell([row(2, { elapsed: 70 })]);
    await vi.advanceTimersByTimeAsync(500);
    expect([find('.aml-link').hidden, elapsed(2)]).toEqual([true, '1 min 10 s']);
  });

  it('win over a snapshot that comes later, and end when the table goes', async () => {
    mount(tableOf(rows(2)));
    mounted.update(tableOf(rows(3)));
    await until(() => expect(count()).toBe('3 runs, 0 selected'));
    host.to('runs').event({ type: 'view', token: '1', view: tableOf(rows(4)).view });
    mounted.update(tableOf(rows(1)));
    await until(() => expect(count()).toBe('4 runs, 0 selected'));
    mounted.dispose();
    expect([host.stopped, parent.childElementCount]).toEqual([1, 0]);
  });
});

describe('an empty table', () => {
  it('says what no run met, and not how to make the first one', () => {
    mount({ ...tableOf([]), query: { status: 'Failed', filter: 'metrics.acc > 1' } });
    expect(find('.aml-run-list > .aml-muted').textContent).toBe(
      'No run meets the query: metrics.acc > 1'
    );
  });

  it('says what to type first', async () => {
    mount(tableOf([]));
    expect(find('.aml-run-list > .aml-muted').textContent).toBe(
      'There are no runs yet. Begin a cell with %%aml_run and it becomes a run, shown here while it runs.'
    );
    tell([row(1, { metrics: { acc: 1 } })]);
    await until(() => expect(keys()).toEqual(['run-1']));
    expect(head('acc').className).toContain('aml-number');
  });
});

it('hostile text stays text in every field', async () => {
  const all = HOSTILE.map((text, at) =>
    row(at, {
      ...{
        id: text + at,
        short_id: text,
        name: text,
        experiment: text,
        status: text,
        reason: text,
        started: text
      },
      ...{
        params: { [text]: text },
        tags: { [text]: text },
        metrics: { [text]: text },
        sparklines: { [text]: [text, 1, 2] }
      }
    })
  );
  mount({ ...tableOf(all), workspace: HOSTILE[0]!, query: { experiment: HOSTILE[1]! } });
  host.all = all;
  lines().forEach(one => (one.firstElementChild as HTMLElement).click());
  host.to('runs').link('gone', HOSTILE[0]);
  for (const text of HOSTILE) {
    enter(text);
    await drawn();
  }
  enter('');
  button('Columns').click();
  await drawn();
  expect(findAll('img, script, iframe, a, math, object, style, body')).toEqual([]);
  const titled = findAll('*')
    .flatMap(one => one.getAttributeNames())
    .filter(name => name.startsWith('on'));
  expect(titled).toEqual([]);
  expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
  expect(parent.textContent).not.toMatch(/[\u202e\u2066\u0007\u0000]/);
});
