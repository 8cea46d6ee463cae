// The rows of a table of models: in pages, filtered and sorted by the host.
import type { ModelRowView, ModelsView } from '../../contract.gen';
import { wordsOf } from '../../ui/format';
import { nextSort, PAGE, Pages, type Sort } from '../../ui/grid';
import type { Host } from '../../ui/host';

/** Pages that are kept, and metrics that have a column. */
const [KEPT, METRICS] = [50, 20];

interface Query {
  name: string;
  filter: string;
  sort: string;
  descending: boolean;
}

/** How a question ended; `late` where another was asked meanwhile. */
export type Outcome = 'taken' | 'late' | 'failed';

export class ModelRows {
  readonly pages: Pages<ModelRowView, Query, ModelsView>;
  /** What the newest answer tells of all rows. */
  view: ModelsView;
  /** The metrics of all rows that came. */
  metrics: readonly string[];
  /** The sort that is asked for, on which a second click builds. */
  sort: Sort | null;
  isAsking = false;
  /** Why the last question failed. */
  problem = '';
  readonly #changed: () => void;
  #turn = 0;

  /** @param isFresh whether the view is an answer, of which more rows can be had. */
  constructor(host: Host, view: ModelsView, isFresh: boolean, changed: () => void) {
    this.view = view;
    this.metrics = view.metrics;
    this.#changed = changed;
    const { name, filter, sort, descending } = view;
    this.sort = sortOf(view);
    this.pages = new Pages<ModelRowView, Query, ModelsView>({
      ...{ query: { name, filter, sort, descending }, head: view.rows, kept: KEPT, changed },
      count: isFresh ? view.count : view.rows.length,
      ask: (query, offset) => host.ask('models', { ...query, offset, limit: PAGE }),
      took: page => this.#took(page)
    });
  }

  /** Ask for the rows of a filter, in the order that the reader wants. What is shown stays until they come. */
  async ask(filter = this.pages.query.filter): Promise<Outcome> {
    const turn = (this.#turn += 1);
    const { column: sort = '', descending = false } = this.sort ?? {};
    this.isAsking = true;
    this.#changed();
    let outcome: Outcome;
    try {
      const isTaken = await this.pages.load({ name: this.view.name, filter, sort, descending });
      outcome = isTaken ? 'taken' : 'late';
    } catch (error) {
      this.problem = wordsOf(error);
      outcome = 'failed';
    }
    if (turn !== this.#turn) {
      return 'late';
    }
    if (outcome === 'taken') {
      this.problem = '';
    } else {
      this.sort = sortOf(this.pages.query);
    }
    this.isAsking = false;
    this.#changed();
    return outcome;
  }

  sortBy(column: string): Promise<Outcome> {
    this.sort = nextSort(this.sort, column);
    return this.ask();
  }

  stop(): void {
    this.#turn += 1;
    this.pages.stop();
  }

  #took(page: ModelsView): void {
    const known = page.filter === this.view.filter ? this.metrics : [];
    this.metrics = [...new Set([...known, ...page.metrics])].slice(0, METRICS);
    this.view = page;
  }
}

function sortOf({ sort, descending }: Pick<Query, 'sort' | 'descending'>): Sort | null {
  return sort ? { column: sort, descending } : null;
}
