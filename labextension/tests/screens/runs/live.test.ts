import { describe, expect, it, vi } from 'vitest';
import {
  mounted,
  mount,
  parent,
  host,
  find,
  findAll,
  lines,
  keys,
  line,
  cell,
  head,
  button,
  count,
  type
} from './page';
import { focused, HOSTILE, row, rows, tableOf } from './sample';
import { eventually } from '../../eventually';
import type { RunTableView } from '../../../src/contract.gen';

vi.mock('../../../src/screens/run/mount', () => ({
  mountRun: vi.fn((parent: HTMLElement) => {
    parent.append('a run');
    return { update: vi.fn(), dispose: vi.fn() };
  })
}));
vi.mock('../../../src/ui/chart/draw', () => ({
  drawChart: () => ({ set: vi.fn(), zoom: vi.fn(), dispose: vi.fn() })
}));

describe('loading more', () => {
  it('asks page by page until all are there', async () => {
    mount(tableOf(rows(2_100).slice(0, 100), 2_000));
    const all = rows(2_100);
    host.answers = ({ offset = 0, limit = 100 }) => ({
      params: [],
      metrics: [],
      rows: all.slice(offset, offset + limit),
      more: Math.max(all.length - offset - limit, 0)
    });
    expect([count(), button('Load').textContent]).toEqual([
      '100 of 2,100 runs, 0 selected',
      'Load 2,000 more'
    ]);
    button('Load').click();
    expect(button('Loading').textContent).toBe('Loading 100 of 2,100, stop');
    await eventually(() => expect(count()).toBe('2,100 runs, 0 selected'));
    await eventually(() => expect(button('Load').hidden).toBe(true));
    expect(host.asked).toEqual(
      [100, 1_100].map(offset => ['runs', { query: {}, offset, limit: 1_000 }])
    );
  });

  it('says why it could not, and can be tried again', async () => {
    mount(tableOf(rows(2), 5));
    button('Load').click();
    await eventually(() =>
      expect(find('.aml-message').textContent).toBe(
        'No more runs could be loaded: the server is away'
      )
    );
    expect(button('Load').textContent).toBe('Load 5 more');
  });

  it('can be stopped', async () => {
    mount(tableOf(rows(2), 5));
    let answer: (() => void) | null = null;
    host.answers = () =>
      new Promise(
        done => (answer = () => done({ params: [], metrics: [], rows: [row(9)], more: 4 }))
      );
    button('Load').click();
    await eventually(() => expect(answer).not.toBeNull());
    button('Loading').click();
    answer!();
    await Promise.resolve();
    expect([count(), button('Load').textContent]).toEqual([
      '2 of 7 runs, 0 selected',
      'Load 5 more'
    ]);
  });
});

describe('a filter or an order of a table that is not all here', () => {
  const all = rows(500, number => ({
    params: { lr: number },
    status: number % 100 ? 'Completed' : 'Failed'
  }));
  const page = ({
    offset = 0,
    limit = 100
  }: {
    offset?: number;
    limit?: number;
  }): RunTableView => ({
    params: [],
    metrics: [],
    rows: all.slice(offset, offset + limit),
    more: Math.max(all.length - offset - limit, 0)
  });

  it.each<[string, () => void, string, string]>([
    ['words', () => type('failed'), 'run-100', '5 of 500 runs, 0 selected'],
    ['a sort', () => head('lr').click(), 'run-1', '500 runs, 0 selected']
  ])('searches all runs: %s', async (_, search, found, told) => {
    mount(tableOf(all.slice(0, 100), 400));
    host.answers = page;
    search();
    await eventually(() => expect(count()).toBe(told));
    expect(keys()).toContain(found);
    expect(host.asked).toEqual([['runs', { query: {}, offset: 100, limit: 1_000 }]]);
  });

  it('says that the loaded runs alone were searched, until all are or after a stop', async () => {
    mount(tableOf(all.slice(0, 100), 400));
    host.answers = () => new Promise(() => undefined);
    type('#77');
    expect(count()).toBe('0 of the 100 loaded runs of 500, 0 selected');
    expect(find('.aml-run-list > .aml-muted').textContent).toBe(
      'None of the loaded runs meets the filter.'
    );
    button('Loading').click();
    host
      .to('runs')
      .event({ type: 'rows', token: '1', rows: [], removed: [], order: null, more: 400 });
    expect([count(), button('Load').textContent]).toEqual([
      '0 of the 100 loaded runs of 500, 0 selected',
      'Load 400 more'
    ]);
    expect(host.asked).toHaveLength(1);
    host.answers = page;
    type('#77 ');
    await eventually(() => expect(count()).toBe('1 of 500 runs, 0 selected'));
  });

  it('finds a run again that newer ones push out of what the host tells of', async () => {
    mount(tableOf(all.slice(0, 100), 400));
    host.answers = page;
    type('name');
    await eventually(() => expect(count()).toBe('500 runs, 0 selected'));
    all.unshift(row(501));
    host.to('runs').event({
      type: 'rows',
      token: '2',
      rows: [all[0]!],
      removed: ['run-401'],
      order: null,
      more: 401
    });
    await eventually(() => expect(count()).toBe('501 runs, 0 selected'));
    expect(host.asked).toHaveLength(2);
    type('name 401');
    expect(keys()).toEqual(['run-401']);
    type('');
    const grid = find('[role=grid]');
    grid.scrollTop = 95 * 28;
    grid.dispatchEvent(new Event('scroll'));
    expect(keys().slice(keys().indexOf('run-402'))).toEqual(
      expect.arrayContaining(['run-402', 'run-401', 'run-400'])
    );
    expect(keys()[keys().indexOf('run-402') + 1]).toBe('run-401');
    all.shift();
  });

  it('says why the others could not be searched, and does not try for ever', async () => {
    mount(tableOf(all.slice(0, 100), 400));
    head('lr').click();
    await eventually(() =>
      expect(find('.aml-message').textContent).toBe(
        'No more runs could be loaded: the server is away'
      )
    );
    host
      .to('runs')
      .event({ type: 'rows', token: '1', rows: [], removed: [], order: null, more: 400 });
    expect([count(), host.asked.length]).toEqual([
      '100 of the 100 loaded runs of 500, 0 selected',
      1
    ]);
  });
});

