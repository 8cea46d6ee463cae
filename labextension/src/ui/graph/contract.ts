// What a graph is made of, and what those who show one give and are told.
import type { ComponentChildren } from 'preact';
import type { Translate } from '../host';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A place of a node where edges begin or end. */
export interface GraphPort {
  readonly name: string;
}

/** A box with a title and a line below it. Where a status changed it is another object. */
export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** The line below the title. */
  readonly note: string;
  /** A status as runs have one, which gives the colour and the sign; none where there is no run. */
  readonly status?: string;
  /** A class of its own, for a look that no status has. */
  readonly class?: string;
  /** What is told of the node to who does not see it, after its title. */
  readonly words?: string;
  /** On top, from left to right. */
  readonly inputs: readonly GraphPort[];
  /** Below, from left to right. */
  readonly outputs: readonly GraphPort[];
}

/** A port of a node; null is the middle of its side. */
export interface PortEnd {
  readonly node: string;
  readonly port: string | null;
}

export interface GraphEdge {
  readonly from: PortEnd;
  readonly to: PortEnd;
  /** Whether it only orders, and nothing is passed on. */
  readonly isOrder?: boolean;
}

export type Places = ReadonlyMap<string, Point>;

/** Where nodes stand (their left upper corners), and what points each edge passes between its ends. */
export interface Layout {
  readonly places: Places;
  readonly bends: readonly (readonly Point[])[];
}

/** What an editor lets people do; without it a graph is looked at. */
export interface GraphEdit {
  /** Nodes were dragged to these places. */
  move(places: Places): void;
  /** An edge was drawn from an output to an input. */
  connect(from: PortEnd, to: PortEnd): void;
  /** Whether the two may be connected; asked while one is drawn. */
  canConnect(from: PortEnd, to: PortEnd): boolean;
  /** The edges that are selected, by their index. */
  readonly edges: ReadonlySet<number>;
  selectEdge(index: number): void;
}

/** What can be asked of a graph that is shown. */
export interface GraphHandle {
  /** Show all of it. */
  fit(): void;
  /** Bring a node into sight, and give it the focus. */
  focus(id: string): void;
  /** The point of the graph at a point of the page. */
  pointAt(clientX: number, clientY: number): Point;
}

export interface GraphProps {
  readonly t: Translate;
  /** What it is a graph of, as it is spoken. */
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Where nodes stand that were put there; all others are laid out. */
  readonly kept?: Places;
  readonly selected: ReadonlySet<string>;
  /** The reader chose a node, or with null none; `isMore` adds it to those that are selected, or takes it away. */
  onSelect(id: string | null, isMore: boolean): void;
  /** Enter, or a double click. */
  onOpen(id: string): void;
  /** A key that the graph itself has no use for; whoever uses it calls `preventDefault`. */
  onKey?(event: KeyboardEvent, id: string | null): void;
  readonly edit?: GraphEdit;
  /** Whether it takes all the room that it is given, rather than what its nodes need; a wheel moves it then. */
  readonly isFull?: boolean;
  /** Given what can be asked of it, with each drawing. */
  readonly handle?: (handle: GraphHandle) => void;
  /** More buttons beside those that zoom. */
  readonly children?: ComponentChildren;
}
