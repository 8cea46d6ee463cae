// A table of any length of which only the rows near those that are seen are in the page. It follows the
// grid pattern: one cell is in the order of the Tab key, and arrows lead from cell to cell.
import { element, setAttributes, setText } from '../../ui/element';
import type { Translate } from '../../ui/host';
import { PICK } from './column';
import type { Column } from './column';
import { moved } from './keyboard';
import type { Place } from './keyboard';
import { drawGroup, drawHead, drawRun, place } from './line';
import type { Look } from './line';
import type { Item } from './model';
import { HEIGHT, pageOf, ROW, scrolledTo, windowOf } from './window';

export interface GridActions {
  open(key: string): void;
  sort(column: string): void;
  /** Select or unselect a run, or add all lines from the last one to this. */
  pick(key: string, isRange: boolean): void;
  /** Select all runs, or none where all are. */
  pickAll(isToggle: boolean): void;
}

interface Drawn {
  line: HTMLElement;
  row: unknown;
  look: Look | null;
}

export class Grid {
  readonly node: HTMLElement;
  readonly #head = element('div', { role: 'row', class: 'aml-row aml-head', 'aria-rowindex': 1 });
  readonly #body = element('div', { role: 'rowgroup', class: 'aml-rows' });
  readonly #drawn = new Map<string, Drawn>();
  readonly #observer: ResizeObserver;
  #places = new Map<string, number>();
  #look: Look = { columns: [], items: [], sort: null, picked: new Set(), isBest: () => false };
  /** The cell that Tab leads to; null is the head. */
  #active: { key: string | null; column: number } = { key: null, column: 0 };
  readonly #actions: GridActions;

