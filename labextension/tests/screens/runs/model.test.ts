import { beforeEach, describe, expect, it } from 'vitest';
import { plainly } from '../../../src/ui/host';
import { bestIn, columnsOf, isShownAtFirst } from '../../../src/screens/runs/column';
import { compareSnapshot } from '../../../src/screens/runs/comparison';
import { csvOf } from '../../../src/screens/runs/csv';
import { moved } from '../../../src/screens/runs/keyboard';
import { RunTableModel } from '../../../src/screens/runs/model';
import { nextSort, sorted } from '../../../src/screens/runs/order';
import { isFilter } from '../../../src/screens/runs/search';
import { sparkPath } from '../../../src/screens/runs/sparkline';
import { pageOf, ROW, scrolledTo, windowOf } from '../../../src/screens/runs/window';
import { wordsIn } from '../../../src/screens/runs/words';
import type { JsonScalar, RunTableView } from '../../../src/contract.gen';
import { row, rows } from './sample';

describe('the window', () => {
  it('holds what is seen and as much again above and below', () => {
    const height = 10 * ROW;
    expect(windowOf(0, height, 10_000)).toEqual([0, 20]);
    expect(windowOf(5_000 * ROW, height, 10_000)).toEqual([4_990, 5_020]);
    expect(windowOf(9_990 * ROW, height, 10_000)).toEqual([9_980, 10_000]);
    expect(windowOf(1e9, height, 10_000)).toEqual([9_980, 10_000]);
    expect(windowOf(-50, height, 3)).toEqual([0, 3]);
    expect(windowOf(0, height, 0)).toEqual([0, 0]);
  });

  it('covers each pixel that is seen, wherever one scrolls to', () => {
    for (let top = 0; top < 100 * ROW; top += 7) {
      const [first, end] = windowOf(top, 300, 100);
      expect(first * ROW).toBeLessThanOrEqual(top);
      expect(end * ROW).toBeGreaterThanOrEqual(Math.min(top + 300, 100 * ROW));
    }
  });

  it('moves no more than needed to show a row below the head', () => {
    const height = 10 * ROW;
    expect(scrolledTo(3, 0, height)).toBe(0);
    expect(scrolledTo(8, 0, height)).toBe(0);
    expect(scrolledTo(9, 0, height)).toBe(ROW);
    expect(scrolledTo(2, 5 * ROW, height)).toBe(2 * ROW);
    expect(pageOf(height)).toBe(9);
    expect(pageOf(0)).toBe(1);
  });
});

describe('keys', () => {
  const bounds = { rows: 100, columns: 5, page: 10 };
  const at = { row: 50, column: 2 };
  it.each([
    ['ArrowDown', false, [51, 2]],
    ['ArrowUp', false, [49, 2]],
    ['ArrowLeft', false, [50, 1]],
    ['ArrowRight', false, [50, 3]],
    ['PageDown', false, [60, 2]],
    ['PageUp', false, [40, 2]],
    ['Home', false, [50, 0]],
    ['End', false, [50, 4]],
    ['Home', true, [0, 0]],
    ['End', true, [99, 4]]
  ])('%s leads on (with Ctrl: %s)', (key, ctrlKey, to) => {
    expect(moved({ key, ctrlKey, metaKey: false }, at, bounds)).toEqual({
      row: to[0],
      column: to[1]
    });
  });

  it('stop at the edges, the head among them', () => {
    const go = (key: string, row: number, column: number): unknown =>
      moved({ key, ctrlKey: false, metaKey: false }, { row, column }, bounds);
    expect(go('ArrowUp', 0, 0)).toEqual({ row: -1, column: 0 });
    expect(go('ArrowUp', -1, 0)).toEqual({ row: -1, column: 0 });
    expect(go('ArrowDown', 99, 4)).toEqual({ row: 99, column: 4 });
    expect(go('ArrowRight', 99, 4)).toEqual({ row: 99, column: 4 });
    expect(go('PageUp', 3, 0)).toEqual({ row: 0, column: 0 });
    expect(go('x', 3, 0)).toBeNull();
  });
});

