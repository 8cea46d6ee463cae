// Graphs of nodes with ports: looked at, or edited.
export { Graph } from './graph';
export { HEIGHT, WIDTH } from './geometry';
export { laidOut } from './layout';
export type {
  GraphEdge,
  GraphEdit,
  GraphHandle,
  GraphNode,
  GraphPort,
  GraphProps,
  Layout,
  Places,
  Point,
  PortEnd
} from './contract';
