// Which columns there are, and in which order: what one looks for stands first.
import type { Translate } from '../../../ui/host';
import type { Sort } from '../../../ui/grid';
import { extentOf, oneLine, toNumber, valueText } from '../../../ui/format';
import type { JsonScalar, RunRowView } from '../../../contract.gen';
import { directionOf } from '../../run/direction';
import { columnOf, OTHERS, splitKey, type RunColumn } from './column';
import { own, type Goal, type TableState } from '../state';

/** Parameters, and metrics, that are there before the reader chooses. */
const AT_FIRST = 8;
/** Widths of columns at the side. */
const [STATUS, AGE] = [24, 50];

/** Keys of all columns in the order that they have before the reader moves any. */
export function allKeys(
  { params, metrics }: Pick<TableState, 'params' | 'metrics'>,
  rows: readonly RunRowView[],
  sort: Sort | null
): string[] {
  const [variedMetrics, sameMetrics] = parted(metrics, rows, row => row.metrics);
  const [variedParams, sameParams] = parted(params, rows, row => row.params);
  const keys = [
    ...variedMetrics.map(name => `metrics.${name}`),
    ...variedParams.map(name => `params.${name}`),
    ...OTHERS,
    ...sameMetrics.map(name => `metrics.${name}`),
    ...sameParams.map(name => `params.${name}`)
  ];
  const first =
    sort && keys.includes(sort.column) && sort.column.includes('.') ? [sort.column] : [];
  return [...new Set(['status', 'name', ...first, ...keys])];
}

/** Names whose values differ, and those that are the same in all rows; a single row differs from none. */
function parted(
  names: Iterable<string>,
  rows: readonly RunRowView[],
  of: (row: RunRowView) => Record<string, JsonScalar>
): [varied: string[], same: string[]] {
  const parts: [string[], string[]] = [[], []];
  for (const name of names) {
    const value = rows[0] && own(of(rows[0]), name);
    const isSame = rows.length > 1 && rows.every(row => own(of(row), name) === value);
    parts[isSame ? 1 : 0].push(name);
  }
  return parts;
}

/** Whether a column is there before the reader chooses. */
export function isShownAtFirst(
  key: string,
  keys: readonly string[],
  rows: readonly RunRowView[],
  sort: Sort | null
): boolean {
  const [group] = splitKey(key);
  if (group === 'params' || group === 'metrics') {
    const alike = keys.filter(one => splitKey(one)[0] === group);
    return alike.indexOf(key) < AT_FIRST || sort?.column === key;
  }
  return key !== 'experiment' || new Set(rows.map(row => row.experiment)).size > 1;
}

/** The keys in the order that the reader moved them into. */
export function movedKeys(keys: readonly string[], order: readonly string[]): string[] {
  const there = new Set(keys);
  const moved = order.filter(key => there.has(key));
  const known = new Set(moved);
  if (moved.length === 0) {
    return [...keys];
  }
  // What came since stands behind what it stands behind without the reader.
  const found = [...moved];
  keys.forEach((key, at) => {
    if (!known.has(key)) {
      const before = keys.slice(0, at).filter(one => found.includes(one));
      found.splice(found.indexOf(before.at(-1) ?? '') + 1, 0, key);
    }
  });
  return found;
}

/** A column moved to the place of another. */
export function reordered(keys: readonly string[], key: string, to: number): string[] {
  const others = keys.filter(one => one !== key);
  others.splice(Math.max(Math.min(to, others.length), 0), 0, key);
  return others;
}

/** The columns of a table as wide as a page, or of one at its side. */
export function columnsOf(
  keys: readonly string[],
  rows: readonly RunRowView[],
  widths: Record<string, number>,
  t: Translate
): RunColumn[] {
  return keys.map(key => {
    const column = columnOf(key, rows, t);
    return { ...column, width: own(widths, key) ?? column.width };
  });
}

/** The width that texts take at the side, where cells have less around them. */
function widthOfTexts(rows: readonly RunRowView[], { key }: RunColumn): number {
  const [, name] = splitKey(key);
  const texts = rows.map(row => oneLine(valueText(own(row.metrics, name))));
  return Math.round(Math.max(...texts.map(text => text.length), 0) * 7.2 + 10);
}

/** The columns of a table at the side: status, name, a metric, and the age. */
export function narrowColumns(
  metric: string | null,
  rows: readonly RunRowView[],
  room: number,
  t: Translate
): RunColumn[] {
  const keys = ['status', 'name', ...(metric === null ? [] : [`metrics.${metric}`]), 'started'];
  const [status, name, ...rest] = keys.map(key => columnOf(key, rows, t));
  const small = rest.map(column =>
    column.key === 'started'
      ? { ...column, title: t('Age'), hint: t('Started'), width: AGE, isNumeric: true }
      : { ...column, width: Math.min(Math.max(widthOfTexts(rows, column), 52), 80) }
  );
  const left = room - STATUS - small.reduce((sum, { width }) => sum + width, 0);
  return [
    { ...status!, width: STATUS, title: '', hint: t('Status') },
    { ...name!, width: Math.max(left, 70) },
    ...small
  ];
}

/** The metric of a narrow table: the chosen one, that which is sorted by, else one that is known to be good or bad. */
export function metricOf(
  { metrics, choice }: Pick<TableState, 'metrics' | 'choice'>,
  sort: Sort | null
): string | null {
  const [group, name] = splitKey(sort?.column ?? '');
  const wished = [choice.metric, group === 'metrics' ? name : null];
  const names = [...metrics];
  return (
    wished.find(one => one !== null && metrics.has(one)) ??
    names.find(one => goalOf(one, choice.goals) !== null) ??
    names[0] ??
    null
  );
}

/** Which value of a metric is the best: as the reader says, else as its name tells. */
export function goalOf(metric: string, goals: Record<string, Goal>): Goal {
  const told = own(goals, metric);
  if (told !== undefined) {
    return told;
  }
  const direction = directionOf(metric);
  return direction === 'lower' ? 'min' : direction === 'higher' ? 'max' : null;
}

/** The best values of metrics among all runs that are found. */
export function bestOf(
  names: readonly string[],
  { summary, choice }: Pick<TableState, 'summary' | 'choice'>,
  rows: readonly RunRowView[]
): Map<string, number> {
  const best = new Map<string, number>();
  for (const name of names) {
    const goal = goalOf(name, choice.goals);
    const known = summary && own(summary.metrics, name);
    const values = goal === null ? [] : rows.map(row => toNumber(own(row.metrics, name)));
    const [low, high] = extentOf(
      known ? [...values, toNumber(known.low), toNumber(known.high)] : values
    );
    // Of values that are all equal none is best.
    if (goal !== null && low < high) {
      best.set(name, goal === 'min' ? low : high);
    }
  }
  return best;
}