describe('sorting', () => {
  const order = (values: JsonScalar[], descending = false): JsonScalar[] =>
    sorted(
      values.map((x, at) => row(at, { params: { x } })),
      of => of.params['x'],
      descending
    ).map(of => of.params['x']!);

  it('sorts numbers by size and puts what has none last, both ways', () => {
    expect(order([10, 'NaN', 9, null, -1, 'Infinity', '-Infinity', 1e308])).toEqual([
      '-Infinity',
      -1,
      9,
      10,
      1e308,
      'Infinity',
      'NaN',
      null
    ]);
    expect(order([10, 'NaN', 9, null, 'Infinity'], true)).toEqual(['Infinity', 10, 9, 'NaN', null]);
    expect(order(['9007199254740993123', 5])).toEqual([5, '9007199254740993123']);
  });

  it('puts words behind numbers, and words with numbers in their order', () => {
    expect(order(['b', 2, 'run 10', 'run 9', true, 'a'])).toEqual([
      2,
      'a',
      'b',
      'run 9',
      'run 10',
      true
    ]);
  });

  it('is stable', () => {
    const same = rows(50, number => ({ params: { x: number % 2 } }));
    const ids = sorted(same, of => of.params['x'], true).map(of => of.number);
    expect(ids.slice(0, 3)).toEqual([49, 47, 45]);
    expect(ids.slice(-3)).toEqual([6, 4, 2]);
  });

  it('has three states', () => {
    const up = nextSort(null, 'a');
    expect(up).toEqual({ column: 'a', descending: false });
    expect(nextSort(up, 'a')).toEqual({ column: 'a', descending: true });
    expect(nextSort(nextSort(up, 'a'), 'a')).toBeNull();
    expect(nextSort(up, 'b')).toEqual({ column: 'b', descending: false });
  });
});

