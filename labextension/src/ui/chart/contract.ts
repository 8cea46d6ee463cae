// What a chart draws: curves over one axis, or points, or bars.
import type { Translate } from '../host';

export type Style = 'line' | 'dashed' | 'points' | 'bars' | 'ghost';

/** `x` ascends for lines; a `y` that is NaN is a gap. `color` is a place in the palette. */
export interface Series {
  name: string;
  style: Style;
  color: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface ChartOptions {
  title: string;
  xLabel: string;
  yLabel?: string;
  series: Series[];
  /** Pixels; the width is that of the parent. */
  height: number;
  logX?: boolean;
  logY?: boolean;
  /** 0 leaves curves as they are; up to 0.99 for the weight of what came before (debiased EMA). */
  smoothing?: number;
  /** How an x is written: a step, a duration. */
  xText(x: number): string;
  /** Whether x is seconds: ticks then stand at whole minutes and hours. */
  isTime?: boolean;
  /** The user zoomed to a stretch of x, or back to all of it (null). */
  zoomed?(range: [number, number] | null): void;
  t: Translate;
}

export interface Chart {
  /** Draw with other options; those that are left out stay. The zoom stays too. */
  set(options: Partial<ChartOptions>): void;
  /** Zoom to a stretch of x, or show all. */
  zoom(range: [number, number] | null): void;
  dispose(): void;
}
