// Rows of a dataset in a table of which only what is near to be seen is in the page, in both directions. It
// follows the grid pattern: one cell is in the order of the Tab key, and arrows lead from cell to cell.
import { element, setAttributes } from '../../ui/element';
import type { Translate } from '../../ui/host';
import { moved, type Place } from '../runs/keyboard';
import { place } from '../runs/line';
import type { Sort } from '../runs/order';
import { HEIGHT, pageOf, ROW, scrolledTo, windowOf } from '../runs/window';
import type { JsonScalar } from '../../contract.gen';
import type { GridColumn } from './grid_column';
import { Line } from './line';
import { Across, Track } from './scroll';
import { wholeText } from './words';

export interface Look {
  columns: readonly GridColumn[];
  count: number;
  isCounted: boolean;
  sort: Sort | null;
  row(at: number): readonly JsonScalar[] | undefined;
}

export interface GridActions {
  sort(column: string): void;
  /** Rows are near to be seen, from the first to before the last. */
  seen(from: number, to: number): void;
  /** A cell has the focus. */
  looked(row: number, column: number): void;
}

/** Pixels of the head, and of a width that the page does not tell yet. */
const HEAD = 44;
const WIDTH = 900;

export class RowGrid {
  readonly node: HTMLElement;
  readonly #body = element('div', { role: 'rowgroup', class: 'aml-rows' });
  readonly #heads: HTMLElement;
  readonly #head: Line;
  readonly #lines = new Map<number, Line>();
  readonly #observer: ResizeObserver;
  readonly #track = new Track();
  #across = new Across([]);
  #look: Look = { columns: [], count: 0, isCounted: true, sort: null, row: () => undefined };
  /** The first column, 0, has the numbers of rows; row -1 is the head. */
  #active: Place = { row: -1, column: 0 };

  constructor(
    private readonly t: Translate,
    label: string,
    private readonly actions: GridActions
  ) {
    this.#head = new Line(-1, t);
    this.#heads = element('div', { role: 'rowgroup', class: 'aml-heads' }, [this.#head.node]);
    this.node = element(
      'div',
      { role: 'grid', class: 'aml-grid aml-data-grid', 'aria-label': label },
      [this.#heads, this.#body],
      {
        keydown: event => this.#pressed(event),
        click: event => this.#clicked(event),
        copy: event => this.#copied(event),
        scroll: () => this.#draw(),
        focusin: event => this.#focused(event)
      }
    );
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.node);
  }

  /** The first row that is seen. */
  get first(): number {
    return Math.floor(this.#track.scrolled(this.node.scrollTop, this.#room) / ROW);
  }

  /** Show other rows or the same in another way; with `isAnchored` what is seen stays where it is. */
  set(look: Look, isAnchored: boolean): void {
    if (look.columns !== this.#look.columns) {
      this.#lines.forEach(({ node }) => node.remove());
      this.#lines.clear();
      const index = Math.max(44, String(look.count).length * 8 + 18);
      this.#across = new Across([index, ...look.columns.map(({ width }) => width)]);
    }
    this.#look = look;
    this.#track.resize(look.count);
    this.#body.style.height = `${this.#track.height}px`;
    this.#body.style.width = this.#heads.style.width = `${this.#across.width}px`;
    this.#active.row = Math.min(this.#active.row, look.count - 1);
    setAttributes(this.node, {
      'aria-rowcount': look.isCounted ? look.count + 1 : -1,
      'aria-colcount': look.columns.length + 1
    });
    if (!isAnchored) {
      this.node.scrollTop = 0;
    }
    this.#draw();
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  get #height(): number {
    return this.node.clientHeight || HEIGHT;
  }

  /** Pixels for rows. */
  get #room(): number {
    return this.#height - HEAD;
  }

