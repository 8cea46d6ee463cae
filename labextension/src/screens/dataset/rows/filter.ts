// Conditions of a filter that a click on a bar makes. The language is that of services/filter/grammar.py.
import type { ColumnView, JsonScalar } from '../../../contract.gen';
import type { Bars } from '../columns/histogram';
import { isNumeric } from '../words';

/** A condition that was clicked; a column has one at most. */
export interface Condition {
  readonly column: string;
  readonly text: string;
}

const WORDS = new Set(['and', 'or', 'not', 'is', 'null', 'like', 'in', 'true', 'false']);
/** A longer text was cut on its way here, and equals none. */
const LONGEST = 299;
/** Moments that ISO 8601 writes with four digits of the year. */
const [FIRST, LAST] = [-62_135_596_800, 253_402_300_799];

export function nameText(name: string): string {
  const isPlain = /^[A-Za-z_]\w*$/.test(name) && !WORDS.has(name.toLowerCase());
  return isPlain ? name : `\`${name.replace(/`/g, '``')}\``;
}

function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
}

/** What a bar, or some beside each other, hold; null where it cannot be said. */
export function rangeCondition(
  { name, type }: ColumnView,
  { edges, counts }: Bars,
  first: number,
  last: number
): Condition | null {
  const [low, high] = [edges[first]!, edges[last + 1]!];
  const isEnd = last === counts.length - 1;
  const of = nameText(name);
  const made = (text: string): Condition => ({ column: name, text });
  if (type === 'integer') {
    const [least, most] = [Math.ceil(low) + 0, isEnd ? Math.floor(high) : Math.ceil(high) - 1];
    if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most)) {
      return made(`${of} >= ${low} and ${of} ${isEnd ? '<=' : '<'} ${high}`);
    }
    return made(least === most ? `${of} = ${least}` : `${of} >= ${least} and ${of} <= ${most}`);
  }
  if (isNumeric(type)) {
    return made(`${of} >= ${low} and ${of} ${isEnd ? '<=' : '<'} ${high}`);
  }
  if ((type !== 'datetime' && type !== 'date') || low < FIRST || high > LAST) {
    return null;
  }
  // Milliseconds: the ends reach beyond them, so that they hold all values.
  const from = momentText(Math.floor(low * 1_000));
  const to = momentText(isEnd ? Math.ceil(high * 1_000) : Math.floor(high * 1_000));
  return made(`${of} >= ${from} and ${of} ${isEnd ? '<=' : '<'} ${to}`);
}

function momentText(milliseconds: number): string {
  return quoted(new Date(milliseconds).toISOString().replace(/\.000Z$/, 'Z'));
}

/** That a column has a value; null where it cannot be said. */
export function valueCondition({ name }: ColumnView, value: JsonScalar): Condition | null {
  if (value === null) {
    return emptyCondition(name);
  }
  if (typeof value === 'string' && (value.length > LONGEST || /[\0\ufffd]/.test(value))) {
    return null;
  }
  const text = typeof value === 'string' ? quoted(value) : String(value);
  return { column: name, text: `${nameText(name)} = ${text}` };
}

export function emptyCondition(column: string): Condition {
  return { column, text: `${nameText(column)} is null` };
}

/** With a condition more; one of the same column gives way, and the same one goes. */
export function toggled(all: readonly Condition[], one: Condition): readonly Condition[] {
  const others = all.filter(({ column }) => column !== one.column);
  return all.some(({ text }) => text === one.text) ? others : [...others, one];
}

/** The whole filter: what was typed, and what was clicked. */
export function filterOf(typed: string, conditions: readonly Condition[]): string {
  const own = typed.trim();
  if (conditions.length === 0) {
    return own;
  }
  const parts = conditions.map(({ text }) => text);
  // Alone it stays as it was typed, so that a message points into what the reader wrote.
  return [...(own ? [/\bor\b/i.test(own) ? `(${own})` : own] : []), ...parts].join(' and ');
}
