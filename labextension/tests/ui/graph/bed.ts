// Nodes and edges for tests of graphs.
import type { GraphEdge, GraphNode } from '../../../src/ui/graph';

export function node(id: string, more: Partial<GraphNode> = {}): GraphNode {
  return { id, title: id, note: '', inputs: [], outputs: [], ...more };
}

export function edge(from: string, to: string, more: Partial<GraphEdge> = {}): GraphEdge {
  return { from: { node: from, port: null }, to: { node: to, port: null }, ...more };
}
