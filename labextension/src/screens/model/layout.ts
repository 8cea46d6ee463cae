// Where the parts of a lineage stand: what the run had, the run, the model and what uses it, from left to right.
import type { LineageNodeView, LineageView, NodeKind } from '../../contract.gen';

export const WIDTH = 156;
export const HEIGHT = 42;
const [ACROSS, DOWN, BELOW] = [52, 14, 10];

export interface PlacedNode {
  node: LineageNodeView;
  x: number;
  y: number;
}

export interface Drawing {
  width: number;
  height: number;
  nodes: PlacedNode[];
  /** Paths of curves from the right side of a node to the left side of another. */
  paths: string[];
}

const STAGES: Record<NodeKind, number> = {
  ...{ dataset: 0, code: 0, environment: 0 },
  ...{ run: 1, model: 2, service: 3, image: 3 }
};

/** Columns without nodes take no room; each column stands in the middle. */
export function laidOut({ nodes, edges }: LineageView): Drawing {
  const used = [0, 1, 2, 3].filter(stage => nodes.some(({ kind }) => STAGES[kind] === stage));
  const counts = used.map(stage => nodes.filter(({ kind }) => STAGES[kind] === stage).length);
  const height = Math.max(0, ...counts) * (HEIGHT + DOWN) - DOWN;
  const filled = used.map(() => 0);
  const placed = nodes.map(node => {
    const column = used.indexOf(STAGES[node.kind]);
    const top = (height - (counts[column]! * (HEIGHT + DOWN) - DOWN)) / 2;
    const y = top + filled[column]! * (HEIGHT + DOWN);
    filled[column]! += 1;
    return { node, x: column * (WIDTH + ACROSS), y };
  });
  let lowest = height;
  const paths = edges.flatMap(([from, to]) => {
    const [start, end] = [placed[from], placed[to]];
    if (!start || !end) {
      return [];
    }
    const passed = placed.filter(({ x }) => x > start.x && x < end.x);
    if (passed.length === 0) {
      return [curve(start, end)];
    }
    const below = Math.max(...passed.map(({ y }) => y)) + HEIGHT + BELOW;
    lowest = Math.max(lowest, below + 1);
    return [curve(start, end, below)];
  });
  return {
    width: Math.max(0, used.length * (WIDTH + ACROSS) - ACROSS),
    ...{ height: Math.max(0, lowest), nodes: placed, paths }
  };
}

/** A curve from the right side of a node to the left side of another; one that passes others swings `below` them. */
function curve(start: PlacedNode, end: PlacedNode, below?: number): string {
  const [x1, y1] = [start.x + WIDTH, start.y + HEIGHT / 2];
  const [x2, y2] = [end.x, end.y + HEIGHT / 2];
  if (below !== undefined) {
    const deep = (below - (y1 + y2) / 8) / 0.75; // the middle of the curve is at `below`
    return `M${x1} ${y1}C${x1 + ACROSS} ${deep} ${x2 - ACROSS} ${deep} ${x2 - 4} ${y2}`;
  }
  const bend = Math.max(ACROSS / 2, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 4} ${y2}`;
}
