// What a grid is told of its rows and columns, and what it tells of what the reader does.
import type { ComponentChildren } from 'preact';
import type { Translate } from '../host';
import type { Sort } from './sort';

export interface GridColumn {
  key: string;
  title: string;
  /** Pixels. */
  width: number;
  isNumeric?: boolean;
  isSortable?: boolean;
  /** What is told when the pointer rests on the head; else the title. */
  hint?: string;
  /** The CSS class of its cells. */
  class?: string;
}

/** Which rows are selected. Rows are named by their index, since they may be still to come. */
export interface GridSelection<R> {
  isSelected: (row: R) => boolean;
  toggle: (index: number) => void;
  /** Add the rows from the last one that was toggled to this. */
  extend: (index: number) => void;
  /** Select all rows; where `isToggle`, none if all are. */
  all: (isToggle: boolean) => void;
  isAll: boolean;
}

/** A cell: row -1 is the head. */
export interface Place {
  row: number;
  column: number;
}

/** Where a menu is asked for. */
export interface MenuPoint<R> {
  /** Undefined for the head. */
  row: R | undefined;
  index: number;
  /** Null where the cell is that of the whole row, or of its tick. */
  column: GridColumn | null;
  x: number;
  y: number;
}

export interface GridProps<R> {
  t: Translate;
  label: string;
  /** The CSS class of this grid. */
  class?: string;
  /** Another array draws all cells anew. */
  columns: readonly GridColumn[];
  /** Leading columns that stay in sight while the others are scrolled. */
  sticky?: number;
  count: number;
  /** Whether `count` is of all rows there are. */
  isCounted?: boolean;
  isBusy?: boolean;
  /** Pixels. */
  rowHeight?: number;
  headHeight?: number;
  /** The row at an index; undefined while it is still to come. A row that changed is another object. */
  rowAt: (index: number) => R | undefined;
  /** What a row is known by wherever it stands; without it, its index. */
  keyOf?: (row: R) => string;
  /** Where a row stands: with it, what is seen stays in its place when rows come above it. */
  placeOf?: (key: string) => number | undefined;
  /** What a cell holds. Another function draws all cells anew. */
  cell: (row: R, column: GridColumn, index: number) => ComponentChildren;
  /** What stands in the head below the title. */
  head?: (column: GridColumn) => ComponentChildren;
  /** The rows near those that are seen, from the first to before the last. */
  need?: (first: number, end: number) => void;
  sort?: Sort | null;
  onSort?: (column: string) => void;
  selection?: GridSelection<R>;
  /** Whether the first column has a tick for each row that can be selected. */
  hasTicks?: boolean;
  /** The CSS class of a row. */
  rowClass?: (row: R) => string;
  /** Whether a row that others hang on is open, as the head of a group; undefined for all others. */
  isOpen?: (row: R) => boolean | undefined;
  levelOf?: (row: R) => number;
  /** Enter, a double click, or a click on what has the class `aml-open`. */
  onOpen?: (row: R, index: number) => void;
  /** A right click, the Menu key, Shift+F10. */
  onMenu?: (point: MenuPoint<R>) => void;
  /** A cell has the focus. */
  onLook?: (row: R | undefined, column: GridColumn | null) => void;
  /** Whether the pointer or the focus is on the rows, so that none should move. */
  onHold?: (isHeld: boolean) => void;
  /** What Ctrl+C copies where no text is selected. */
  copied?: (row: R | undefined, column: GridColumn | null) => string;
  /** Another value scrolls back to the first row. */
  scrollKey?: string;
}
