// What the reader does with a grid, by keys and by the pointer. Cells are found by their ARIA indexes.
import type { GridProps, Place } from './contract';
import { moved } from './keyboard';
import { columnAt, ticksOf, type Position } from './position';

/** What has clicks and keys of its own within a cell. */
const OWN = 'button, a, input, select, textarea, summary, .aml-own';

/** The grid that is in hand. */
export interface Held<R> {
  readonly props: GridProps<R>;
  readonly position: Position<R>;
  /** Give the focus to the cell that Tab leads to, once it is drawn. */
  focus: () => void;
}

export function pressed<R>(grid: Held<R>, event: KeyboardEvent): void {
  const cell = event.target as Element;
  if (!isCell(cell)) {
    const around = cellOf(cell);
    if (event.key === 'Escape' && around) {
      event.stopPropagation();
      around.focus();
    }
    return;
  }
  const at = placeOf(cell)!;
  if (event.altKey) {
    return;
  }
  const { count, columns, selection } = grid.props;
  const to = moved(event, at, {
    rows: count,
    columns: columns.length + ticksOf(grid.props),
    page: grid.position.page
  });
  if (to) {
    if (event.shiftKey && to.row !== at.row && at.row >= 0 && to.row >= 0) {
      selection?.extend(to.row);
    }
    grid.position.go(grid.props, to);
    grid.focus();
  } else if (!isDone(grid, event, at, cell)) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Do what a key says that does not move; false where it says nothing. */
function isDone<R>(grid: Held<R>, event: KeyboardEvent, at: Place, cell: Element): boolean {
  const { key, ctrlKey, metaKey, shiftKey } = event;
  const { selection, onMenu } = grid.props;
  const isFar = ctrlKey || metaKey;
  if (isFar && key.toLowerCase() === 'a' && selection) {
    selection.all(false);
  } else if (key === 'F2') {
    cell.querySelector<HTMLElement>(OWN)?.focus();
  } else if (onMenu && ((key === 'F10' && shiftKey) || key === 'ContextMenu')) {
    const { left, bottom } = cell.getBoundingClientRect();
    showMenu(grid.props, at, left + 8, bottom - 4);
  } else if ((key === ' ' || key === 'Enter') && !isFar) {
    act(grid.props, at, key === 'Enter', shiftKey);
  } else {
    return false;
  }
  return true;
}

function act<R>(of: GridProps<R>, at: Place, isEnter: boolean, isRange: boolean): void {
  const column = columnAt(of, at.column);
  if (at.row < 0) {
    if (!column) {
      of.selection?.all(true);
    } else if (column.isSortable !== false) {
      of.onSort?.(column.key);
    }
    return;
  }
  const row = of.rowAt(at.row);
  if (isEnter && of.onOpen) {
    if (row !== undefined) {
      of.onOpen(row, at.row);
    }
  } else if (isRange) {
    of.selection?.extend(at.row);
  } else {
    of.selection?.toggle(at.row);
  }
}

export function clicked<R>({ props }: Held<R>, event: MouseEvent): void {
  const target = event.target as Element;
  const cell = cellOf(target);
  const at = placeOf(cell);
  if (!cell || !at || target.closest(OWN)) {
    return;
  }
  if (document.activeElement !== cell) {
    cell.focus({ preventScroll: true });
  }
  const isTick = columnAt(props, at.column) === undefined;
  if (at.row < 0 || isTick || event.shiftKey || event.ctrlKey || event.metaKey) {
    act(props, at, false, event.shiftKey);
  } else if (target.closest('.aml-open')) {
    act(props, at, true, false);
  }
}

export function doubleClicked<R>({ props }: Held<R>, event: MouseEvent): void {
  const target = event.target as Element;
  const at = placeOf(target);
  const isTick = at && columnAt(props, at.column) === undefined;
  if (at && at.row >= 0 && !isTick && !target.closest(`${OWN}, .aml-open`)) {
    act(props, at, true, false);
  }
}

/** Show the menu of a cell. Who holds Shift wants that of the browser. */
export function menuAsked<R>({ props }: Held<R>, event: MouseEvent): void {
  const cell = cellOf(event.target);
  const at = placeOf(cell);
  if (!cell || !at || !props.onMenu || event.shiftKey) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  cell.focus({ preventScroll: true });
  const { left, right, top, bottom } = cell.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  // By a key it is asked for at the cell, wherever the pointer is.
  const isInside = x >= left && x <= right && y >= top && y <= bottom;
  showMenu(props, at, isInside ? x : left + 8, isInside ? y : bottom - 4);
}

function showMenu<R>(of: GridProps<R>, at: Place, x: number, y: number): void {
  const row = at.row < 0 ? undefined : of.rowAt(at.row);
  if (at.row < 0 || row !== undefined) {
    of.onMenu?.({ row, index: at.row, column: columnAt(of, at.column) ?? null, x, y });
  }
}

/** Where no text is selected, the cell is copied. */
export function copied<R>({ props }: Held<R>, event: ClipboardEvent): void {
  const at = isCell(event.target) ? placeOf(event.target) : null;
  if (at && props.copied && String(getSelection() ?? '') === '') {
    const row = at.row < 0 ? undefined : props.rowAt(at.row);
    const column = columnAt(props, at.column) ?? null;
    const text = at.row < 0 ? (column?.title ?? '') : props.copied(row, column);
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  }
}

/** A click with Shift selects rows, not the text between two clicks. */
export function keepText(event: MouseEvent): void {
  if (event.shiftKey) {
    event.preventDefault();
  }
}

export function cellOf(target: EventTarget | null): HTMLElement | null {
  return (target as Element | null)?.closest<HTMLElement>('.aml-cell') ?? null;
}

export function isCell(target: EventTarget | null): boolean {
  return (target as Element | null)?.classList.contains('aml-cell') ?? false;
}

export function placeOf(target: EventTarget | null): Place | null {
  const cell = cellOf(target);
  const row = cell?.parentElement?.getAttribute('aria-rowindex');
  return cell && row
    ? { row: Number(row) - 2, column: Number(cell.getAttribute('aria-colindex')) - 1 }
    : null;
}
