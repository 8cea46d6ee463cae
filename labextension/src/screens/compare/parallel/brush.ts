// Ranges on axes, and which runs are within all of them.
import type { Field } from '../field';

export type Range = readonly [number, number];

/** A run without a value is not within a range of it. */
export function isWithin(
  fields: readonly Field[],
  ranges: ReadonlyMap<string, Range>,
  place: number
): boolean {
  return fields.every(({ key, numbers }) => {
    const range = ranges.get(key);
    return !range || (numbers[place]! >= range[0] && numbers[place]! <= range[1]);
  });
}

/** Keys with one of them moved by so many places. */
export function movedBy(keys: readonly string[], key: string, by: number): string[] {
  const at = keys.indexOf(key);
  const rest = keys.filter(one => one !== key);
  rest.splice(Math.max(0, Math.min(at + by, rest.length)), 0, key);
  return at < 0 ? [...keys] : rest;
}

/** A range of whole places where an axis holds words; two ends in any order. */
export function rangeOf({ words }: Field, one: number, other: number): Range {
  const [low, high] = one < other ? [one, other] : [other, one];
  return words ? [Math.ceil(low), Math.floor(high)] : [low, high];
}
