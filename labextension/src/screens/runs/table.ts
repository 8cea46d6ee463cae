// A table of runs: its state, and what the reader can do with it.
import { wordsOf } from '../../ui/format';
import { runsCode } from '../../ui/code';
import { nextSort, type Sort } from '../../ui/grid';
import type { Host, Selection } from '../../ui/host';
import { Store } from '../../ui/store';
import type { ViewMemory } from '../../ui/place/view_memory';
import type { CompareSubject, RunRowView } from '../../contract.gen';
import type { RunTableSnapshot } from './state';
import { saveTable } from './csv';
import { isGroup, linesOf, type GroupLine, type Line, type Lines } from './rows/lines';
import { knownRows, listingOf, NOTHING } from './rows/listing';
import { MOST } from './compared';
import { cancelable, LONG, Manager } from './manage';
import { Picked } from './selection';
import { Source } from './rows/source';
import { sortOf, startOf } from './rows/start';
import { UNCHOSEN, isSameQuestion, type Above, type Choice, type TableState } from './state';
import { memoryOf } from './views/views';

/** Milliseconds without a key before the store is asked: names are wrong while they are typed. */
const PAUSE = 400;

/** Where other screens are shown. */
interface Shows {
  open(id: string): void;
  compare(subject: CompareSubject, count: number): void;
}

export class Table {
  readonly store: Store<TableState>;
  readonly source: Source;
  readonly manager: Manager;
  readonly host: Host;
  readonly snapshot: RunTableSnapshot;
  readonly picked: Picked;
  readonly shows: Shows;
  readonly #memory: ViewMemory<Choice>;
  #lines: { of: TableState; lines: Lines } | null = null;
  #rows: { of: TableState; rows: RunRowView[] } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param compare called to show the selected runs beside each other, `open` to show one. */
  constructor(
    snapshot: RunTableSnapshot,
    host: Host,
    selection: Selection | undefined,
    shows: Shows
  ) {
    this.shows = shows;
    this.host = host;
    this.snapshot = snapshot;
    this.picked = new Picked(selection ?? host.selection, () =>
      this.store.set({ picked: new Set(this.picked.ids) })
    );
    this.#memory = memoryOf(host, snapshot);
    const { view: choice, problem } = this.#memory.load();
    const goals = { ...snapshot.query.goals, ...choice.goals };
    this.store = new Store(startOf(snapshot.view, { ...choice, goals }, this.picked.ids));
    if (problem) {
      this.store.set({ notice: { text: problem } });
    }
    this.source = new Source(host, snapshot.query, this.store, ids => this.picked.drop(ids));
    this.manager = new Manager(host, {
      tell: notice => this.store.set({ notice }),
      refresh: () => this.source.refresh(),
      drop: ids => this.picked.drop(ids)
    });
  }

  get state(): TableState {
    return this.store.state;
  }

  get lines(): Lines {
    const { state } = this;
    if (
      this.#lines?.of.listing !== state.listing ||
      this.#lines.of.groups !== state.groups ||
      this.#lines.of.opened !== state.opened ||
      this.#lines.of.isUnlimited !== state.isUnlimited
    ) {
      this.#lines = { of: state, lines: linesOf(state, this.snapshot.query.limit) };
    }
    return this.#lines.lines;
  }

  /** What the rows are sorted by: as the reader wants, else as the query of the table does. */
  get sort(): Sort | null {
    return this.state.asked.sort ?? this.ownSort;
  }

  get ownSort(): Sort | null {
    return sortOf(this.snapshot.query.sort);
  }

  /** Pixels of the page that the table takes. */
  width = 0;

  /** The rows that are here: the same array until there are others. */
  get rows(): readonly RunRowView[] {
    const { listing, opened } = this.state;
    if (this.#rows?.of.listing !== listing || this.#rows.of.opened !== opened) {
      const rows = [listing, ...opened.values()].flatMap(knownRows);
      this.#rows = { of: this.state, rows };
    }
    return this.#rows.rows;
  }

  rowsOf = (ids: readonly string[]): RunRowView[] => {
    const wanted = new Set(ids);
    return this.rows.filter(row => wanted.has(row.id));
  };

  start(): void {
    this.source.start();
  }

