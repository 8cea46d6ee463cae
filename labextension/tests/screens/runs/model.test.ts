import { describe, expect, it } from 'vitest';
import { plainly } from '../../../src/ui/host';
import { ageText, agoText } from '../../../src/ui/format';
import { changeOf } from '../../../src/screens/runs/above';
import { csvOf } from '../../../src/screens/runs/csv';
import { isFilter } from '../../../src/screens/runs/rows/find';
import {
  allKeys,
  bestOf,
  isShownAtFirst,
  metricOf,
  movedKeys,
  narrowColumns,
  reordered
} from '../../../src/screens/runs/columns/layout';
import { sparkPath } from '../../../src/ui/sparkline';
import { sortOf } from '../../../src/screens/runs/rows/start';
import { isSameQuestion, queryOf, UNCHOSEN } from '../../../src/screens/runs/state';
import type { JsonScalar } from '../../../src/contract.gen';
import { row, rows } from './sample';

describe('the columns', () => {
  const names = { params: new Set(['lr', 'seed']), metrics: new Set(['speed', 'acc']) };
  const values = (number: number): object => ({
    params: { lr: number, seed: 1 },
    metrics: { speed: 1, acc: number }
  });

  it('stand in the order of what one looks for', () => {
    expect(allKeys(names, rows(3, values), null)).toEqual([
      ...['status', 'name', 'metrics.acc', 'params.lr', 'started', 'elapsed', 'experiment', 'tags'],
      ...['metrics.speed', 'params.seed']
    ]);
    const sort = { column: 'params.seed', descending: true };
    expect(allKeys(names, rows(3, values), sort).slice(0, 4)).toEqual([
      'status',
      'name',
      'params.seed',
      'metrics.acc'
    ]);
    expect(allKeys(names, rows(1, values), null).slice(2, 6)).toEqual([
      'metrics.speed',
      'metrics.acc',
      'params.lr',
      'params.seed'
    ]);
  });

  it('are there at first where they tell something', () => {
    const many = Array.from({ length: 30 }, (_, at) => `params.p${at}`);
    const keys = ['status', 'name', ...many, 'experiment'];
    const shown = (key: string, sort: string | null, of = rows(2)): boolean =>
      isShownAtFirst(key, keys, of, sort === null ? null : { column: sort, descending: false });
    expect([shown('params.p7', null), shown('params.p8', null)]).toEqual([true, false]);
    expect(shown('params.p20', 'params.p20')).toBe(true);
    expect(shown('experiment', null)).toBe(false);
    expect(shown('experiment', null, [row(1), row(2, { experiment: 'other' })])).toBe(true);
  });

  it('stay where the reader moved them, and new ones come where they belong', () => {
    const moved = reordered(['a', 'b', 'c'], 'c', 0);
    expect(moved).toEqual(['c', 'a', 'b']);
    expect(movedKeys(['a', 'new', 'b', 'c'], moved)).toEqual(['c', 'a', 'new', 'b']);
    expect(movedKeys(['a', 'b'], [])).toEqual(['a', 'b']);
    expect(movedKeys(['a', 'b'], ['gone', 'b'])).toEqual(['a', 'b']);
  });

  it('of a table at the side fit into it', () => {
    const columns = narrowColumns('acc', rows(3, values), 250, plainly);
    expect(columns.map(({ key }) => key)).toEqual(['status', 'name', 'metrics.acc', 'started']);
    expect(columns.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(250);
    expect(columns[1]!.width).toBeGreaterThan(100);
    const choice = { ...UNCHOSEN };
    const metrics = new Set(['speed', 'acc']);
    expect(metricOf({ metrics, choice }, null)).toBe('acc');
    expect(metricOf({ metrics, choice: { ...choice, metric: 'speed' } }, null)).toBe('speed');
    expect(metricOf({ metrics, choice }, { column: 'metrics.speed', descending: true })).toBe(
      'speed'
    );
    expect(metricOf({ metrics: new Set(), choice }, null)).toBeNull();
  });
});

describe('the best value', () => {
  const of = (metric: string, values: JsonScalar[], goals = {}): number | undefined =>
    bestOf(
      [metric],
      { summary: null, choice: { ...UNCHOSEN, goals } },
      values.map((value, at) => row(at, { metrics: { [metric]: value } }))
    ).get(metric);

  it('follows the name of the metric, or what was told', () => {
    expect(of('val_loss', [3, 1, 'NaN', '-Infinity'])).toBe(1);
    expect(of('accuracy', [0.3, 0.9, null])).toBe(0.9);
    expect(of('neg_root_mse', [-3, -1])).toBe(-1);
    expect(of('seconds', [3, 1], { seconds: 'min' })).toBe(1);
    expect(of('loss', [3, 1], { loss: null })).toBeUndefined();
  });

  it('is not claimed where nothing tells or all are equal', () => {
    expect([of('seconds', [3, 1]), of('accuracy', [1, 1]), of('accuracy', [])]).toEqual([
      undefined,
      undefined,
      undefined
    ]);
  });

  it('is that of all runs, where not all are here', () => {
    const loss = { count: 900, mean: 1, low: 0.001, high: 9, deviation: 1 };
    const summary = { key: null, value: null, count: 900, statuses: {}, metrics: { loss } };
    const here = [row(1, { metrics: { loss: 0.5 } })];
    expect(bestOf(['loss'], { summary, choice: UNCHOSEN }, here).get('loss')).toBe(0.001);
  });
});

describe('the question', () => {
  it('is of words, or of a filter, with marks and an order', () => {
    const ask = (more: object): unknown => queryOf({ experiment: 'e' }, { ...UNCHOSEN, ...more });
    expect(ask({})).toEqual({ experiment: 'e' });
    expect(ask({ text: ' two words ' })).toEqual({ experiment: 'e', words: 'two words' });
    expect(ask({ text: 'params.lr > 1', isStarredOnly: true })).toEqual({
      experiment: 'e',
      find: '(params.lr > 1) and starred = true'
    });
    expect(ask({ sort: { column: 'elapsed', descending: true } })).toEqual({
      experiment: 'e',
      sort: 'duration desc'
    });
    expect(ask({ sort: { column: 'params.learning rate', descending: false } })).toEqual({
      experiment: 'e',
      sort: 'params.`learning rate` asc'
    });
  });

  it('stays the same while columns change', () => {
    expect(isSameQuestion(UNCHOSEN, { ...UNCHOSEN, order: ['a'], text: ' ' })).toBe(true);
    expect(isSameQuestion(UNCHOSEN, { ...UNCHOSEN, by: 'status' })).toBe(false);
  });

  it('reads the order of a query as a column', () => {
    expect(sortOf('metrics.acc desc')).toEqual({ column: 'metrics.acc', descending: true });
    expect(sortOf('metric.`val acc`')).toEqual({ column: 'metrics.val acc', descending: false });
    expect(sortOf('duration')).toEqual({ column: 'elapsed', descending: false });
    expect([sortOf(''), sortOf(undefined)]).toEqual([null, null]);
  });
});

it('tags are typed one a line, and those that are left out are removed', () => {
  expect(changeOf('tags', 'stage = final\n\n seed=1=2 \nflag', { old: '1', flag: null })).toEqual({
    tags: { stage: 'final', seed: '1=2', flag: '', old: null }
  });
  expect(changeOf('name', ' new ', {})).toEqual({ name: 'new' });
  expect(changeOf('notes', 'two\nlines', {})).toEqual({ description: 'two\nlines' });
});

it('ages of a narrow column take few letters', () => {
  const now = Date.parse('2024-05-10T12:00:00Z');
  const age = (iso: string | null): string => ageText(iso, now, plainly);
  expect(['2024-05-10T11:59:40Z', '2024-05-10T11:58:00Z', '2024-05-09T12:00:00Z'].map(age)).toEqual(
    ['now', '2 min', '24 h']
  );
  expect(['2024-05-01T12:00:00Z', '2014-05-01T12:00:00Z'].map(age)).toEqual(['9 d', '10 y']);
  expect([age(null), age('soon')]).toEqual(['', 'soon']);
});

it('ages are read at a glance', () => {
  const now = Date.parse('2024-05-10T12:00:00Z');
  const ago = (iso: string): string => agoText(iso, now, plainly);
  expect(ago('2024-05-10T11:59:40Z')).toBe('just now');
  expect(ago('2024-05-10T11:58:00Z')).toBe('2 min ago');
  expect(ago('2024-05-09T12:00:00Z')).toBe('24 h ago');
  expect(ago('2024-05-01T12:00:00Z')).toBe('9 d ago');
  expect(ago('2023-05-01T12:00:00Z')).toMatch(/2023/);
  expect([agoText(null, now, plainly), ago('no time')]).toEqual(['', 'no time']);
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

describe('what is typed', () => {
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
