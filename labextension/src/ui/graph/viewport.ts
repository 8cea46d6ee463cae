// What part of a graph is seen: where its origin is in the box that shows it, and how large it is drawn.
import type { Point } from './contract';
import { HEIGHT, WIDTH, type Box } from './geometry';

export interface View extends Point {
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A graph that is shown whole may be smaller than the least that a reader makes it. */
const [LEAST, MOST] = [0.05, 2];
/** Pixels that stay free around a graph that is shown whole. */
const MARGIN = 16;

/** The view that shows all of a box, in the middle and never larger than it is. */
export function fitted(box: Box, { width, height }: Size): View {
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.min(
    1,
    Math.max(1, width - 2 * MARGIN) / (wide || 1),
    Math.max(1, height - 2 * MARGIN) / (high || 1)
  );
  return {
    scale,
    x: (width - wide * scale) / 2 - box.left * scale,
    y: (height - high * scale) / 2 - box.top * scale
  };
}

/** Larger or smaller by a factor; the point `at` of the box stays where it is. */
export function zoomed(view: View, factor: number, at: Point): View {
  const scale = Math.min(MOST, Math.max(Math.min(LEAST, view.scale), view.scale * factor));
  const real = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real };
}

/** Moved by the least that brings a node into sight. */
export function revealed(view: View, node: Point, size: Size): View {
  const [left, top] = [view.x + node.x * view.scale, view.y + node.y * view.scale];
  const move = (low: number, high: number, room: number): number =>
    low < MARGIN ? MARGIN - low : high > room - MARGIN ? room - MARGIN - high : 0;
  return {
    scale: view.scale,
    x: view.x + move(left, left + WIDTH * view.scale, size.width),
    y: view.y + move(top, top + HEIGHT * view.scale, size.height)
  };
}

/** The point of the graph at a point of the box. */
export function pointIn(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}

/** How far a view may move until other nodes are drawn, in parts of what is seen. */
const AROUND = 0.5;

/**
 * The part of the graph whose nodes are drawn: what is seen and half as much around it. It stays the same while the
 * view moves a little, so that nothing is drawn anew.
 */
export function drawnPart(view: View, { width, height }: Size): Box {
  const [wide, high] = [(width / view.scale) * AROUND, (height / view.scale) * AROUND];
  const [left, top] = [-view.x / view.scale, -view.y / view.scale];
  const column = Math.floor(left / wide) * wide;
  const row = Math.floor(top / high) * high;
  return {
    left: column - wide - WIDTH,
    top: row - high - HEIGHT,
    right: column + wide / AROUND + 2 * wide,
    bottom: row + high / AROUND + 2 * high
  };
}