  constructor(
    private readonly t: Translate,
    actions: GridActions
  ) {
    this.#actions = actions;
    const attributes = {
      role: 'grid',
      class: 'aml-grid',
      'aria-multiselectable': true,
      'aria-label': t('Runs')
    };
    this.node = element(
      'div',
      attributes,
      [element('div', { role: 'rowgroup', class: 'aml-heads' }, [this.#head]), this.#body],
      {
        keydown: event => this.#pressed(event),
        click: event => this.#clicked(event),
        dblclick: event => this.#opened(event),
        mousedown: keepText,
        scroll: () => this.#draw(),
        focusin: event => this.#focused(event)
      }
    );
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.node);
  }

  /** Show other lines or the same in another way; with `isAnchored` what is seen stays where it is. */
  set(look: Look, isAnchored: boolean): void {
    const had = this.#hasFocus;
    const before = this.#look;
    const top = this.node.scrollTop;
    const first = before.items[Math.floor(top / ROW)]?.key;
    const activeAt = this.#place.row;
    const hasSameColumns = before.columns.map(shapeOf).join() === look.columns.map(shapeOf).join();
    this.#look = look;
    this.#places = new Map(look.items.map((item, place) => [item.key, place]));
    if (!hasSameColumns) {
      this.#drawn.forEach(({ line }) => line.remove());
      this.#drawn.clear();
    }
    drawHead(this.#head, look, hasSameColumns, this.t);
    this.#body.style.width = `${look.columns.reduce((sum, { width }) => sum + width, 0)}px`;
    if (this.#active.key !== null && !this.#places.has(this.#active.key)) {
      this.#active.key = look.items[Math.min(activeAt, look.items.length - 1)]?.key ?? null;
    }
    this.#active.column = Math.min(this.#active.column, look.columns.length - 1);
    this.#body.style.height = `${look.items.length * ROW}px`;
    const at = first === undefined ? undefined : this.#places.get(first);
    if (!isAnchored) {
      this.node.scrollTop = 0;
    } else if (top > 0 && at !== undefined) {
      this.node.scrollTop = at * ROW + (top % ROW);
    }
    this.#draw();
    if (had && !this.#hasFocus) {
      this.#cell()?.focus({ preventScroll: true });
    }
  }

  /** Write what changes with time alone into the cells of a column. */
  rewrite(column: string, of: (item: Item) => string | null): void {
    const at = this.#look.columns.findIndex(({ key }) => key === column);
    for (const [key, { line }] of this.#drawn) {
      const text = of(this.#look.items[this.#places.get(key)!]!);
      if (text !== null && line.children[at]) {
        setText(line.children[at], text);
      }
    }
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  get #height(): number {
    return this.node.clientHeight || HEIGHT;
  }

  get #hasFocus(): boolean {
    return this.node.contains(document.activeElement);
  }

  get #place(): Place {
    const { key, column } = this.#active;
    return { row: key === null ? -1 : (this.#places.get(key) ?? -1), column };
  }

  #draw(): void {
    const { items } = this.#look;
    const [start, end] = windowOf(this.node.scrollTop, this.#height, items.length);
    const at = this.#place.row;
    const wanted = items.slice(start, end);
    // the line with the focus stays in the page, else the focus would be lost
    if (at >= end) {
      wanted.push(items[at]!);
    } else if (at >= 0 && at < start) {
      wanted.unshift(items[at]!);
    }
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { line }] of this.#drawn) {
      if (!keys.has(key)) {
        line.remove();
        this.#drawn.delete(key);
      }
    }
    const lines = wanted.map(item => this.#line(item));
    place(
      this.#body,
      lines,
      Math.max(
        wanted.findIndex(({ key }) => key === this.#active.key),
        0
      )
    );
    setAttributes(this.node, {
      'aria-rowcount': items.length + 1,
      'aria-colcount': this.#look.columns.length
    });
    this.#rove();
  }

  #line(item: Item): HTMLElement {
    let found = this.#drawn.get(item.key);
    if (!found) {
      found = {
        line: element('div', { role: 'row', 'data-key': item.key }),
        row: null,
        look: null
      };
      this.#drawn.set(item.key, found);
    }
    const { line } = found;
    const at = this.#places.get(item.key)!;
    line.style.transform = `translateY(${at * ROW}px)`;
    setAttributes(line, { 'aria-rowindex': at + 2 });
    if (found.look !== this.#look) {
      if (item.row) {
        drawRun(line, item, this.#look, found.row === item.row, this.t);
      } else {
        drawGroup(line, item, this.#look, this.t);
      }
      found.row = item.row;
      found.look = this.#look;
    }
    return line;
  }

  #cell(): HTMLElement | undefined {
    const { key, column } = this.#active;
    const line = key === null ? this.#head : this.#drawn.get(key)?.line;
    return (line?.children[column] ?? line?.children[0]) as HTMLElement | undefined;
  }

  /** Let Tab lead to the active cell alone. */
  #rove(): void {
    const cell = this.#cell();
    this.node
      .querySelectorAll('[tabindex="0"]')
      .forEach(other => other !== cell && other.setAttribute('tabindex', '-1'));
    cell?.setAttribute('tabindex', '0');
  }

  #focused(event: Event): void {
    const cell = cellOf(event);
    if (cell) {
      this.#active = { key: keyOf(cell), column: columnOf(cell) ?? this.#active.column };
      this.#rove();
    }
  }

  #go(to: Place): void {
    this.#active = { key: this.#look.items[to.row]?.key ?? null, column: to.column };
    if (to.row >= 0) {
      this.node.scrollTop = scrolledTo(to.row, this.node.scrollTop, this.#height);
    }
    this.#draw();
    const cell = this.#cell();
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }

  #pressed(event: KeyboardEvent): void {
    const cell = cellOf(event);
    if (!cell || event.altKey) {
      return;
    }
    const at = this.#place;
    const { items, columns } = this.#look;
    const to = moved(event, at, {
      rows: items.length,
      columns: columns.length,
      page: pageOf(this.#height)
    });
    const key = keyOf(cell);
    if (to) {
      if (event.shiftKey && to.row !== at.row && key !== null && to.row >= 0) {
        this.#actions.pick(items[to.row]!.key, true);
      }
      this.#go(to);
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      this.#actions.pickAll(false);
    } else if (event.key === ' ' || event.key === 'Enter') {
      this.#acted(cell, event.key === 'Enter', event.shiftKey);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #acted(cell: HTMLElement, isEnter: boolean, isRange: boolean): void {
    const key = keyOf(cell);
    const column = this.#look.columns[columnOf(cell) ?? -1];
    if (key === null && column?.key === PICK) {
      this.#actions.pickAll(true);
    } else if (key === null) {
      this.#actions.sort(column!.key);
    } else if (isEnter) {
      this.#actions.open(key);
    } else {
      this.#actions.pick(key, isRange);
    }
  }

  #clicked(event: MouseEvent): void {
    const cell = cellOf(event);
    const isPick = cell && columnOf(cell) === 0 && keyOf(cell) !== null;
    if (
      cell &&
      (keyOf(cell) === null || isPick || event.shiftKey || event.ctrlKey || event.metaKey)
    ) {
      cell.focus({ preventScroll: true });
      this.#acted(cell, false, event.shiftKey);
    } else if (cell && isOpener(event)) {
      this.#actions.open(keyOf(cell)!);
    }
  }

  #opened(event: MouseEvent): void {
    const cell = cellOf(event);
    const key = cell && keyOf(cell);
    if (key && columnOf(cell) !== 0 && !isOpener(event)) {
      this.#actions.open(key);
    }
  }
}

function shapeOf({ key, width }: Column): string {
  return JSON.stringify([key, width]);
}

/** Whether a click is on the name of a run. */
function isOpener(event: Event): boolean {
  return (event.target as Element).closest('.aml-open') !== null;
}

/** A click with Shift selects rows, not the text between two clicks. */
function keepText(event: MouseEvent): void {
  if (event.shiftKey) {
    event.preventDefault();
  }
}

function cellOf(event: Event): HTMLElement | null {
  return (event.target as Element).closest<HTMLElement>('.aml-cell');
}

/** The key of a cell's line; null for the head. */
function keyOf(cell: HTMLElement): string | null {
  return cell.parentElement?.getAttribute('data-key') ?? null;
}

/** The place of a cell's column; the head of a group has none. */
function columnOf(cell: HTMLElement): number | null {
  const index = cell.getAttribute('aria-colindex');
  return index === null ? null : Number(index) - 1;
}
