// What a chart draws: curves over one axis, or points, or bars.
import type { ComponentChildren } from 'preact';
import type { Translate } from '../host';
import type { MenuGroups } from '../popup/menu';

export type Style = 'line' | 'dashed' | 'points' | 'bars' | 'ghost';

/** A stretch of x. */
export type Range = [low: number, high: number];

/** `x` ascends for lines; a `y` that is NaN is a gap. `color` is a place in the palette. */
export interface Series {
  name: string;
  style: Style;
  color: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** What lies around a line whose `x` ascends: a bound below and one above at each `x`. */
  band?: Band;
}

export interface Band {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

export interface XAxis {
  label: string;
  /** How an x is written: a step, a duration. */
  text(x: number): string;
  isLog?: boolean;
  /** Whether x is seconds: ticks then stand at whole minutes and hours. */
  isTime?: boolean;
  /** Whether its label stands below it. */
  isNamed?: boolean;
  /** A stretch that is shown whole, also where no point is. */
  span?: Range;
}

export interface YAxis {
  label?: string;
  isLog?: boolean;
}

/** What is drawn, without the place that it is drawn in. */
export interface Drawn {
  t: Translate;
  title: string;
  /** Another array is drawn anew; the same one is not looked into. */
  curves: readonly Series[];
  x: XAxis;
  y?: YAxis;
  /** 0 leaves curves as they are; up to 0.99 for the weight of what came before (debiased EMA). */
  smoothing?: number;
}

/**
 * A chart, as wide as its parent. Zoom and cursor are the chart's own where they are not given; where they
 * are, charts that are given the same ones move in step.
 */
export interface ChartProps extends Drawn {
  /** Pixels of the plot. */
  height: number;
  /** Stands beside the title: the last value. */
  value?: string;
  /** The stretch of x that is shown; null is all. */
  zoom?: Range | null;
  onZoom?(range: Range | null): void;
  /** The x at which values are read out. */
  cursor?: number | null;
  onCursor?(x: number | null): void;
  /** What the menu of the chart offers before the downloads. */
  menu?: () => MenuGroups;
  /** Stands in the head, before the buttons. */
  children?: ComponentChildren;
}
