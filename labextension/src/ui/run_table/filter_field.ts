// What a filter may ask of a row.
import type { JsonScalar, RunRowView } from '../view';

export interface Field {
  /** Whether every value of it is text: then 5 means '5'. */
  isText: boolean;
  of(row: RunRowView): JsonScalar | undefined;
}

const COLUMNS: Record<string, Field['of']> = {
  status: row => row.status,
  name: row => row.name,
  experiment: row => row.experiment,
  id: row => row.id,
  reason: row => row.reason,
  number: row => row.number,
  started: row => row.started && Date.parse(row.started) / 1_000,
  duration: row => row.elapsed
};
const NUMBERS = new Set(['number', 'started', 'duration']);

/** The value of a name, which may be one that every object has: `constructor`. */
export function own<V>(values: Record<string, V>, name: string): V | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The field that a word names; null where there is none. */
export function fieldOf(word: string): Field | null {
  const [, group, rest] = /^(metric|param|tag)s?\.(.+)$/s.exec(word) ?? [];
  if (group !== undefined && rest !== undefined) {
    const name = rest.replace(/^`+|`+$/g, '');
    const key = `${group}s` as 'metrics' | 'params' | 'tags';
    return { isText: group === 'tag', of: row => own<JsonScalar>(row[key], name) };
  }
  const of = own(COLUMNS, word);
  return of ? { isText: !NUMBERS.has(word), of } : null;
}
