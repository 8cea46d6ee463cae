// When a run is likely to end: where a parameter tells how far it goes, and a curve how far it is.
import { toNumber } from '../../../ui/format';
import type { RunView } from '../../../contract.gen';
import { lineOf } from './axis';
import type { Curve, CurveBook } from './curve';

const TOTALS: [RegExp, 'epoch' | 'step'][] = [
  [/^(?:epochs|n_epochs|num_epochs)$/i, 'epoch'],
  [/^(?:max_steps|total_steps)$/i, 'step']
];

/** Seconds that are left, or null where nothing tells. */
export function secondsLeft(view: RunView, book: CurveBook, elapsed: number): number | null {
  for (const [name, value] of Object.entries(view.params)) {
    const kind = TOTALS.find(([pattern]) => pattern.test(name))?.[1];
    const total = toNumber(value);
    const progress = kind && total > 0 ? progressOf(book, kind) : null;
    // Steps beyond the total count something else, such as batches.
    if (progress && progress.done > 0 && progress.done <= total) {
      const left =
        (progress.time * (total - progress.done)) / progress.done - (elapsed - progress.time);
      return left > 0 ? left : null;
    }
  }
  return null;
}

/** What is done, counted from one, and when it was. */
interface Progress {
  done: number;
  time: number;
}

function progressOf(book: CurveBook, kind: 'epoch' | 'step'): Progress | null {
  if (kind === 'epoch' && book.epochs) {
    return lastOf(book.epochs.values, book.epochs);
  }
  const all = [...book.values()].map(curve => lastOf(lineOf(curve, 'step').x, curve));
  return all.reduce(
    (furthest, last) => (last && last.done > (furthest?.done ?? 0) ? last : furthest),
    null
  );
}

function lastOf(counts: ArrayLike<number>, { times }: Curve): Progress | null {
  const last = counts[counts.length - 1];
  return last === undefined
    ? null
    : { done: last + (counts[0] === 0 ? 1 : 0), time: times.at(-1)! };
}
