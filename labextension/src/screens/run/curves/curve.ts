// The points of curves as they come in: columns that grow, and thin out where they are many.
import { toNumber } from '../../../ui/format';
import type { MetricChange } from '../../../contract.gen';
import type { MetricView, PointsView } from '../../../contract.gen';

const MOST = 4_000;
const KEPT = 2_000;
let stamps = 0;

export class Curve {
  length = 0;
  /** Values that are infinite, of all that came. */
  infinite = 0;
  /** Another number after each change. */
  stamp = 0;
  #columns: Float64Array[] = [];

  constructor(points: PointsView) {
    this.replace(points);
  }

  get steps(): Float64Array {
    return this.#columns[0]!.subarray(0, this.length);
  }

  /** Seconds since the run started. */
  get times(): Float64Array {
    return this.#columns[1]!.subarray(0, this.length);
  }

  /** NaN where there is a gap. */
  get values(): Float64Array {
    return this.#columns[2]!.subarray(0, this.length);
  }

  replace(points: PointsView): void {
    this.#columns = [0, 1, 2].map(() => new Float64Array(Math.max(64, points.values.length)));
    this.length = 0;
    this.infinite = 0;
    this.append(points);
  }

  append({ steps, times, values }: PointsView): void {
    this.#reserve(this.length + values.length);
    const [x, seconds, y] = this.#columns as [Float64Array, Float64Array, Float64Array];
    for (let place = 0; place < values.length; place += 1) {
      const value = toNumber(values[place]);
      const isInfinite = Math.abs(value) === Infinity;
      this.infinite += Number(isInfinite);
      x[this.length] = toNumber(steps[place]);
      seconds[this.length] = times[place] ?? NaN;
      y[this.length] = isInfinite ? NaN : value;
      this.length += 1;
    }
    if (this.length > MOST) {
      const kept = keepExtremes(this.values, KEPT);
      this.length = kept.length;
      // Other arrays, for a chart may still draw from these.
      this.#columns = this.#columns.map(column => {
        const thin = new Float64Array(MOST);
        kept.forEach((from, to) => (thin[to] = column[from]!));
        return thin;
      });
    }
    this.stamp = stamps += 1;
  }

  #reserve(length: number): void {
    if (length > this.#columns[0]!.length) {
      this.#columns = this.#columns.map(column => {
        const longer = new Float64Array(2 * length);
        longer.set(column);
        return longer;
      });
    }
  }
}

/** Places to keep so that at most `limit` are left and no peak is lost: both ends, and the lowest and highest of each stretch. */
export function keepExtremes(values: ArrayLike<number>, limit: number): number[] {
  const { length } = values;
  const stretches = (limit - 2) >> 1;
  const kept = new Set([0]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const start = Math.floor((stretch * length) / stretches);
    const stop = Math.floor(((stretch + 1) * length) / stretches);
    let low = start;
    let high = start;
    for (let place = start; place < stop; place += 1) {
      const value = values[place]!;
      // A NaN loses against each number, and stays where there is no number.
      low = value < values[low]! || values[low] !== values[low] ? place : low;
      high = value > values[high]! || values[high] !== values[high] ? place : high;
    }
    kept.add(Math.min(low, high)).add(Math.max(low, high));
  }
  return [...kept.add(length - 1)];
}

/** The curves of a run by the name of their metric. */
export class CurveBook extends Map<string, Curve> {
  /** Take over all curves of a run; metrics that are damaged have none. */
  load(metrics: MetricView[]): void {
    this.clear();
    for (const metric of Array.isArray(metrics) ? metrics : []) {
      try {
        this.#put(metric.name, metric.points);
      } catch {
        // What shows this metric says what is wrong with it.
      }
    }
  }

  change(changes: MetricChange[]): void {
    for (const { name, points, more } of changes) {
      const curve = this.get(name);
      if (points || !curve) {
        this.#put(name, points ?? more);
      } else if (more) {
        curve.append(more);
      }
    }
  }

  /** The curve that counts epochs, where one is logged. */
  get epochs(): Curve | undefined {
    return this.get('epoch') ?? this.get('Epoch');
  }

  #put(name: string, points: PointsView | null): void {
    if (points) {
      this.set(name, new Curve(points));
    }
  }
}