describe('the model', () => {
  const all = { condition: null, valueOf: null, descending: false, isGrouped: false };
  const ids = (model: RunTableModel): string[] => model.rows.map(({ id }) => id);
  const view = (of: number[], more = 0): RunTableView => ({
    params: [],
    metrics: [],
    rows: of.map(number => row(number)),
    more
  });
  let now = 0;
  let model: RunTableModel;
  beforeEach(() => {
    now = 0;
    model = new RunTableModel(() => now);
    model.replace(view([3, 2, 1]));
  });

  it('changes rows in place', () => {
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(2, { status: 'Failed' })],
      removed: [],
      order: null,
      more: 0
    });
    expect(ids(model)).toEqual(['run-3', 'run-2', 'run-1']);
    expect(model.rows[1]!.status).toBe('Failed');
  });

  it('puts new rows first, or where the order says', () => {
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(5), row(4)],
      removed: [],
      order: null,
      more: 0
    });
    expect(ids(model)).toEqual(['run-5', 'run-4', 'run-3', 'run-2', 'run-1']);
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(6)],
      removed: ['run-5'],
      order: ['run-1', 'run-6', 'run-4'],
      more: 0
    });
    expect(ids(model)).toEqual(['run-1', 'run-6', 'run-4', 'run-3', 'run-2']);
  });

  it('appends pages without doubles, and keeps them when a view comes that does not reach them', () => {
    model.append(view([1, 0], 7), 2);
    expect([ids(model), model.more]).toEqual([['run-3', 'run-2', 'run-1', 'run-0'], 7]);
    model.replace(view([4, 3], 9));
    expect([ids(model), model.more]).toEqual([['run-4', 'run-3', 'run-2', 'run-1', 'run-0'], 6]);
    model.replace(view([4]));
    expect([ids(model), model.more]).toEqual([['run-4'], 0]);
  });

  it('counts the runs that are not here as they come and go, and not those of further pages', () => {
    model.replace(view([3, 2], 3));
    model.append(view([1], 2), 2);
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(4)],
      removed: ['run-2'],
      order: null,
      more: 4
    });
    expect([ids(model), model.more]).toEqual([['run-4', 'run-3', 'run-1'], 3]);
    model.apply({ type: 'rows', token: '', rows: [], removed: [], order: null, more: 0 });
    expect(model.more).toBe(0);
  });

  it('counts the time of runs that go on, from when they were told of', () => {
    now = 1_000;
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(2, { status: 'Running', elapsed: 5 })],
      removed: [],
      order: null,
      more: 0
    });
    now = 4_000;
    const live = model.byId.get('run-2')!;
    expect([
      model.hasLive,
      model.elapsed(live, true),
      model.elapsed(live, false),
      model.elapsed(model.rows[0]!, true)
    ]).toEqual([true, 8, 5, 12]);
    model.apply({ type: 'rows', token: '', rows: [], removed: ['run-2'], order: null, more: 0 });
    expect(model.hasLive).toBe(false);
  });

  it('groups by experiment in the order of the rows', () => {
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(2, { experiment: 'other' })],
      removed: [],
      order: null,
      more: 0
    });
    const items = model.shown({ ...all, isGrouped: true });
    expect(items.map(item => (item.row ? item.key : [item.group, item.count]))).toEqual([
      ['digits', 2],
      'run-3',
      'run-1',
      ['other', 1],
      'run-2'
    ]);
  });

  it('filters and sorts', () => {
    const items = model.shown({ ...all, condition: of => of.number > 1, valueOf: of => of.number });
    expect(items.map(({ key }) => key)).toEqual(['run-2', 'run-3']);
  });

  it('knows the columns of rows that come later', () => {
    model.apply({
      type: 'rows',
      token: '',
      rows: [row(9, { params: { lr: 1 }, metrics: { acc: 1 } })],
      removed: [],
      order: null,
      more: 0
    });
    const columns = columnsOf(model, plainly, () => '');
    expect(columns.map(({ key }) => key)).toEqual([
      'pick',
      'name',
      'experiment',
      'status',
      'started',
      'elapsed',
      'params.lr',
      'metrics.acc',
      'tags'
    ]);
    expect(
      columns.filter(column => isShownAtFirst(column, model)).map(({ key }) => key)
    ).not.toContain('experiment');
  });
});

describe('the best value', () => {
  const of = (metric: string, values: JsonScalar[]): number | null =>
    bestIn(
      values.map((value, at) => row(at, { metrics: { [metric]: value } })),
      `metrics.${metric}`
    );
  it('follows the name of the metric', () => {
    expect(of('val_loss', [3, 1, 'NaN', '-Infinity'])).toBe(1);
    expect(of('accuracy', [0.3, 0.9, null])).toBe(0.9);
    expect(of('neg_root_mse', [-3, -1])).toBe(-1);
  });
  it('is not claimed where the name does not tell or all are equal', () => {
    expect([
      of('seconds', [3, 1]),
      of('accuracy', [1, 1]),
      of('accuracy', [1]),
      of('accuracy', [])
    ]).toEqual([null, null, null, null]);
    expect(
      bestIn([row(1, { params: { loss: 1 } }), row(2, { params: { loss: 2 } })], 'params.loss')
    ).toBeNull();
  });
  it('is marked among compared rows as Python does', () => {
    const { view } = compareSnapshot('ws', [
      row(1, { metrics: { loss: 2, acc: 0.5, s: 1 } }),
      row(2, { metrics: { loss: 1, acc: 0.5 } })
    ]);
    expect(view.metrics).toEqual([
      {
        name: 'loss',
        values: [2, 1],
        differs: true,
        direction: 'lower',
        low: [1],
        high: [0],
        best: [1]
      },
      {
        name: 'acc',
        values: [0.5, 0.5],
        differs: false,
        direction: 'higher',
        low: [],
        high: [],
        best: []
      },
      { name: 's', values: [1, null], differs: true, direction: null, low: [], high: [], best: [] }
    ]);
  });
});

