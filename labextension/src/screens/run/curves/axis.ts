// What a curve is drawn over: its steps, the time, or another metric.
import { ascending, firstAtLeast, type Points } from '../../../ui/chart/points/order';
import { numberText, secondsText } from '../../../ui/format';
import type { Curve, CurveBook } from './curve';

/** `x` ascends; a `y` that is NaN is a gap. */
export type Line = Points<Float64Array | number[]>;

/** `step`, `time`, or the name of a metric behind `metric:`. */
export type Axis = string;

const METRIC = 'metric:';

export function metricAxis(name: string): Axis {
  return `${METRIC}${name}`;
}

/** The metric that an axis is; null where it is none. */
export function metricOf(axis: Axis): string | null {
  return axis.startsWith(METRIC) ? axis.slice(METRIC.length) : null;
}

/** The curve that an axis is of, among those of a run. */
export function otherOf(axis: Axis, book: Pick<CurveBook, 'get'>): Curve | undefined {
  const name = metricOf(axis);
  return name === null ? undefined : book.get(name);
}

export function xText(axis: Axis, x: number): string {
  return axis === 'time' ? secondsText(x) : numberText(x);
}

/** The line of a curve; over a metric that is not there nothing can be drawn. */
export function lineOf(curve: Curve, axis: Axis, other?: Curve): Line {
  return ascending({ x: placesOf(curve, axis, other), y: curve.values });
}

/** Whether the axis goes back and forth, so that a line over it would tell of an order that there is not. */
export function goesBack(curve: Curve, axis: Axis, other?: Curve): boolean {
  if (metricOf(axis) === null) {
    return false;
  }
  const x = placesOf(curve, axis, other);
  let last = -Infinity;
  for (const value of x) {
    if (value < last) {
      return true;
    }
    last = value >= last ? value : last;
  }
  return false;
}

/** The times between which a curve lies in a stretch of another metric. */
export function timesWithin(
  curve: Curve,
  other: Curve | undefined,
  low: number,
  high: number
): [number, number] {
  const { times } = curve;
  const within = valuesAt(curve, other);
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

function placesOf(curve: Curve, axis: Axis, other: Curve | undefined): Float64Array {
  return axis === 'step' ? curve.steps : axis === 'time' ? curve.times : valuesAt(curve, other);
}

/** What another metric was when each point was logged: steps are counted for each metric by itself. */
function valuesAt({ times }: Curve, other: Curve | undefined): Float64Array {
  return times.map(other ? interpolated(other) : () => NaN);
}

function interpolated({ times, values }: Curve): (time: number) => number {
  const isMark = (_: number, place: number): boolean => !isNaN(values[place]!);
  const { x, y } = ascending({ x: times.filter(isMark), y: values.filter(isMark) });
  const last = x.length - 1;
  return time => {
    const next = Math.max(0, Math.min(firstAtLeast(x, time), last));
    const place = x[next]! > time ? Math.max(0, next - 1) : next;
    const [before, after] = [x[place]!, x[next]!];
    const share = after > before ? Math.min(1, Math.max(0, (time - before) / (after - before))) : 0;
    return y[place]! + share * (y[next]! - y[place]!);
  };
}
