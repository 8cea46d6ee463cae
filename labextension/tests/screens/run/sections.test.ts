import { describe, expect, it, vi } from 'vitest';
import type { ChildView, MetricView } from '../../../src/contract.gen';
import {
  button,
  done,
  find,
  findAll,
  host,
  metric,
  mounted,
  open,
  openTab,
  parent,
  press,
  run,
  settle,
  shown,
  snapshot,
  update
} from './run_page';

vi.mock('../../../src/ui/chart/chart', () => ({ Chart: () => null }));

const child = (number: number, fields: Partial<ChildView> = {}): ChildView =>
  ({
    ...{ id: `c${number}`, number, name: `child ${number}`, status: 'Completed', elapsed: 3 },
    ...(fields as object)
  }) as ChildView;
const rows = (table: string): string[][] =>
  findAll(`table[aria-label="${table}"] tbody tr`).map(row =>
    [...row.children].map(cell => cell.textContent)
  );

describe('parameters and tags', () => {
  it('are written as they are, with each digit', async () => {
    await open(
      done({
        params: {
          lr: 0.1000000001,
          n: 1000000,
          flag: true,
          none: null,
          text: '',
          big: '12345678901234567890'
        }
      })
    );
    expect(rows('Parameters')).toEqual([
      ['lr', '0.1000000001'],
      ['n', '1000000'],
      ['flag', 'True'],
      ['none', ''],
      ['text', ''],
      ['big', '12345678901234567890']
    ]);
  });

  it('stay in the order of their first logging when one changes', async () => {
    await open(run({ params: { b: 1, a: 2 } }));
    await update({ params: { b: 3, a: 2 } });
    expect(rows('Parameters')).toEqual([
      ['b', '3'],
      ['a', '2']
    ]);
  });

  it('are sixteen at first, and all stay once they were asked for', async () => {
    const params = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`p${at}`, at]));
    await open(run({ params }));
    expect(rows('Parameters')).toHaveLength(16);
    button(parent, 'show 4 more').click();
    await settle();
    expect(rows('Parameters')).toHaveLength(20);
    await update({ params: { ...params, p20: 20 } });
    expect(rows('Parameters')).toHaveLength(21);
  });

  it('have no section where there are none', async () => {
    await open(run({ params: {}, tags: {} }));
    expect(findAll('table[aria-label="Parameters"], table[aria-label="Tags"]')).toEqual([]);
  });

  it('have heads for those who hear them, and names that are heads of their rows', async () => {
    await open(run());
    const table = find('table[aria-label="Parameters"]');
    expect([...table.querySelectorAll('th')].map(one => [one.scope, one.textContent])).toEqual([
      ['col', 'Name'],
      ['col', 'Value'],
      ['row', 'lr']
    ]);
  });
});

describe('child runs', () => {
  it('are plain text where the host opens nothing', async () => {
    await open(run({ children: [child(1, { name: '<b>\nx' })] }));
    expect(rows('Child runs')).toEqual([['1 · <b> x', '✓ Completed', '3.0 s']]);
    expect(find('table[aria-label="Child runs"] button')).toBeNull();
  });

  it('say how many there are, of which ten are shown at first', async () => {
    await open(run({ children: Array.from({ length: 25 }, (_, at) => child(at)) }));
    expect(findAll('h3').map(one => one.textContent)).toContain('Child runs (25)');
    expect(rows('Child runs')).toHaveLength(10);
    button(parent, 'show 15 more').click();
    await settle();
    expect(rows('Child runs')).toHaveLength(25);
  });

  it('keep the focus where one of them goes on', async () => {
    await open(run({ children: [child(1), child(2)] }), {}, { open: vi.fn() });
    const second = button(parent, '2 · child 2');
    second.focus();
    await update({ children: [child(1), child(2, { status: 'Failed' })] });
    expect(document.activeElement).toBe(second);
    expect(rows('Child runs')[1]![1]).toBe('✗ Failed');
  });
});

describe('what was logged beside numbers', () => {
  const matrix = (count: number): MetricView => {
    const labels = Array.from({ length: count }, (_, at) => `l${at}`);
    return metric('matrix', null, {
      ...{ kind: 'confusion_matrix', last: null },
      matrix: { labels, matrix: labels.map(() => labels.map(() => 1)) }
    });
  };
  const table = (count: number): MetricView => {
    const columns = Array.from({ length: count }, (_, at) => `c${at}`);
    return metric('table', null, {
      ...{ kind: 'table', last: null },
      table: { columns, rows: [columns.map(() => 1)], count: 1 }
    });
  };
  const isWide = (): boolean => find('.aml-run-thing').classList.contains('aml-run-wide');

  it.each([
    [matrix(6), false],
    [matrix(7), true],
    [table(6), false],
    [table(7), true]
  ])('is as wide as it needs (%#)', async (of, is) => {
    vi.spyOn(console, 'error').mockReturnValue();
    await open(done({ metrics: [of] }));
    expect(isWide()).toBe(is);
    expect(find('.aml-run-thing h4').textContent).toBe(of.name);
  });

  it('is no number of the table of metrics, and no curve', async () => {
    await open(done({ metrics: [table(2), metric('loss')] }));
    expect(rows('Metrics').map(([name]) => name)).toEqual(['loss']);
    expect(findAll('.aml-run-curve').map(one => one.getAttribute('aria-label'))).toEqual(['loss']);
  });

  it('that is damaged fails alone', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const broken = { ...table(2), table: { columns: null, rows: [], count: 0 } } as never;
    await open(done({ metrics: [broken, { ...table(3), name: 'whole' }] }));
    expect(shown().textContent).toContain('This part cannot be shown');
    expect(shown().textContent).toContain('c2');
  });
});

