// The rows that are known, and which of them are shown in which order.
import { TERMINAL } from '../../ui/status';
import type { RunTableEvent } from '../../contract.gen';
import type { JsonScalar, RunRowView, RunTableView } from '../../contract.gen';
import { sorted } from './order';
import type { Condition } from './words';

/** A line of the table: a run, or the head of a group. */
export type Item =
  | { key: string; row: RunRowView; group?: undefined }
  | { key: string; group: string; count: number; row?: undefined };

export interface Arrangement {
  condition: Condition | null;
  valueOf: ((row: RunRowView) => JsonScalar | undefined) | null;
  descending: boolean;
  isGrouped: boolean;
}

/** The value of a name, which may be one that every object has: `constructor`. */
export function own<V>(values: Record<string, V>, name: string): V | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

export class RunTableModel {
  rows: RunRowView[] = [];
  more = 0;
  readonly params: Set<string>;
  readonly metrics: Set<string>;
  readonly byId = new Map<string, RunRowView>();
  /** When each row that runs was told of, in the page's own time. */
  readonly #told = new Map<string, number>();
  /** Those that the host tells of; the others came by further pages. */
  #followed = new Set<string>();
  readonly #now: () => number;

  /** @param wider holds these rows too, and has the same columns. */
  constructor(now: () => number, wider?: RunTableModel) {
    this.#now = now;
    this.params = wider?.params ?? new Set();
    this.metrics = wider?.metrics ?? new Set();
  }

  /** Take a view for the whole truth, but keep rows of further pages that it does not reach. */
  replace(view: RunTableView): void {
    this.#followed = new Set(view.rows.map(row => row.id));
    const beyond = view.more > 0 ? this.rows.filter(row => !this.#followed.has(row.id)) : [];
    this.byId.clear();
    this.#put(view);
    beyond.forEach(row => this.byId.set(row.id, row));
    this.#arrange(view.rows.concat(beyond).map(row => row.id));
    this.#count(view.more);
  }

  /** Where further pages begin: rows behind those that the host tells of may be here, or have been pushed out. */
  get followed(): number {
    return this.#followed.size;
  }

  /** A further page, which begins at a place in the whole table. */
  append(view: RunTableView, at: number): void {
    const ids = this.rows.map(row => row.id);
    this.#put(view);
    this.#arrange([...ids.slice(0, at), ...view.rows.map(row => row.id), ...ids.slice(at)]);
    this.more = Math.max(at + view.rows.length + view.more - this.rows.length, 0);
  }

  /** Rows that came, changed or left. */
  apply({ rows, removed, order, more }: Extract<RunTableEvent, { type: 'rows' }>): void {
    const fresh = rows.filter(row => !this.byId.has(row.id)).map(row => row.id);
    this.#put({ rows, params: [], metrics: [] });
    rows.forEach(row => this.#followed.add(row.id));
    removed.forEach(id => this.byId.delete(id) && this.#followed.delete(id));
    // without an order the newest come first, as they do in a query
    this.#arrange([...(order ?? fresh), ...this.rows.map(row => row.id), ...fresh]);
    this.#count(more);
  }

  shown({ condition, valueOf, descending, isGrouped }: Arrangement): Item[] {
    let rows = condition ? this.rows.filter(condition) : this.rows;
    rows = valueOf ? sorted(rows, valueOf, descending) : rows;
    if (!isGrouped) {
      return rows.map(row => ({ key: row.id, row }));
    }
    const groups = new Map<string, RunRowView[]>();
    for (const row of rows) {
      const group = groups.get(row.experiment);
      if (group) {
        group.push(row);
      } else {
        groups.set(row.experiment, [row]);
      }
    }
    return [...groups].flatMap(([group, of]): Item[] => [
      { key: `experiment ${group}`, group, count: of.length },
      ...of.map(row => ({ key: row.id, row }))
    ]);
  }

  /** Seconds that a run has taken; those of a run that goes on are counted here where `isCounting`. */
  elapsed(row: RunRowView, isCounting: boolean): number | null {
    const told = this.#told.get(row.id);
    return told !== undefined && row.elapsed !== null && isCounting
      ? row.elapsed + (this.#now() - told) / 1_000
      : row.elapsed;
  }

  /** Whether time goes on for any of the runs. */
  get hasLive(): boolean {
    return this.#told.size > 0;
  }

  isLive(row: RunRowView): boolean {
    return this.#told.has(row.id);
  }

  /** Of the runs that the host leaves out some may be here. */
  #count(left: number): void {
    this.more = Math.max(left - this.rows.length + this.#followed.size, 0);
  }

  #put({ rows, params, metrics }: Omit<RunTableView, 'more'>): void {
    params.forEach(name => this.params.add(name));
    metrics.forEach(name => this.metrics.add(name));
    for (const row of rows) {
      Object.keys(row.params).forEach(name => this.params.add(name));
      Object.keys(row.metrics).forEach(name => this.metrics.add(name));
      this.byId.set(row.id, row);
      if (row.started !== null && !TERMINAL.has(row.status)) {
        this.#told.set(row.id, this.#now());
      } else {
        this.#told.delete(row.id);
      }
    }
  }

  /** Rows in the order of their ids; ids of none, and those that come again, are passed over. */
  #arrange(ids: readonly string[]): void {
    const seen = new Set(ids);
    this.rows = [];
    for (const id of seen) {
      const row = this.byId.get(id);
      if (row) {
        this.rows.push(row);
      }
    }
    [...this.#told.keys()].filter(id => !this.byId.has(id)).forEach(id => this.#told.delete(id));
  }
}
