// What all runs of a table have in common, where not all of them are here: which value is the best.
import type { RunQuery } from '../../../contract.gen';
import type { Host } from '../../../ui/host';
import type { Store } from '../../../ui/store';
import { isWhole } from './listing';
import type { TableState } from '../state';

/** Milliseconds between two looks. */
const PAUSE = 5_000;

export class Summary {
  readonly #host: Host;
  readonly #store: Store<TableState>;
  readonly #query: () => RunQuery;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes with each question: an answer to an earlier one is of no use. */
  #turn = 0;

  constructor(host: Host, store: Store<TableState>, query: () => RunQuery) {
    this.#host = host;
    this.#store = store;
    this.#query = query;
  }

  /** Look again, soon. */
  look(): void {
    const { listing, summary } = this.#store.state;
    if (this.#timer === undefined && !isWhole(listing)) {
      this.#timer = setTimeout(() => void this.#ask(this.#turn), summary === null ? 0 : PAUSE);
    }
  }

  stop(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #ask(turn: number): Promise<void> {
    try {
      const summary = await this.#host.ask('runs_summary', { query: this.#query() });
      if (turn === this.#turn) {
        this.#store.set({ summary });
      }
    } catch {
      // Without it the best is that of the rows that are here.
    }
    if (turn === this.#turn) {
      this.#timer = undefined;
    }
  }
}