describe('CSV', () => {
  it('keeps numbers whole, quotes by RFC 4180 and begins with a byte order mark', () => {
    const text = csvOf([
      row(1, {
        name: 'a "b", c\nd',
        params: { lr: 0.1 + 0.2 },
        metrics: { x: -1e-7, y: 'NaN', z: '-9007199254740993' },
        tags: { t: null }
      })
    ]);
    expect(text).toBe(
      '\ufeffid,number,name,experiment,status,started,seconds,params.lr,metrics.x,metrics.y,metrics.z,tags.t\r\n' +
        'run-1,1,"a ""b"", c\nd",digits,Completed,2024-05-01T10:00:00Z,12,0.30000000000000004,-1e-7,NaN,-9007199254740993,\r\n'
    );
  });

  it.each(['=1+1', '+1+1', '-cmd', '@SUM(A1)', '\tx', '\rx'])('disarms the formula %j', name => {
    const line = csvOf([row(1, { name })]).split('\r\n')[1]!;
    expect(line).toContain(`'${name}`);
    expect(csvOf([row(1, { params: { [name]: 1 } })])).not.toMatch(/,[=@\t]/);
  });

  it('has the columns of all rows', () => {
    const lines = csvOf([row(1, { params: { a: 1 } }), row(2, { params: { b: -0 } })]).split(
      '\r\n'
    );
    expect(lines.map(line => line.split(',').slice(7))).toEqual([
      ['params.a', 'params.b'],
      ['1', ''],
      ['', '-0'],
      []
    ]);
  });
});

describe('a sparkline', () => {
  it('spans its height and leaves gaps', () => {
    expect(sparkPath([0, 1])).toBe('M1.0 14.0L55.0 2.0');
    expect(sparkPath([0, NaN, 1])).toBe('M1.0 14.0M55.0 2.0');
    expect(sparkPath([5, 5])).toBe('M1.0 8.0L55.0 8.0');
    expect(sparkPath([-1.7e308, 1.7e308])).toBe('M1.0 14.0L55.0 2.0');
    expect(sparkPath([])).toBe('');
  });
});

describe('words', () => {
  const all = [
    row(1, { name: 'good', params: { lr: 0.1, opt: 'adam' } }),
    row(2, { name: 'bad', params: { lr: 0.5 } }),
    row(1, { name: 'failed', experiment: 'other', status: 'Failed', tags: { who: 'me' } }),
    row(2, { name: 'odd (50%)', experiment: 'other' })
  ];
  const names = (text: string): string[] =>
    all.filter(wordsIn(text) ?? (() => true)).map(({ name }) => name);

  it('are looked for in name, number, experiment, status, tags and parameters', () => {
    expect(names('')).toHaveLength(4);
    expect(names('  GOOD ')).toEqual(['good']);
    expect(names('adam completed')).toEqual(['good']);
    expect(names('who me')).toEqual(['failed']);
    expect(names('other #2')).toEqual(['odd (50%)']);
    expect(names('lr 0.5')).toEqual(['bad']);
    expect(names('nothing like this')).toEqual([]);
  });

  it('are told from filters by a sign, a group, or a word of the language', () => {
    expect(
      ['status', 'my run', 'and', '(x)', 'is it', 'type of run', 'name it'].map(isFilter)
    ).toEqual(Array(7).fill(false));
    const filters = [
      'a=b',
      'metrics.acc',
      'not params.x',
      'properties.p',
      'reason is null',
      'not (name like %x)',
      '( tag.y',
      'type not in (a)',
      'status in (a)'
    ];
    expect(filters.filter(text => !isFilter(text))).toEqual([]);
  });
});
