// Fetches the rows that a table lacks, page by page.
import type { Host } from '../../ui/host';
import type { RunQuery } from '../../contract.gen';
import type { RunTableView } from '../../contract.gen';

const PAGE = 1_000;

export class Pages {
  /** Stands for the loading that goes on. */
  #turn: symbol | null = null;
  readonly #host: Host;
  readonly #query: RunQuery;

  constructor(host: Host, query: RunQuery) {
    this.#host = host;
    this.#query = query;
  }

  get isLoading(): boolean {
    return this.#turn !== null;
  }

  /** Ask from `offset` on until `took` has enough, there is no more, or it is stopped. */
  async load(offset: number, took: (page: RunTableView, at: number) => boolean): Promise<void> {
    const turn = Symbol();
    this.#turn = turn;
    try {
      for (let at = offset; ;) {
        const page = await this.#host.ask('runs', { query: this.#query, offset: at, limit: PAGE });
        if (this.#turn !== turn) {
          return;
        }
        const hasEnough = took(page, at);
        at += page.rows.length;
        if (hasEnough || page.rows.length === 0 || page.more <= 0) {
          return;
        }
      }
    } finally {
      this.#turn = this.#turn === turn ? null : this.#turn;
    }
  }

  stop(): void {
    this.#turn = null;
  }
}
