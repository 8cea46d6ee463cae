// Where the parts of a graph are: nodes, their ports, and the curves between them. Lengths are pixels at scale 1.
import type { GraphEdge, GraphNode, Layout, Places, Point, PortEnd } from './contract';

export const WIDTH = 196;
export const HEIGHT = 50;
/** Between two nodes side by side, and between two that follow each other. */
export const [BESIDE, BELOW] = [24, 46];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The box around all nodes; an empty one where there is none. */
export function boxOf(places: Places): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of places.values()) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + WIDTH);
    bottom = Math.max(bottom, y + HEIGHT);
  }
  return left > right ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom };
}

/** How far from the left side of a node a port is. */
export function portX(ports: readonly { name: string }[], port: string | null): number {
  const at = ports.findIndex(({ name }) => name === port);
  return at < 0 ? WIDTH / 2 : (WIDTH * (at + 1)) / (ports.length + 1);
}

/** Where an edge begins or ends; null where its node is not there. */
export function endOf(
  nodes: ReadonlyMap<string, GraphNode>,
  places: Places,
  { node: id, port }: PortEnd,
  isOutput: boolean
): Point | null {
  const [node, place] = [nodes.get(id), places.get(id)];
  if (!node || !place) {
    return null;
  }
  const ports = isOutput ? node.outputs : node.inputs;
  return { x: place.x + portX(ports, port), y: place.y + (isOutput ? HEIGHT : 0) };
}

/** The room that the head of an arrow takes above its end. */
const HEAD = 7;

export interface Drawn {
  /** The curve, and the head at its end, as the data of a path. */
  readonly curve: string;
  readonly head: string;
}

/** How an edge is drawn; null where one of its nodes is not there. */
export function drawnEdge(
  nodes: ReadonlyMap<string, GraphNode>,
  { places, bends }: Layout,
  { from, to }: GraphEdge,
  index: number
): Drawn | null {
  const [start, end] = [endOf(nodes, places, from, true), endOf(nodes, places, to, false)];
  if (!start || !end) {
    return null;
  }
  return { curve: curveOf([start, ...(bends[index] ?? []), end]), head: headOf(end) };
}

export function headOf({ x, y }: Point): string {
  return `M${round(x)} ${round(y - 1)}l-4 ${-HEAD}h8z`;
}

/** A curve through points, which leaves and reaches each of them from above. */
export function curveOf(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const last = rest.length - 1;
  let { x, y } = first;
  let path = `M${round(x)} ${round(y)}`;
  rest.forEach((point, at) => {
    const bottom = at === last ? point.y - HEAD : point.y;
    // One that leads up swings out at both ends.
    const bend = Math.max((bottom - y) / 2, Math.min(60, Math.abs(bottom - y) / 2), 12);
    path += `C${round(x)} ${round(y + bend)} ${round(point.x)} ${round(bottom - bend)} ${round(point.x)} ${round(bottom)}`;
    ({ x, y } = { x: point.x, y: bottom });
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
