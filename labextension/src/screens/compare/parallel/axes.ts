// Where axes and lines of parallel coordinates stand in their picture.
import type { Field } from '../field';
import { numberAt, shareOf } from '../field';

export const enum Pixels {
  TOP = 26,
  TALL = 240,
  SIDE = 60,
  GAP = 110,
  /** Beside an axis, where a pointer takes it. */
  REACH = 16
}

/** Axes that are there at first, the objective among them. */
const AT_FIRST = 8;
/** Texts of which there are more cannot be read beside an axis. */
const MOST_WORDS = 24;

/** The parameters that vary, then the objective; where no parameter does, the metrics that do. */
export function firstAxes(fields: readonly Field[], objective: string | null): string[] {
  const varying = fields.filter(
    ({ low, high, words, numbers }) =>
      low < high && !(words && words.length > MOST_WORDS && words.length > numbers.length / 2)
  );
  const params = varying.filter(({ key }) => key.startsWith('params.'));
  const metrics = varying.filter(({ key }) => key.startsWith('metrics.'));
  const last = fields.find(({ key }) => key === `metrics.${objective}`);
  const before = params.length > 0 ? params : metrics.filter(field => field !== last);
  return [...before.slice(0, AT_FIRST - 1), ...(last ? [last] : [])].map(({ key }) => key);
}

export function widthOf(room: number, axes: number): number {
  return Math.max(room, (axes - 1) * Pixels.GAP + 2 * Pixels.SIDE);
}

/** Where on the page an axis is. */
export function acrossOf(at: number, axes: number, width: number): number {
  return Pixels.SIDE + (at * (width - 2 * Pixels.SIDE)) / Math.max(axes - 1, 1);
}

/** Where on the page a number of an axis is; what is missing stands below. */
export function heightOf(field: Field, number: number): number {
  const share = shareOf(field, number);
  return isFinite(share) ? Pixels.TOP + Pixels.TALL * (1 - share) : Pixels.TOP + Pixels.TALL + 22;
}

/** The number at a height; at the ends of an axis exactly that of the end. */
export function placeAt(field: Field, y: number): number {
  const share = 1 - (y - Pixels.TOP) / Pixels.TALL;
  if (field.words) {
    return (field.words.length - 1) * share;
  }
  return share <= 0 ? field.low : share >= 1 ? field.high : numberAt(field, share);
}

/** The line of each run. */
export function pathsOf(shown: readonly Field[], runs: number, width: number): string[] {
  return Array.from({ length: runs }, (_, place) =>
    shown
      .map(
        (field, at) =>
          `${at ? 'L' : 'M'}${acrossOf(at, shown.length, width).toFixed(1)} ${heightOf(field, field.numbers[place]!).toFixed(1)}`
      )
      .join('')
  );
}
