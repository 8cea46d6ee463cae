// What a curve is drawn over: its steps, the time, or the epochs that another metric counts.
import { numberText, secondsText } from '../format';
import type { Curve } from './curve';

export type Axis = 'step' | 'time' | 'epoch';

/** `x` ascends; a `y` that is NaN is a gap. */
export interface Line {
  x: Float64Array;
  y: Float64Array;
}

export function xText(axis: Axis, x: number): string {
  return axis === 'time' ? secondsText(x) : numberText(x);
}

/** The line of a curve; without `epochs` nothing can be drawn over epochs. */
export function lineOf(curve: Curve, axis: Axis, epochs?: Curve): Line {
  if (axis === 'step') {
    return ascending(curve.steps, curve.values);
  }
  const { times } = curve;
  return ascending(axis === 'time' ? times : epochsAt(times, epochs), curve.values);
}

/** The times between which a curve lies in a stretch of epochs. */
export function timesWithin(curve: Curve, epochs: Curve | undefined, low: number, high: number): [number, number] {
  const { times } = curve;
  const within = epochsAt(times, epochs);
  const found = times.filter((_, place) => within[place]! >= low && within[place]! <= high);
  return [Math.min(...found), Math.max(...found)];
}

/** A line with more detail from `low` to `high`. */
export function spliced(line: Line, detail: Line, low: number, high: number): Line {
  const join = (column: keyof Line): Float64Array =>
    Float64Array.from([
      ...line[column].filter((_, place) => line.x[place]! < low),
      ...detail[column].filter((_, place) => detail.x[place]! >= low && detail.x[place]! <= high),
      ...line[column].filter((_, place) => line.x[place]! > high)
    ]);
  return { x: join('x'), y: join('y') };
}

function epochsAt(times: Float64Array, epochs: Curve | undefined): Float64Array {
  if (!epochs) {
    return times.map(() => NaN);
  }
  const marks = ascending(epochs.times, epochs.values, true);
  const last = marks.x.length - 1;
  return times.map(time => {
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (marks.x[middle]! <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const [before, after] = [marks.x[low]!, marks.x[Math.min(low + 1, last)]!];
    const share = after > before ? Math.min(1, Math.max(0, (time - before) / (after - before))) : 0;
    const [from, to] = [marks.y[low]!, marks.y[Math.min(low + 1, last)]!];
    return from + share * (to - from);
  });
}

/** The points in the order of `x`; those without an `x` are left out, and on request gaps too. */
function ascending(x: Float64Array, y: Float64Array, whole = false): Line {
  let isFine = true;
  for (let place = 0; place < x.length && isFine; place += 1) {
    isFine = Number.isFinite(x[place]!) && (place === 0 || x[place]! >= x[place - 1]!) && !(whole && Number.isNaN(y[place]!));
  }
  if (isFine) {
    return { x, y };
  }
  const order = [...x.keys()].filter(place => Number.isFinite(x[place]!) && !(whole && Number.isNaN(y[place]!)));
  order.sort((one, other) => x[one]! - x[other]! || one - other);
  return { x: Float64Array.from(order, place => x[place]!), y: Float64Array.from(order, place => y[place]!) };
}
