// What a chart knows without a page: its curves, the stretch that is shown, and which point is near.
import { oneLine } from '../../format';
import type { Band, Drawn, Range, Series } from '../contract';
import { ascending, firstAtLeast } from './order';
import { scaleFor, type Scale } from './scale';
import { smooth } from './smooth';

/** `y` is drawn, `raw` faintly behind it where `y` is smoothed; `half` is half the width of a bar. */
export interface Curve {
  series: Series;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  raw: ArrayLike<number> | null;
  band: Band | null;
  half: number;
}

export class Model {
  curves: Curve[] = [];
  hidden: ReadonlySet<string> = new Set();
  zoom: Range | null = null;
  x: Scale = scaleFor(false, 1);
  y: Scale = scaleFor(false, 1);
  /** All x in positions, with room at the ends. */
  whole: Range = [0, 1];
  /** Points that a logarithmic axis cannot show. */
  dropped = 0;
  isEmpty = true;
  hasWholeX = true;

  constructor(public options: Drawn) {
    const { x, y, curves, smoothing = 0 } = options;
    const [logX, logY] = [x.isLog ?? false, y?.isLog ?? false];
    this.curves = curves.map(one => curveOf(one, smoothing));
    let [left, right, large] = [Infinity, -Infinity, 0];
    for (const { x, y, half } of this.curves) {
      for (let place = 0; place < x.length; place += 1) {
        const [across, up] = [x[place]!, y[place]!];
        if (!isFinite(across) || !isFinite(up)) {
          continue;
        }
        if ((logX && across <= 0) || (logY && up <= 0)) {
          this.dropped += 1;
          continue;
        }
        left = Math.min(left, across - (logX ? 0 : half));
        right = Math.max(right, across + half);
        large = Math.max(large, Math.abs(up));
        this.hasWholeX &&= Number.isInteger(across);
      }
    }
    this.isEmpty = left > right;
    if (x.span && !this.isEmpty) {
      [left, right] = [Math.min(left, x.span[0]), Math.max(right, x.span[1])];
    }
    this.x = scaleFor(logX, Math.max(Math.abs(left), Math.abs(right)));
    this.y = scaleFor(logY, large);
    this.whole = this.isEmpty
      ? [0, 1]
      : widened(this.x.to(left), this.x.to(right), this.#roomAcross());
  }

  /** The names of title and axes, on one line each. */
  get words(): { title: string; x: string; y: string } {
    const { title, x, y } = this.options;
    return { title: oneLine(title), x: oneLine(x.label), y: oneLine(y?.label ?? '') };
  }

  get visible(): Curve[] {
    return this.curves.filter(curve => !this.hidden.has(curve.series.name));
  }

  /** The stretch of x that is shown, in positions. */
  across(): Range {
    if (this.zoom === null) {
      return this.whole;
    }
    const [low, high] = this.zoom.map(value => this.x.to(value)) as Range;
    // A zoom to what is 0 or less on a logarithmic axis starts where the axis does.
    const from = isFinite(low) ? low : this.whole[0];
    return high > from ? [from, high] : this.whole;
  }

  /** The values of what is shown, in positions. */
  upward(): Range {
    const [left, right] = this.across();
    let [low, high] = [Infinity, -Infinity];
    for (const { series, x, y, raw, band } of this.visible) {
      const drawn = [y, ...(raw ? [raw] : []), ...(band ? [band.low, band.high] : [])];
      if (series.style === 'bars' && !this.y.isLog) {
        [low, high] = [Math.min(low, 0), Math.max(high, 0)];
      }
      for (let place = 0; place < x.length; place += 1) {
        const at = this.x.to(x[place]!);
        if (at < left || at > right) {
          continue;
        }
        for (const values of drawn) {
          const up = this.y.to(values[place]!);
          if (isFinite(up)) {
            [low, high] = [Math.min(low, up), Math.max(high, up)];
          }
        }
      }
    }
    if (low > high) {
      return [0, 1];
    }
    const stands =
      low === 0 && high > 0 && this.visible.some(curve => curve.series.style === 'bars');
    const range = widened(low, high, 0.05);
    return stands ? [0, range[1]] : range;
  }

  /** Where in a curve the point nearest to `x` is; -1 where the curve does not reach it. */
  nearest({ x }: Curve, value: number): number {
    if (x.length === 0) {
      return -1;
    }
    const after = firstAtLeast(x, value);
    const place =
      after === x.length || (after > 0 && value - x[after - 1]! < x[after]! - value)
        ? after - 1
        : after;
    const [left, right] = this.across();
    const away = Math.abs(this.x.to(x[place]!) - this.x.to(value));
    const isInside = value >= x[0]! && value <= x[x.length - 1]!;
    return isInside || away <= (right - left) * 0.02 ? place : -1;
  }

  /** The x of the point nearest to `value`; null where there is none. */
  snap(value: number): number | null {
    let best: number | null = null;
    for (const curve of this.visible) {
      const at = curve.x[this.nearest(curve, value)];
      if (at !== undefined && (best === null || Math.abs(at - value) < Math.abs(best - value))) {
        best = at;
      }
    }
    return best;
  }

  /** The next x of any curve after or before one. */
  next(value: number, way: 1 | -1): number | null {
    let best: number | null = null;
    for (const { x } of this.visible) {
      let place = firstAtLeast(x, value);
      if (way === 1) {
        while (place < x.length && !(x[place]! > value)) {
          place += 1;
        }
      } else {
        place -= 1;
      }
      const at = x[place];
      if (at !== undefined && isFinite(this.x.to(at)) && (best === null || (at - best) * way < 0)) {
        best = at;
      }
    }
    return best;
  }

  #roomAcross(): number {
    return this.curves.some(curve => curve.series.style === 'points') ? 0.02 : 0;
  }
}

function curveOf(series: Series, smoothing: number): Curve {
  const { x, y } = ascending(series);
  const canSmooth =
    series.style === 'line' || series.style === 'dashed' || series.style === 'ghost';
  const isSmooth = smoothing > 0 && canSmooth;
  const smoothed = (values: ArrayLike<number>): ArrayLike<number> =>
    isSmooth ? smooth(values, Math.min(smoothing, 0.99)) : values;
  const { band } = series;
  return {
    series,
    x,
    y: smoothed(y),
    raw: isSmooth && !band && series.style !== 'ghost' ? y : null,
    band: band ? { low: smoothed(band.low), high: smoothed(band.high) } : null,
    half: series.style === 'bars' ? halfGap(x) : 0
  };
}

function halfGap(x: ArrayLike<number>): number {
  let gap = Infinity;
  for (let place = 1; place < x.length; place += 1) {
    const step = x[place]! - x[place - 1]!;
    gap = step > 0 && step < gap ? step : gap;
  }
  return isFinite(gap) ? gap / 2 : 0.5;
}

function widened(low: number, high: number, room: number): Range {
  const span = high - low;
  const more = span > 0 ? span * room : Math.abs(low) * 0.1 || 0.5;
  return [low - more, high + more];
}
