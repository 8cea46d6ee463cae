// What the table is filtered and ordered by.
import type { Host } from '../host';
import type { RunQuery } from '../message';
import { isExpression } from './filter';
import type { Condition } from './filter';
import { conditionOf } from './filter_box';
import { nextSort } from './order';
import type { Sort } from './order';

/** Milliseconds without a key before the host is asked: names are wrong while they are typed. */
const PAUSE = 400;

export class Search {
  condition: Condition | null = null;
  sort: Sort | null = null;
  /** What is wrong with the filter; where it cannot be read the last one that could stays in force. */
  problem = '';
  /** Whether the user stopped the loading that this needs, or it failed. */
  isHeld = false;
  #timer?: ReturnType<typeof setTimeout>;
  #turn = 0;
  readonly #host: Host;
  readonly #query: RunQuery;

  constructor(host: Host, query: RunQuery) {
    this.#host = host;
    this.#query = query;
  }

  get isOn(): boolean {
    return (this.condition ?? this.sort) !== null;
  }

  orderBy(column: string): void {
    this.sort = nextSort(this.sort, column);
    this.isHeld = false;
  }

  /** Take what is typed; `changed` is called at once, and when the host, if it answers, finds names that no run has. */
  type(text: string, isLive: boolean, changed: (isRead: boolean) => void): void {
    this.stop();
    this.problem = '';
    try {
      this.condition = conditionOf(text, this.#host.t);
      this.isHeld = false;
    } catch (problem) {
      this.problem = (problem as Error).message;
    }
    changed(this.problem === '');
    if (isLive && isExpression(text)) {
      this.#timer = setTimeout(() => void this.#ask(text, changed), PAUSE);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #ask(filter: string, changed: (isRead: boolean) => void): Promise<void> {
    const turn = this.#turn;
    try {
      await this.#host.ask('runs', { query: { ...this.#query, filter, sort: '' }, offset: 0, limit: 1 });
    } catch (problem) {
      if (turn === this.#turn) {
        this.problem = (problem as Error).message;
        changed(false);
      }
    }
  }
}
