// Rows that came from the host, in pages of a hundred, and those that are asked for.
import { wordsOf } from '../../../ui/format';
import type { Host } from '../../../ui/host';
import type { DatasetPageView, JsonScalar, TableView } from '../../../contract.gen';

export const PAGE = 100;
/** Milliseconds that a row has to be in sight before it is asked for: scrolling passes over many. */
const PAUSE = 80;
const AT_ONCE = 2;
/** Values that are kept. */
const KEPT = 2_000_000;

export interface Query {
  sort?: string;
  descending?: boolean;
  filter?: string;
}

export type Row = readonly JsonScalar[];

export class Pages {
  /** Rows that meet the query, as far as is known. */
  count: number;
  /** Whether `count` is of all of them. */
  isCounted: boolean;
  /** Why rows in sight could not be had. */
  problem = '';
  query: Query = {};
  readonly #host: Host;
  readonly #dataset: string;
  readonly #columns: readonly string[];
  readonly #changed: () => void;
  #head: readonly Row[];
  #pages = new Map<number, readonly Row[]>();
  #asking = new Set<number>();
  #wanted: [number, number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes with each query: an answer to an earlier one is of no use. */
  #turn = 0;

  /**
   * @param head the first rows, by the names of its columns.
   * @param changed called when rows came, or could not.
   */
  constructor(
    host: Host,
    dataset: string,
    columns: readonly string[],
    head: TableView,
    rows: number | null,
    changed: () => void
  ) {
    this.#host = host;
    this.#dataset = dataset;
    this.#columns = columns;
    this.#changed = changed;
    this.#head = arranged(head, columns);
    this.count = rows ?? head.rows.length;
    this.isCounted = rows !== null;
  }

  row(at: number): Row | undefined {
    return this.#pages.get(Math.floor(at / PAGE))?.[at % PAGE] ?? this.#head[at];
  }

  /** The rows of the page that a row is in, as far as they are there. */
  pageAt(at: number): { first: number; rows: readonly Row[] } {
    const first = Math.floor(at / PAGE) * PAGE;
    const places = Array.from(
      { length: Math.min(PAGE, this.count - first) },
      (_, place) => first + place
    );
    return {
      first,
      rows: places.flatMap(place => [this.row(place) ?? []].filter(row => row.length > 0))
    };
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
  async load(query: Query): Promise<boolean> {
    const turn = (this.#turn += 1);
    this.#asking.clear();
    let page: DatasetPageView;
    try {
      page = await this.#ask(query, 0);
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
      const answer = await this.#ask(this.query, page * PAGE);
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
      this.#changed();
      this.#next();
    }
  }

  #ask(query: Query, offset: number): Promise<DatasetPageView> {
    return this.#host.ask('dataset_rows', {
      dataset: this.#dataset,
      offset,
      limit: PAGE,
      ...query
    });
  }

  #take(page: number, answer: DatasetPageView): void {
    this.#pages.set(page, arranged(answer, this.#columns));
    this.count = answer.count;
    this.isCounted = true;
    const [from, to] = this.#wanted.map(row => Math.floor(row / PAGE)) as [number, number];
    const most = Math.max(Math.floor(KEPT / (PAGE * Math.max(this.#columns.length, 1))), 4);
    for (const old of [...this.#pages.keys()]) {
      if (this.#pages.size > most && old !== page && (old < from || old > to)) {
        this.#pages.delete(old);
      }
    }
  }
}

/** Rows with their values in the order of `names`, which is almost always the one that they have. */
function arranged(
  { columns, rows }: Pick<TableView, 'columns' | 'rows'>,
  names: readonly string[]
): readonly Row[] {
  if (columns.length === names.length && columns.every((name, at) => name === names[at])) {
    return rows;
  }
  const places = new Map(columns.map((name, at) => [name, at]));
  const order = names.map(name => places.get(name) ?? -1);
  return rows.map(row => order.map(at => row[at] ?? null));
}
