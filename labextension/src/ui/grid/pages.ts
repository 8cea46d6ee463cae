// Rows that came from the host, in pages of a hundred, and those that are asked for.
import { wordsOf } from '../format';

export const PAGE = 100;
/** Milliseconds that a row has to be in sight before it is asked for: scrolling passes over many. */
const PAUSE = 80;
const AT_ONCE = 2;

/** Rows from a place on, and the number of all that meet the query. */
export interface Page<R> {
  rows: readonly R[];
  count: number;
}

/** What a table is read from. */
export interface PagesOf<R, Q, P extends Page<R>> {
  /** Ask for `PAGE` rows from a place on. */
  ask(query: Q, offset: number): Promise<P>;
  /** Called with each answer that is not too late. */
  took?(page: P): void;
  query: Q;
  /** The first rows. */
  head: readonly R[];
  /** How many there are; null where nobody has counted them. */
  count: number | null;
  /** Pages that are kept where they are out of sight. */
  kept: number;
  /** Called when rows came, or could not. */
  changed(): void;
}

export class Pages<R, Q, P extends Page<R> = Page<R>> {
  /** Rows that meet the query, as far as is known. */
  count: number;
  /** Whether `count` is of all of them. */
  isCounted: boolean;
  /** Why rows in sight could not be had. */
  problem = '';
  query: Q;
  readonly #of: PagesOf<R, Q, P>;
  #head: readonly R[];
  #pages = new Map<number, readonly R[]>();
  #asking = new Set<number>();
  #wanted: [number, number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes with each query: an answer to an earlier one is of no use. */
  #turn = 0;

  constructor(of: PagesOf<R, Q, P>) {
    this.#of = of;
    this.query = of.query;
    this.#head = of.head;
    this.count = of.count ?? of.head.length;
    this.isCounted = of.count !== null;
  }

  row(at: number): R | undefined {
    return this.#pages.get(Math.floor(at / PAGE))?.[at % PAGE] ?? this.#head[at];
  }

  /** The rows of the page that a row is in, as far as they are there. */
  pageAt(at: number): { first: number; rows: readonly R[] } {
    const first = Math.floor(at / PAGE) * PAGE;
    const length = Math.max(0, Math.min(PAGE, this.count - first));
    const rows = Array.from({ length }, (_, place) => this.row(first + place));
    return { first, rows: rows.filter(row => row !== undefined) };
  }

  /** Rows that are in sight, from the first to before the last. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    if (this.#timer === undefined && this.#missing().length > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, PAUSE);
    }
  }

  /** Ask again for what could not be had. */
  again(): void {
    this.problem = '';
    this.#next();
  }

  /**
   * Have other rows, or the same in another order; what is there stays until they come. False where others
   * were asked for meanwhile; rejects as the host does.
   */
  async load(query: Q): Promise<boolean> {
    const turn = (this.#turn += 1);
    this.#asking.clear();
    let page: P;
    try {
      page = await this.#of.ask(query, 0);
    } catch (error) {
      if (turn === this.#turn) {
        throw error;
      }
      return false;
    }
    if (turn !== this.#turn) {
      return false;
    }
    this.query = query;
    this.problem = '';
    this.#head = [];
    this.#pages.clear();
    this.#take(0, page);
    return true;
  }

  stop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #missing(): number[] {
    const [from, to] = this.#wanted;
    // Nobody knows how many there are until somebody asked.
    const end = this.isCounted || to < this.count ? to : to + 1;
    const first = Math.floor(from / PAGE);
    const pages = Array.from(
      { length: Math.ceil(end / PAGE) - first },
      (_, place) => first + place
    );
    return pages.filter(
      page => !this.#pages.has(page) && !this.#asking.has(page) && !this.#isInHead(page)
    );
  }

  #isInHead(page: number): boolean {
    const end = (page + 1) * PAGE;
    return this.#head.length >= (this.isCounted ? Math.min(end, this.count) : end);
  }

  #next(): void {
    if (this.problem) {
      return;
    }
    for (const page of this.#missing().slice(0, AT_ONCE - this.#asking.size)) {
      void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    const turn = this.#turn;
    this.#asking.add(page);
    try {
      const answer = await this.#of.ask(this.query, page * PAGE);
      if (turn === this.#turn) {
        this.#asking.delete(page);
        this.#take(page, answer);
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.#asking.delete(page);
        this.problem = wordsOf(error);
      }
    }
    if (turn === this.#turn) {
      this.#of.changed();
      this.#next();
    }
  }

  #take(page: number, answer: P): void {
    this.#of.took?.(answer);
    this.#pages.set(page, answer.rows);
    this.count = answer.count;
    this.isCounted = true;
    const [from, to] = this.#wanted.map(row => Math.floor(row / PAGE)) as [number, number];
    for (const old of [...this.#pages.keys()]) {
      if (this.#pages.size > this.#of.kept && old !== page && (old < from || old > to)) {
        this.#pages.delete(old);
      }
    }
  }
}