  get #columnRoom(): number {
    return (this.node.clientWidth || WIDTH) - this.#across.right(0);
  }

  #draw(): void {
    const { count, columns } = this.#look;
    const top = this.#track.scrolled(this.node.scrollTop, this.#room);
    const [start, end] = windowOf(top, this.#height, count);
    const [from, to] = this.#across.window(
      this.node.scrollLeft + this.#across.right(0),
      this.#columnRoom
    );
    const { row, column } = this.#active;
    const shown = span(Math.max(from, 1), Math.min(to, columns.length + 1), column, 0);
    const rows = span(start, end, row, -1).filter(at => at >= 0);
    const wanted = new Set(rows);
    for (const [at, line] of this.#lines) {
      if (!wanted.has(at)) {
        line.node.remove();
        this.#lines.delete(at);
      }
    }
    this.#head.show(this.#look, shown, this.#across);
    const lines = rows.map(at => {
      const line = this.#lines.get(at) ?? new Line(at, this.t);
      this.#lines.set(at, line);
      line.node.style.transform = `translateY(${this.#track.placeOf(at)}px)`;
      line.show(this.#look, shown, this.#across);
      return line.node;
    });
    place(this.#body, lines, Math.max(rows.indexOf(row), 0));
    this.#rove();
    this.actions.seen(start, end);
  }

  #cell(): HTMLElement | undefined {
    const { row, column } = this.#active;
    return (row < 0 ? this.#head : this.#lines.get(row))?.cell(column);
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
    const at = placeOf(event);
    if (at) {
      this.#active = at;
      this.#rove();
      this.actions.looked(at.row, at.column - 1);
    }
  }

  #go(to: Place): void {
    this.#active = to;
    if (to.row >= 0) {
      const now = this.#track.scrolled(this.node.scrollTop, this.#room);
      const next = scrolledTo(to.row, now, this.#room + ROW);
      this.node.scrollTop = next === now ? this.node.scrollTop : this.#track.aim(next, this.#room);
    }
    if (to.column > 0) {
      const index = this.#across.right(0);
      this.node.scrollLeft =
        this.#across.scrolledTo(to.column, this.node.scrollLeft + index, this.#columnRoom) - index;
    }
    this.#draw();
    this.#cell()?.focus({ preventScroll: true });
  }

  #pressed(event: KeyboardEvent): void {
    const at = placeOf(event);
    if (!at || event.altKey) {
      return;
    }
    const { count, columns } = this.#look;
    const to = moved(event, at, {
      rows: count,
      columns: columns.length + 1,
      page: pageOf(this.#room + ROW)
    });
    if (to) {
      this.#go(to);
    } else if (
      (event.key === ' ' || event.key === 'Enter') &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.shiftKey
    ) {
      this.#acted(at);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #clicked(event: Event): void {
    const at = placeOf(event);
    if (at) {
      this.#active = at;
      this.#cell()?.focus({ preventScroll: true });
      this.#acted(at);
    }
  }

  #acted({ row, column }: Place): void {
    if (row < 0 && column > 0) {
      this.actions.sort(this.#look.columns[column - 1]!.name);
    }
  }

  /** Without a selection of text the whole value of the cell is copied. */
  #copied(event: ClipboardEvent): void {
    const at = placeOf(event);
    if (at && at.column > 0 && String(getSelection() ?? '') === '') {
      const name = this.#look.columns[at.column - 1]!.name;
      const text = at.row < 0 ? name : wholeText(this.#look.row(at.row)?.[at.column - 1]);
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    }
  }
}

/** The places from the first to before the last, with one that has to be there too, unless it is `never`. */
function span(from: number, to: number, also: number, never: number): number[] {
  const all = Array.from({ length: Math.max(to - from, 0) }, (_, place) => from + place);
  if (also === never || (also >= from && also < to)) {
    return all;
  }
  // What has the focus stays in the page, else the focus would be lost.
  return also < from ? [also, ...all] : [...all, also];
}

function placeOf(event: Event): Place | null {
  const cell = (event.target as Element).closest<HTMLElement>('.aml-cell');
  const row = cell?.parentElement?.getAttribute('aria-rowindex');
  return cell && row
    ? { row: Number(row) - 2, column: Number(cell.getAttribute('aria-colindex')) - 1 }
    : null;
}
