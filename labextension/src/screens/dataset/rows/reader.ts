// What the reader asks of the rows: which, in which order, and how their columns are spread.
import type { ColumnView, DatasetView } from '../../../contract.gen';
import { printable, wordsOf } from '../../../ui/format';
import { nextSort, type Pages, type Sort } from '../../../ui/grid';
import { filterOf, toggled, type Condition } from './filter';
import { columnsOf, dataColumns, type DataColumn } from './grid_column';
import { datasetPages, type Query, type Row } from './pages';
import type { Scene } from '../state';

/** Milliseconds without a key before a filter is asked for. */
const PAUSE = 400;
/** Milliseconds in which columns come into sight that are asked for together. */
const GATHERED = 150;
/** Columns of a question: a profile reads all rows. */
const MOST = 40;

export class Reader {
  readonly pages: Pages<Row, Query>;
  readonly columns: readonly DataColumn[];
  /** The row that was seen first when another tab was opened. */
  first = 0;
  readonly #scene: Scene;
  readonly #id: string;
  readonly #key: string;
  /** The sort that is asked for, on which a second click builds. */
  #wanted: Sort | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Columns in sight whose figures are still to be asked for. */
  readonly #uncounted = new Set<string>();
  readonly #refused = new Set<string>();
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #isCounting = false;
  #isStopped = false;

  constructor(scene: Scene) {
    const { view } = scene.store.state;
    const columns = columnsOf(view);
    this.#scene = scene;
    this.#id = view.id;
    this.#key = keyOf(view);
    this.columns = dataColumns(columns, view.head);
    const names = columns.map(({ name }) => name);
    const changed = (): void => scene.choose({});
    this.pages = datasetPages(scene.host, view.id, names, view.head, view.rows, changed);
  }

  /** Whether the rows of a view are those that are read here. */
  isOf(view: DatasetView): boolean {
    return keyOf(view) === this.#key;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    this.pages.stop();
  }

  /** Go on as an earlier reader of this version was asked to: its columns were others, so its sort is gone. */
  resume(): void {
    const { typed, conditions } = this.#scene.store.state;
    this.#scene.store.set({ sort: null, isLoading: false });
    if (filterOf(typed, conditions)) {
      this.#load();
    }
  }

  sort(column: string): void {
    this.#wanted = nextSort(this.#wanted, column);
    this.#load();
  }

  /** Take what is typed, and ask for it once nothing more is. */
  type(typed: string, isDone = false): void {
    this.#scene.choose({ typed });
    clearTimeout(this.#timer);
    const ask = (): void => this.#load();
    if (isDone) {
      ask();
    } else {
      this.#timer = setTimeout(ask, typed.trim() ? PAUSE : 0);
    }
  }

  /** Add a condition, or take it away. */
  toggle(condition: Condition | null): void {
    if (condition) {
      const { conditions } = this.#scene.store.state;
      this.#scene.choose({ conditions: toggled(conditions, condition) });
      this.#load();
    }
  }

  /** A column is in sight whose figures nobody counted. */
  want({ name, count }: ColumnView): void {
    if (count !== null || this.#refused.has(name) || this.#uncounted.has(name)) {
      return;
    }
    this.#uncounted.add(name);
    this.#gather();
  }

  /** Ask again for figures that could not be had. */
  recount(): void {
    this.#refused.forEach(name => this.#uncounted.add(name));
    this.#refused.clear();
    this.#scene.choose({ figuresProblem: '', hasFigures: true });
    this.#gather();
  }

  #gather(): void {
    if (this.#gathering === undefined && !this.#isCounting && this.#uncounted.size > 0) {
      this.#gathering = setTimeout(() => {
        this.#gathering = undefined;
        void this.#count();
      }, GATHERED);
    }
  }

  /** One question for all columns that came into sight; those that come meanwhile are the next one. */
  async #count(): Promise<void> {
    const { host, store } = this.#scene;
    const columns = [...this.#uncounted].slice(-MOST);
    this.#uncounted.clear();
    this.#isCounting = true;
    let problem = '';
    try {
      const found = await host.ask('dataset_profile', { dataset: this.#id, columns });
      if (!this.#isStopped) {
        const { view } = store.state;
        const { rows } = found;
        const known = new Map(found.columns.map(column => [column.name, column]));
        this.#scene.take({
          ...view,
          ...{ columns: columnsOf(view).map(column => known.get(column.name) ?? column), rows },
          has_profile: view.has_profile || found.is_whole
        });
        store.set({ notices: found.notices });
        columns.filter(name => !known.has(name)).forEach(name => this.#refused.add(name));
      }
    } catch (error) {
      problem = printable(wordsOf(error));
      columns.forEach(name => this.#refused.add(name));
    }
    this.#isCounting = false;
    if (!this.#isStopped) {
      this.#scene.choose({ figuresProblem: problem });
      this.#gather();
    }
  }

  /** Ask for the rows as the filter and the sort say; what is wrong is said where it was typed. */
  #load(): void {
    clearTimeout(this.#timer);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { choose, store } = this.#scene;
    const sort = this.#wanted;
    const filter = filterOf(store.state.typed, store.state.conditions);
    const column = sort && this.columns[Number(sort.column)]?.of.name;
    const query: Query = {
      ...(sort && typeof column === 'string' && { sort: column, descending: sort.descending }),
      ...(filter && { filter })
    };
    // What was wrong with an earlier filter is not wrong with this one.
    choose({ isLoading: true, filterProblem: '' });
    try {
      if (await this.pages.load(query)) {
        choose({ isLoading: false, sort });
      }
    } catch (error) {
      this.#wanted = store.state.sort;
      choose({ isLoading: false, filterProblem: printable(wordsOf(error)) });
    }
  }
}

function keyOf({ id, columns: { length }, head }: DatasetView): string {
  return JSON.stringify([id, length, head.columns.length]);
}