  update({ view }: RunTableSnapshot): void {
    if (!this.source.isFresh) {
      const { choice } = this.state;
      this.store.set(({ asked }) => ({ ...startOf(view, choice, this.picked.ids), asked }));
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#memory.dispose();
    this.source.stop();
    this.picked.dispose();
  }

  choose(change: Partial<Choice>): void {
    const before = this.state.choice;
    const choice = { ...before, ...change };
    this.store.set({ choice, view: null });
    this.#memory.save(choice);
    if (!isSameQuestion(before, choice)) {
      clearTimeout(this.#timer);
      void this.source.ask(choice);
    }
  }

  reset(): void {
    this.choose(UNCHOSEN);
  }

  type(text: string): void {
    const choice = { ...this.state.choice, text };
    this.store.set({ choice, problem: '' });
    clearTimeout(this.#timer);
    const ask = (): void => {
      this.#memory.save(this.state.choice);
      void this.source.ask(this.state.choice);
    };
    this.#timer = setTimeout(ask, text.trim() ? PAUSE : 0);
  }

  enter(): void {
    clearTimeout(this.#timer);
    this.#memory.save(this.state.choice);
    void this.source.ask(this.state.choice);
  }

  sortBy(column: string): void {
    const own = this.ownSort;
    const { sort } = this.state.choice;
    this.choose({
      sort:
        sort === null && own?.column === column
          ? { column, descending: !own.descending }
          : nextSort(sort, column)
    });
  }

  toggleGroup({ id, group }: GroupLine): void {
    const next = new Map(this.state.opened);
    if (!next.delete(id)) {
      next.set(id, listingOf([], group.count));
    }
    this.store.set({ opened: next });
    this.source.forget(new Set(next.keys()));
  }

  need(first: number, end: number): void {
    const ranges = this.lines.within(first, end);
    ranges.forEach(range => this.source.need(range.first, range.end, range.group));
  }

  toggle(index: number): void {
    const line = this.lines.at(index);
    if (!line) {
      return;
    }
    if (isGroup(line)) {
      void this.#withIds(line.id, ids => this.picked.toggle(ids, line.id));
    } else {
      this.picked.toggle([line.id], line.id);
    }
  }

  /** Add the runs from the last one that was picked to this. */
  extend(index: number): void {
    const { lines } = this;
    const line = lines.at(index);
    const from = lines.placeOf(this.picked.anchor ?? '') ?? index;
    const [first, end] = [Math.min(from, index), Math.max(from, index) + 1];
    if (this.picked.anchor === null && line && !isGroup(line)) {
      this.picked.anchor = line.id;
    }
    for (const range of lines.within(first, end)) {
      const { rows } = this.listingOf(range.group);
      const found = rows.slice(range.first, range.end);
      if (!found.includes(undefined)) {
        this.picked.add(found.map(row => row!.id));
      } else {
        void this.#withIds(range.group, ids => this.picked.add(ids.slice(range.first, range.end)));
      }
    }
  }

  pickAll(isToggle: boolean): void {
    void this.#withIds(null, ids =>
      isToggle ? this.picked.toggle(ids, ids[0] ?? '') : this.picked.add(ids)
    );
  }

  listingOf(group: string | null): TableState['listing'] {
    return group === null ? this.state.listing : (this.state.opened.get(group) ?? NOTHING);
  }

  open(line: Line): void {
    if (isGroup(line)) {
      this.toggleGroup(line);
    } else {
      this.shows.open(line.id);
    }
  }

  /** The selected runs, in the order of the table as far as they are here. */
  get selected(): string[] {
    const here = this.rows.filter(row => this.picked.ids.has(row.id)).map(({ id }) => id);
    return [...new Set([...here, ...this.picked.ids])];
  }

  compare(ids: readonly string[] = this.selected): void {
    if (ids.length >= 2 && ids.length <= MOST) {
      this.shows.compare({ runs: [...ids] }, ids.length);
    }
  }

  toNotebook(ids: readonly string[] = this.selected): void {
    try {
      this.host.insert!(runsCode(ids), true);
    } catch (error) {
      this.#failed(error);
    }
  }

  async csv(): Promise<void> {
    this.store.set({ isAsking: true });
    try {
      await saveTable(this);
    } catch (error) {
      this.#failed(error);
    }
    this.store.set({ isAsking: false });
  }

  show(above: Above | null): void {
    this.store.set({ above, notice: above === null ? this.state.notice : null });
  }

  /** Cancel runs, after a question where that would end much work. */
  cancel(ids: readonly string[], at: Above['at']): void {
    const rows = cancelable(this.rowsOf(ids));
    if (rows.some(row => (row.elapsed ?? 0) > LONG)) {
      this.show({ kind: 'cancel', at, ids: rows.map(({ id }) => id) });
    } else {
      void this.manager.cancel(rows.map(({ id }) => id));
    }
  }

  async #withIds(group: string | null, take: (ids: string[]) => void): Promise<void> {
    const ids = this.source.knownIds(group);
    if (ids) {
      take(ids);
      return;
    }
    try {
      take(await this.source.ids(group));
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.store.set({ notice: { text: wordsOf(error), isBad: true } });
  }
}