describe('the table of metrics', () => {
  it('has a range of what nobody knows a direction of, and none of one value', async () => {
    await open(
      done({
        metrics: [
          metric('width', [1, 2], { count: 2, low: 1, high: 2, last: 2 }),
          metric('once', null, { count: 1, low: 5, high: 5, last: 5 }),
          metric('gap', null, { count: 3, low: null, high: null, last: 'NaN' })
        ]
      })
    );
    expect(rows('Metrics')).toEqual([
      ['width', '2', '1 … 2', '2'],
      ['once', '5', '', '1'],
      ['gap', 'NaN', '', '3']
    ]);
  });

  it('has a best of what has one, which says by an arrow what is better', async () => {
    await open(
      done({
        metrics: [
          metric('loss', null, { count: 2, low: 1, high: 9, last: 9 }),
          metric('acc', null, { count: 2, low: 0.1, high: 0.9, last: 0.1 }),
          metric('neg_loss', null, { count: 2, low: -9, high: -1, last: -9 })
        ]
      })
    );
    expect(rows('Metrics').map(row => row[2])).toEqual(['↓ 1', '↑ 0.9', '↑ -1']);
    expect(findAll('table[aria-label="Metrics"] thead th').map(one => one.textContent)).toEqual([
      ...['Metric', 'Last', 'Best', 'Count']
    ]);
  });
});

describe('the tabs of a run', () => {
  it('count what is in them, which is spoken in words', async () => {
    await open(done({ files: [{ name: 'a', size: 1 }], warnings: ['x', 'y'] }));
    const label = (id: string): [string, string | null] => {
      const tab = find(`[data-tab=${id}]`);
      return [tab.textContent, tab.getAttribute('aria-label')];
    };
    expect(label('files')).toEqual(['Files 1', 'Files, 1 file']);
    expect(label('snapshot')).toEqual(['Snapshot △ 2', 'Snapshot, 2 warnings']);
    expect(label('log')).toEqual(['Log', null]);
  });

  it('leave other keys to the page', async () => {
    await open(run());
    const first = find('[data-tab=overview]');
    expect((await press(first, 'ArrowDown')).defaultPrevented).toBe(false);
    expect(first.getAttribute('aria-selected')).toBe('true');
    expect((await press(first, 'ArrowRight')).defaultPrevented).toBe(true);
    expect(find('[data-tab=log]').getAttribute('aria-selected')).toBe('true');
  });

  it('stay open through updates and another snapshot of the run', async () => {
    await open(run({ files: [{ name: 'a', size: 1 }] }));
    await openTab('files');
    await update({ files: [{ name: 'b', size: 1 }] });
    host.link('detached', 'away');
    mounted.update(snapshot(done({ files: [{ name: 'c', size: 1 }] })));
    await settle();
    expect(shown().textContent).toContain('c');
    expect(find('[data-tab=files]').getAttribute('aria-selected')).toBe('true');
  });

  it('are those of the other run where another run comes', async () => {
    await open(run());
    await openTab('files');
    mounted.update(snapshot(run({ id: 'other', name: 'slow fox' })));
    await settle();
    expect(find('[data-tab=overview]').getAttribute('aria-selected')).toBe('true');
    expect(find('h2').textContent).toBe('slow fox');
    expect(host.stop).toHaveBeenCalledOnce();
  });
});

describe('the log below the overview', () => {
  it('leads to the whole of it, with the focus on its tab', async () => {
    await open(run(), { log: () => Promise.reject(new Error('away')) });
    button(parent, 'Open log').click();
    await settle();
    expect(document.activeElement).toBe(find('[data-tab=log]'));
    expect(shown().textContent).toContain('The log cannot be read: away');
  });

  it('is a region that keys reach, with lines as they were printed', async () => {
    await open(run({ log_tail: ['<b>a</b>', '', '\u001b[31mred\u001b[0m'] }));
    const tail = find('.aml-run-tail');
    expect([tail.tabIndex, tail.textContent]).toEqual([0, '<b>a</b>\n\nred']);
    expect(tail.querySelector('b')).toBeNull();
    expect(tail.querySelector('.aml-sgr-31')!.textContent).toBe('red');
  });

  it('says once that nothing was logged of a run that ended', async () => {
    await open(done({ metrics: [], log_tail: [] }));
    expect(shown().textContent.match(/Nothing was logged\./g)).toHaveLength(1);
  });
});
