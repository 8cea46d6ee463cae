// Where the rows and columns of a long table lie, and which of them are in the page.

/** Browsers stop at some tens of millions of pixels; a longer table is scrolled as if it were that long. */
export const TALLEST = 8_000_000;
/** Columns that are drawn beyond those that are seen, at each side. */
const BESIDE = 3;

/** From the first to before the last. */
export type Range = readonly [first: number, end: number];

/**
 * The way down. Where the rows do not fit into a page, a wheel still moves by the pixels that it says, and
 * a jump leads to the share of the rows that it names.
 */
export class Track {
  #whole = 0;
  #row = 1;
  /** What lies above the place where the page begins. */
  #lift = 0;
  #seen = 0;

  /** Pixels of all rows in the page. */
  get height(): number {
    return Math.min(this.#whole, TALLEST);
  }

  resize(count: number, row: number): void {
    this.#row = row;
    this.#whole = count * row;
    this.#lift = Math.min(this.#lift, this.#whole - this.height);
  }

  /** The pixels above what is seen, where the page is scrolled to `top` and shows `room` of it. */
  scrolled(top: number, room: number): number {
    const most = this.height - room;
    const more = this.#whole - this.height;
    if (top <= 0 || more === 0) {
      this.#lift = 0;
    } else if (top >= most) {
      this.#lift = more;
    } else if (Math.abs(top - this.#seen) > 2 * room) {
      this.#lift = Math.round((more * top) / most);
    }
    this.#seen = top;
    return top + this.#lift;
  }

  /** Where to scroll the page so that `top` pixels lie above what is seen. */
  aim(top: number, room: number): number {
    const most = this.height - room;
    if (this.#whole > this.height && (top - this.#lift <= 0 || top - this.#lift >= most)) {
      this.#lift = Math.round((top * (this.#whole - this.height)) / (this.#whole - room));
    }
    this.#seen = top - this.#lift;
    return this.#seen;
  }

  /** Where a row lies in the page. */
  placeOf(row: number): number {
    return row * this.#row - this.#lift;
  }

  /** The rows that are seen. */
  seen(top: number, room: number): Range {
    const count = this.#count;
    const seen = pageOf(room, this.#row) + 2;
    const start = Math.min(Math.floor(Math.max(top, 0) / this.#row), Math.max(count - seen, 0));
    return [start, Math.min(start + seen, count)];
  }

  /** The rows that are drawn: those that are seen, and as many again above and below. */
  window(top: number, room: number): Range {
    const [start] = this.seen(top, room);
    const seen = pageOf(room, this.#row) + 2;
    return [Math.max(start - seen, 0), Math.min(start + 2 * seen, this.#count)];
  }

  /** Whether half a page may be scrolled before a row is seen that is not among the drawn ones. */
  isAmple([from, end]: Range, top: number, room: number): boolean {
    const [first, last] = this.seen(top, room);
    const half = (last - first) / 2;
    return from <= Math.max(first - half, 0) && end >= Math.min(last + half, this.#count);
  }

  get #count(): number {
    return Math.round(this.#whole / this.#row);
  }

  /** The pixels above what is seen, so that a row is seen, moving no more than needed. */
  scrolledTo(row: number, top: number, room: number): number {
    const start = row * this.#row;
    const spare = Math.max(room - this.#row, 0);
    return start < top ? start : start > top + spare ? start - spare : top;
  }
}

/** Whole rows in a room. */
export function pageOf(room: number, row: number): number {
  return Math.max(Math.floor(room / row), 1);
}

/** The way across: columns of their own widths, in pixels. */
export class Across {
  readonly #ends: Float64Array;
  /** Styles of cells, by their columns. */
  readonly #styles: string[] = [];

  constructor(widths: readonly number[]) {
    this.#ends = new Float64Array(widths.length);
    widths.reduce((sum, width, at) => (this.#ends[at] = sum + width), 0);
  }

  get width(): number {
    return this.#ends.at(-1) ?? 0;
  }

  left(column: number): number {
    return column > 0 ? this.right(column - 1) : 0;
  }

  right(column: number): number {
    return this.#ends[column] ?? this.width;
  }

  /** Where the cells of a column lie, as CSS. */
  styleOf(column: number): string {
    const left = this.left(column);
    return (this.#styles[column] ??= `left: ${left}px; width: ${this.right(column) - left}px;`);
  }

  /** The columns that are drawn where `left` pixels lie before what is seen. */
  window(left: number, room: number): Range {
    const last = this.#after(left + room);
    return [
      Math.max(this.#after(left) - BESIDE, 0),
      Math.min(last + 1 + BESIDE, this.#ends.length)
    ];
  }

  /** Where to scroll so that a column is seen, moving no more than needed. */
  scrolledTo(column: number, left: number, room: number): number {
    const start = this.left(column);
    const over = this.right(column) - room;
    return start < left || this.right(column) - start > room ? start : Math.max(left, over);
  }

  /** The column that lies at a pixel. */
  #after(pixel: number): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! <= pixel) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