describe('live changes', () => {
  it('change rows in place and leave focus, selection and scroll as they are', () => {
    mount(tableOf(rows(1_000)));
    const grid = find('[role=grid]');
    grid.scrollTop = 100 * 28 + 5;
    grid.dispatchEvent(new Event('scroll'));
    cell(899, 2).focus();
    cell(898, 0).click();
    cell(899, 2).focus();
    const [held, untouched] = [cell(899, 2), cell(897, 1).firstChild];
    host.to('runs').event({
      type: 'rows',
      token: '1',
      rows: [row(899, { status: 'Failed', reason: 'why' }), row(1_001), row(1_002)],
      removed: ['run-1000'],
      order: null,
      more: 0
    });
    expect(focused()).toBe(held);
    expect(held.textContent).toBe('✗ Failed');
    expect(cell(897, 1).firstChild).toBe(untouched);
    expect(grid.scrollTop).toBe(101 * 28 + 5);
    expect(line(898).getAttribute('aria-selected')).toBe('true');
    expect(count()).toBe('1,001 runs, 1 selected');
  });

  it('put new rows where the user sorts them', () => {
    mount(tableOf([row(1, { params: { lr: 1 } }), row(2, { params: { lr: 3 } })]));
    head('lr').click();
    host.to('runs').event({
      type: 'rows',
      token: '1',
      rows: [row(3, { params: { lr: 2 } })],
      removed: [],
      order: ['run-3', 'run-2', 'run-1'],
      more: 0
    });
    expect(keys()).toEqual(['run-1', 'run-3', 'run-2']);
    head('lr').click();
    head('lr').click();
    expect(keys()).toEqual(['run-3', 'run-2', 'run-1']);
  });

  it('give the focus to the next row when its row leaves', () => {
    mount(tableOf(rows(5)));
    cell(3, 1).focus();
    host
      .to('runs')
      .event({ type: 'rows', token: '1', rows: [], removed: ['run-3'], order: null, more: 0 });
    expect(focused()).toBe(cell(2, 1));
    host
      .to('runs')
      .event({ type: 'view', token: '2', view: { params: [], metrics: [], rows: [], more: 0 } });
    expect(find('[role=grid]').hidden).toBe(true);
  });

  it('count the time of runs that go on once a second, and stop with the last', () => {
    vi.useFakeTimers();
    mount(tableOf([row(2, { status: 'Running', elapsed: 61 }), row(1)]));
    expect(vi.getTimerCount()).toBe(0);
    host.to('runs').link('live');
    vi.advanceTimersByTime(3_000);
    expect([cell(2, 4).textContent, cell(1, 4).textContent]).toEqual(['1 min 04 s', '12.0 s']);
    host.to('runs').link('detached', 'no server');
    vi.advanceTimersByTime(3_000);
    expect(cell(2, 4).textContent).toBe('1 min 04 s');
    expect(find('.aml-message').textContent).toBe(
      'detached: showing the last data, trying again: no server'
    );
    host.to('runs').link('live');
    expect([vi.getTimerCount(), find('.aml-message').hidden]).toEqual([1, true]);
    host.to('runs').event({
      type: 'rows',
      token: '1',
      rows: [row(2, { elapsed: 70 })],
      removed: [],
      order: null,
      more: 0
    });
    expect([vi.getTimerCount(), cell(2, 4).textContent]).toEqual([0, '1 min 10 s']);
  });

  it('win over a snapshot that comes later, and end when the table goes', () => {
    mount(tableOf(rows(2)));
    mounted.update(tableOf(rows(3)));
    expect(count()).toBe('3 runs, 0 selected');
    host.to('runs').event({ type: 'view', token: '1', view: tableOf(rows(4)).view });
    mounted.update(tableOf(rows(1)));
    expect(count()).toBe('4 runs, 0 selected');
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

  it('says what to type first', () => {
    mount(tableOf([]));
    expect(find('.aml-run-list > .aml-muted').textContent).toBe(
      'There are no runs yet. Begin a cell with %%aml_run and it becomes a run, shown here while it runs.'
    );
    host.to('runs').event({
      type: 'rows',
      token: '1',
      rows: [row(1, { metrics: { acc: 1 } })],
      removed: [],
      order: null,
      more: 0
    });
    expect([keys(), head('acc').className]).toEqual([['run-1'], 'aml-cell aml-number']);
  });
});

it('hostile text stays text in every field', () => {
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
  button('Group').click();
  lines().forEach(one => (one.firstElementChild as HTMLElement).click());
  host.to('runs').link('gone', HOSTILE[0]);
  for (const text of HOSTILE) {
    type(text);
    type(`name = "${text}"`);
  }
  type('');
  expect(findAll('img, script, iframe, a, form, math, object, style, body')).toEqual([]);
  const titled = findAll('*')
    .flatMap(one => one.getAttributeNames())
    .filter(name => name.startsWith('on'));
  expect(titled).toEqual([]);
  expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
  expect(parent.textContent).not.toMatch(/[\u202e\u2066\u0007\u0000]/);
  expect(parent.textContent).toContain(HOSTILE[0]);
});
