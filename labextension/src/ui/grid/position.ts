// Where a grid is scrolled to, and which of its cells the Tab key leads to.
import type { GridColumn, GridProps, Place } from './contract';
import { Across, pageOf, Track, type Range } from './geometry';

export const ROW = 28;
export const HEAD = 28;
/** The column of ticks. */
const TICKS = 34;
/** Where the page does not tell its size yet. */
const SIZE = { width: 900, height: 420 };

/** The cell that Tab leads to: of a row by its key, since rows move; null is the head. */
export interface Active {
  key: string | null;
  index: number;
  column: number;
}

/** The columns before the first one of `columns`: that of the ticks. */
export function ticksOf<R>({ selection, hasTicks = true }: GridProps<R>): number {
  return selection && hasTicks ? 1 : 0;
}

export function stickyOf<R>(of: GridProps<R>): number {
  return ticksOf(of) + Math.min(of.sticky ?? 1, of.columns.length);
}

export function columnAt<R>(of: GridProps<R>, at: number): GridColumn | undefined {
  return of.columns[at - ticksOf(of)];
}

/** What a line is known by, also while its row is still to come. */
export function keyAt<R>({ keyOf }: GridProps<R>, row: R | undefined, index: number): string {
  return row === undefined || !keyOf ? `#${index}` : keyOf(row);
}

export class Position<R> {
  readonly track = new Track();
  across = new Across([]);
  active: Active = { key: null, index: -1, column: 0 };
  /** Pixels above what is seen, of all rows, and left of it. */
  #top = 0;
  #left = 0;
  #size = SIZE;
  /** The row that is seen first, which stays in its place. */
  #first: { key: string; rest: number } | null = null;
  #columns: readonly GridColumn[] = [];
  #ticks = 0;
  #sticky = 0;
  #row = ROW;
  #head = HEAD;
  /** Whether the page has to be scrolled to where `#top` and `#left` say. */
  #isAiming = false;

  /** The first row that is seen. */
  get first(): number {
    return Math.floor(this.#top / this.#row);
  }

  /** Whole rows that are seen at once. */
  get page(): number {
    return pageOf(this.#room, this.#row);
  }

  get rows(): Range {
    return this.track.window(this.#top, this.#room);
  }

  get seen(): Range {
    return this.track.seen(this.#top, this.#room);
  }

  /** Whether half a page may be scrolled before a row is seen that is not among the drawn ones. */
  isAmple(drawn: Range): boolean {
    return this.track.isAmple(drawn, this.#top, this.#room);
  }

  /** Whether columns are scrolled out of sight. */
  get isAcross(): boolean {
    return this.#left > 0;
  }

  /** The columns that are drawn beside the sticky ones. */
  get columns(): Range {
    return this.across.window(this.#left + this.#lead, this.#columnRoom);
  }

  /** Follow the rows and columns of the grid. */
  shape(of: GridProps<R>): void {
    const ticks = ticksOf(of);
    if (of.columns !== this.#columns || ticks !== this.#ticks) {
      [this.#columns, this.#ticks] = [of.columns, ticks];
      const widths = of.columns.map(({ width }) => width);
      this.across = new Across(ticks ? [TICKS, ...widths] : widths);
    }
    this.#sticky = stickyOf(of);
    this.#row = of.rowHeight ?? ROW;
    this.#head = of.headHeight ?? HEAD;
    this.track.resize(of.count, this.#row);
    this.#top = Math.max(Math.min(this.#top, of.count * this.#row - this.#room), 0);
  }

  /** Take other rows: what is seen stays, and the active cell goes with its row. */
  take(before: GridProps<R>, after: GridProps<R>): void {
    const at = this.#top > 0 && this.#first ? after.placeOf?.(this.#first.key) : undefined;
    if (after.scrollKey !== before.scrollKey) {
      this.#aim(0);
    } else if (at !== undefined) {
      this.#aim(at * this.#row + this.#first!.rest);
    }
    const { key, index, column } = this.active;
    const last = after.columns.length + ticksOf(after) - 1;
    const place = key === null ? -1 : (after.placeOf?.(key) ?? index);
    this.activate(after, {
      row: Math.min(place, after.count - 1),
      column: Math.max(Math.min(column, last), 0)
    });
  }

  /** Let Tab lead to a cell. */
  activate(of: GridProps<R>, { row: index, column }: Place): void {
    const key = index < 0 ? null : keyAt(of, of.rowAt(index), index);
    this.active = { key, index, column };
  }

  /** Let Tab lead to a cell, and scroll so that it is seen. */
  go(of: GridProps<R>, to: Place): void {
    const { column } = this.active;
    this.activate(of, to);
    if (to.row >= 0) {
      this.show(to.row);
    }
    if (to.column !== column) {
      const left = this.#left + this.#lead;
      this.#aim(
        this.#top,
        to.column < this.#sticky
          ? 0
          : this.across.scrolledTo(to.column, left, this.#columnRoom) - this.#lead
      );
    }
  }

  show(row: number): void {
    this.#aim(this.track.scrolledTo(row, this.#top, this.#room));
  }

  /** Remember which row is seen first. */
  remember({ count, keyOf, rowAt }: GridProps<R>): void {
    const row = count > 0 ? rowAt(this.first) : undefined;
    this.#first =
      keyOf && row !== undefined
        ? { key: keyOf(row), rest: this.#top - this.first * this.#row }
        : null;
  }

  /** The page was scrolled. */
  scrolled({ scrollTop, scrollLeft }: Element): void {
    this.#top = this.track.scrolled(scrollTop, this.#room);
    this.#left = scrollLeft;
  }

  /** Whether the page has another size than before. */
  measured({ clientWidth, clientHeight }: Element): boolean {
    const { width, height } = this.#size;
    this.#size = { width: clientWidth || SIZE.width, height: clientHeight || SIZE.height };
    return width !== this.#size.width || height !== this.#size.height;
  }

  /** Scroll the page where that is wanted. Not otherwise: it may be scrolled further than it has told yet. */
  apply(node: Element): void {
    if (this.#isAiming) {
      this.#isAiming = false;
      node.scrollTop = this.track.aim(this.#top, this.#room);
      node.scrollLeft = this.#left;
    }
  }

  /** Pixels for rows. */
  get #room(): number {
    return Math.max(this.#size.height - this.#head, this.#row);
  }

  /** Pixels of the columns that stick, and for those that do not. */
  get #lead(): number {
    return this.across.left(this.#sticky);
  }

  get #columnRoom(): number {
    return Math.max(this.#size.width - this.#lead, 0);
  }

  #aim(top: number, left = this.#left): void {
    this.#isAiming ||= top !== this.#top || left !== this.#left;
    [this.#top, this.#left] = [top, left];
  }
}
