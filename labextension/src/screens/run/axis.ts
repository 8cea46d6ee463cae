// What a curve is drawn over: its steps, the time, or the epochs that another metric counts.
import { ascending, firstAtLeast, type Points } from '../../ui/chart/order';
import { numberText, secondsText } from '../../ui/format';
import type { Curve } from './curve';

/** `x` ascends; a `y` that is NaN is a gap. */
export type Line = Points<Float64Array | number[]>;

export type Axis = 'step' | 'time' | 'epoch';

export function xText(axis: Axis, x: number): string {
  return axis === 'time' ? secondsText(x) : numberText(x);
}

/** The line of a curve; without `epochs` nothing can be drawn over epochs. */
export function lineOf(curve: Curve, axis: Axis, epochs?: Curve): Line {
  if (axis === 'step') {
    return ascending({ x: curve.steps, y: curve.values });
  }
  const { times } = curve;
  return ascending({ x: axis === 'time' ? times : epochsAt(times, epochs), y: curve.values });
}

/** The times between which a curve lies in a stretch of epochs. */
export function timesWithin(
  curve: Curve,
  epochs: Curve | undefined,
  low: number,
  high: number
): [number, number] {
  const { times } = curve;
  const within = epochsAt(times, epochs);
  const found = times.filter((_, place) => within[place]! >= low && within[place]! <= high);
  return [Math.min(...found), Math.max(...found)];
}

/** A line with more detail from `low` to `high`. */
export function spliced(line: Line, detail: Line, low: number, high: number): Line {
  const join = (column: keyof Line): number[] => {
    const part = (from: Line, isIn: (x: number) => boolean): number[] =>
      Array.from(from[column]).filter((_, place) => isIn(from.x[place]!));
    return [
      ...part(line, x => x < low),
      ...part(detail, x => x >= low && x <= high),
      ...part(line, x => x > high)
    ];
  };
  return { x: join('x'), y: join('y') };
}

function epochsAt(times: Float64Array, epochs: Curve | undefined): Float64Array {
  if (!epochs) {
    return times.map(() => NaN);
  }
  const isMark = (_: number, place: number): boolean => !isNaN(epochs.values[place]!);
  const { x, y } = ascending({ x: epochs.times.filter(isMark), y: epochs.values.filter(isMark) });
  const last = x.length - 1;
  return times.map(time => {
    const next = Math.max(0, Math.min(firstAtLeast(x, time), last));
    const place = x[next]! > time ? Math.max(0, next - 1) : next;
    const [before, after] = [x[place]!, x[next]!];
    const share = after > before ? Math.min(1, Math.max(0, (time - before) / (after - before))) : 0;
    return y[place]! + share * (y[next]! - y[place]!);
  });
}
