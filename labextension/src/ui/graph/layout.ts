// Where the nodes of a graph stand: what follows another stands below it.
import { graphlib, layout } from '@dagrejs/dagre';
import type { GraphEdge, GraphNode, Layout, Places, Point } from './contract';
import { BELOW, BESIDE, boxOf, HEIGHT, WIDTH } from './geometry';
import { inLayers } from './layers';

/** Nodes up to which a graph is laid out by dagre, and up to which it takes its time for short edges. */
const [MOST, MOST_EXACT] = [250, 80];

/** Lay out nodes; those of `kept` stay where they are, and others stand below them. */
export function laidOut(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  kept?: Places
): Layout {
  const free = kept ? nodes.filter(({ id }) => !kept.has(id)) : nodes;
  if (kept && free.length === 0) {
    return { places: kept, bends: [] };
  }
  const ids = new Set(free.map(({ id }) => id));
  const inner = edges.map(({ from, to }) =>
    ids.has(from.node) && ids.has(to.node) && from.node !== to.node
      ? ([from.node, to.node] as const)
      : null
  );
  const found =
    free.length > MOST
      ? inLayers(
          [...ids],
          inner.filter(one => one !== null)
        )
      : byDagre([...ids], inner);
  return kept && kept.size > 0 ? beside(kept, found) : found;
}

function byDagre(
  ids: readonly string[],
  edges: readonly (readonly [string, string] | null)[]
): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({
    ...{ rankdir: 'TB', nodesep: BESIDE, edgesep: BESIDE / 2, ranksep: BELOW },
    ranker: ids.length > MOST_EXACT ? 'tight-tree' : 'network-simplex'
  });
  for (const id of ids) {
    graph.setNode(id, { width: WIDTH, height: HEIGHT });
  }
  edges.forEach((edge, index) => edge && graph.setEdge(edge[0], edge[1], {}, String(index)));
  layout(graph);
  const places = new Map(
    ids.map(id => {
      const { x, y } = graph.node(id) as Point;
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    })
  );
  const bends = edges.map((edge, index) => {
    const passed = edge && (graph.edge(edge[0], edge[1], String(index)) as { points: Point[] });
    return passed && passed.points.length > 3 ? passed.points.slice(1, -1) : [];
  });
  return { places, bends };
}

/** Nodes without a place are put below those that have one. */
function beside(kept: Places, found: Layout): Layout {
  const [there, added] = [boxOf(kept), boxOf(found.places)];
  const [dx, dy] = [there.left - added.left, there.bottom + BELOW - added.top];
  const moved = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return {
    places: new Map([
      ...kept,
      ...[...found.places].map(([id, place]) => [id, moved(place)] as const)
    ]),
    bends: found.bends.map(points => points.map(moved))
  };
}
