// The runs of a table: those of its query, and of them those that the host finds by what is typed above it.
import type { Host, Link, Subscription } from '../../ui/host';
import type { RunQuery, RunTableEvent } from '../../contract.gen';
import type { RunRowView } from '../../contract.gen';
import { RunTableModel } from './model';
import { Pages } from './pages';

export interface RunsListener {
  event(event: RunTableEvent): void;
  link(link: Link, message?: string): void;
}

const now = (): number => performance.now();

export class Runs {
  /** All runs; while a filter is on, as they were before it. */
  readonly base = new RunTableModel(now);
  /** Those that are shown. */
  model = this.base;
  pages: Pages;
  #find = '';
  #subscription: Subscription | null = null;

  constructor(
    private readonly host: Host,
    private readonly query: RunQuery,
    private readonly listener: RunsListener
  ) {
    this.pages = new Pages(host, query);
  }

  get isFound(): boolean {
    return this.model !== this.base;
  }

  /** How many runs there are, whatever is filtered. */
  get total(): number {
    const { base, model } = this;
    return Math.max(base.rows.length + base.more, model.rows.length + model.more);
  }

  /** All rows that are here. */
  get known(): RunRowView[] {
    return this.isFound
      ? [...this.base.rows, ...this.model.rows.filter(row => !this.base.byId.has(row.id))]
      : this.base.rows;
  }

  /** Follow what a filter finds, or all; what is shown stays until the host answers. */
  find(text: string): void {
    if (text !== this.#find) {
      this.#find = text;
      this.follow();
      if (!text) {
        this.#show(this.base, this.query);
      }
    }
  }

  follow(): void {
    const model = this.#find ? new RunTableModel(now, this.base) : this.base;
    const query = this.#find ? { ...this.query, find: this.#find } : this.query;
    this.#subscription?.stop();
    this.#subscription = this.host.follow('runs', { query }, null, {
      event: event => {
        this.#show(model, query);
        this.listener.event(event);
      },
      link: (link, message) => this.listener.link(link, message)
    });
  }

  #show(model: RunTableModel, query: RunQuery): void {
    if (this.model !== model) {
      this.pages.stop();
      this.pages = new Pages(this.host, query);
      this.model = model;
    }
  }

  stop(): void {
    this.#subscription?.stop();
    this.pages.stop();
  }
}
