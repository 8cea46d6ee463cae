// A table of runs that is alive.
import { element } from '../../ui/element';
import { oneLine, secondsText, toNumber } from '../../ui/format';
import type { Host, Link } from '../../ui/host';
import type { RunTableEvent } from '../../contract.gen';
import { keepKeys } from '../../ui/keys';
import { linkLine, type LinkLine } from '../../ui/link_line';
import { runsCode } from '../../ui/code';
import type { Mounted, RunTableSnapshot } from '../../ui/snapshot';
import type { RunRowView } from '../../contract.gen';
import { bestIn, columnsOf, ELAPSED, isShownAtFirst, PICK } from './column';
import type { Column } from './column';
import { csvOf, download } from './csv';
import { Drawer } from './drawer';
import { Grid } from './grid';
import { own } from './model';
import type { Item, RunTableModel } from './model';
import { Runs } from './runs';
import { Search } from './search';
import { Picked } from './selection';
import { MOST, Toolbar } from './toolbar';

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountRunTable(
  parent: HTMLElement,
  snapshot: RunTableSnapshot,
  host: Host
): Mounted<RunTableSnapshot> {
  const table = new RunTable(snapshot, host);
  parent.replaceChildren(table.node);
  table.start();
  return { update: newer => table.update(newer), dispose: () => table.dispose() };
}

class RunTable {
  readonly node: HTMLElement;
  readonly #grid: Grid;
  readonly #picked: Picked;
  readonly #toolbar: Toolbar;
  readonly #drawer: Drawer;
  readonly #runs: Runs;
  readonly #line: LinkLine;
  readonly #note = element('p', { class: 'aml-muted', hidden: true });
  #link: Link = 'connecting';
  readonly #search: Search;
  #isGrouped = false;
  #columns: Column[] = [];
  #columnsKey = '';
  /** Columns that the user switched on or off. */
  readonly #choice = new Map<string, boolean>();
  #items: Item[] = [];
  #clock: ReturnType<typeof setInterval> | null = null;
  #isFresh = false;
  readonly #snapshot: RunTableSnapshot;
  readonly #host: Host;

  constructor(snapshot: RunTableSnapshot, host: Host) {
    this.#snapshot = snapshot;
    this.#host = host;
    const { t } = host;
    this.#drawer = new Drawer(t);
    this.#runs = new Runs(host, snapshot.query, {
      event: event => this.#took(event),
      link: (link, message) => {
        this.#link = link;
        this.#line.set(link, message, true);
        this.#tick();
      }
    });
    this.#search = new Search(host, snapshot.query, () => this.#find());
    this.#line = linkLine(t, 'aml-message');
    this.#picked = new Picked(host.selection, () => this.#refresh(true));
    this.#grid = new Grid(t, {
      open: key => this.#open(key),
      sort: column => {
        this.#search.orderBy(column);
        this.#find();
      },
      pick: (key, isRange) => this.#pick(key, isRange),
      pickAll: isToggle => this.#pickAll(isToggle)
    });
    this.#toolbar = new Toolbar(t, {
      filter: text => this.#search.type(text),
      column: (key, isOn) => {
        this.#choice.set(key, isOn);
        this.#refresh(true);
      },
      group: isOn => {
        this.#isGrouped = isOn;
        this.#refresh(false);
      },
      compare: () => this.#compare(),
      toNotebook:
        host.insert && (() => host.insert!(runsCode(this.#selected().map(row => row.id)), true)),
      csv: () =>
        download(
          `${snapshot.query.experiment?.replace(/[^\w-]+/g, '_') || 'runs'}.csv`,
          csvOf(rowsOf(this.#items))
        ),
      more: () => void this.#more()
    });
    const parts = [
      this.#line.node,
      this.#toolbar.node,
      this.#note,
      this.#grid.node,
      this.#drawer.node
    ];
    this.node = element(
      'section',
      { class: 'aml-ui aml-run-list', 'aria-label': t('Runs of %1', oneLine(snapshot.workspace)) },
      parts
    );
    keepKeys(this.node);
    this.#runs.base.replace(snapshot.view);
    this.#refresh(false);
  }

  start(): void {
    this.#runs.follow();
  }

  get #model(): RunTableModel {
    return this.#runs.model;
  }

  update(newer: RunTableSnapshot): void {
    if (!this.#isFresh) {
      this.#runs.base.replace(newer.view);
      this.#refresh(true);
    }
  }

  dispose(): void {
    this.#runs.stop();
    this.#search.stop();
    this.#picked.dispose();
    this.#drawer.dispose();
    this.#grid.dispose();
    clearInterval(this.#clock ?? undefined);
    this.node.remove();
  }

  #took(event: RunTableEvent): void {
    this.#isFresh = true;
    const before = this.#model.rows;
    if (event.type === 'view') {
      this.#model.replace(event.view);
    } else {
      this.#model.apply(event);
    }
    this.#refresh(true);
    this.#loadAll();
    if (!this.#runs.isFound) {
      this.#picked.drop(before.filter(row => !this.#model.byId.has(row.id)).map(row => row.id));
    }
  }

  #refresh(isAnchored: boolean): void {
    const model = this.#model;
    const { condition, sort } = this.#search;
    const key = [model.params.size, model.metrics.size, model.rows.length > 0].join();
    if (key !== this.#columnsKey) {
      this.#columnsKey = key;
      this.#columns = columnsOf(model, this.#host.t, row =>
        secondsText(model.elapsed(row, this.#link === 'live'))
      );
    }
    const columns = this.#columns.filter(column => this.#isOn(column));
    const by = sort && this.#columns.find(column => column.key === sort.column);
    this.#items = model.shown({
      condition,
      valueOf: by?.value ?? null,
      descending: sort?.descending ?? false,
      isGrouped: this.#isGrouped
    });
    const shown = rowsOf(this.#items);
    const best = new Map(columns.map(column => [column.key, bestIn(shown, column.key)]));
    const isBest = (column: string, { row }: Item): boolean => {
      const value = best.get(column);
      return (
        typeof value === 'number' &&
        row !== undefined &&
        toNumber(own(row.metrics, column.slice(8))) === value
      );
    };
    this.#grid.set(
      { columns, items: this.#items, sort, picked: this.#picked.ids, isBest },
      isAnchored
    );
    this.#drawTools(shown.length);
    this.#tick();
  }

  #drawTools(shown: number): void {
    const { t } = this.#host;
    const { rows, more } = this.#model;
    const { isFound, total, pages } = this.#runs;
    const isPartial = more > 0 && this.#search.isOn;
    const found = isFound && !isPartial ? rows.length + more : shown;
    this.#toolbar.set({
      shown: found,
      all: rows.length,
      more,
      total,
      selected: this.#selected().length,
      isLoading: pages.isLoading,
      isPartial
    });
    this.#toolbar.tell(this.#search.problem);
    const choices = this.#columns.filter(({ key }) => key !== PICK && key !== 'name');
    this.#toolbar.menu.set(
      t('Columns'),
      choices.map(column => ({
        key: column.key,
        title: column.key.includes('.') ? column.key : column.title,
        isOn: this.#isOn(column)
      }))
    );
    this.#grid.node.hidden = rows.length === 0;
    this.#note.hidden = shown > 0;
    const { experiment, status, filter } = this.#snapshot.query;
    const first = t(
      'Begin a cell with %1 and it becomes a run, shown here while it runs.',
      '%%aml_run'
    );
    this.#note.textContent =
      rows.length > 0 || isFound
        ? isPartial
          ? t('None of the loaded runs meets the filter.')
          : t('No run meets the filter.')
        : status || filter
          ? t('No run meets the query: %1', oneLine(filter || status!))
          : t(
              experiment ? 'The experiment has no runs yet. %1' : 'There are no runs yet. %1',
              first
            );
  }

  #isOn(column: Column): boolean {
    return this.#choice.get(column.key) ?? isShownAtFirst(column, this.#model);
  }

  #selected(): RunRowView[] {
    return this.#runs.known.filter(row => this.#picked.ids.has(row.id));
  }

  /** Count the time of runs that go on, once a second and only while there are any. */
  #tick(): void {
    const isOn = this.#link === 'live' && this.#model.hasLive;
    if (isOn && this.#clock === null) {
      this.#clock = setInterval(() => {
        this.#grid.rewrite(ELAPSED, ({ row }) =>
          row && this.#model.isLive(row) ? secondsText(this.#model.elapsed(row, true)) : null
        );
      }, 1_000);
    } else if (!isOn && this.#clock !== null) {
      clearInterval(this.#clock);
      this.#clock = null;
    }
  }

  /** Show what is filtered and ordered, and search the runs that are not here yet. */
  #find(): void {
    this.#runs.find(this.#search.find);
    this.#refresh(false);
    this.#loadAll();
  }

  #loadAll(): void {
    if (
      this.#search.isOn &&
      !this.#search.isHeld &&
      this.#model.more > 0 &&
      !this.#runs.pages.isLoading
    ) {
      void this.#more();
    }
  }

  #pick(key: string, isRange: boolean): void {
    if (isRange) {
      this.#picked.extend(
        this.#items.filter(({ row }) => row).map(item => item.key),
        key
      );
      return;
    }
    const item = this.#items.find(one => one.key === key);
    const ids = item?.row
      ? [key]
      : rowsOf(this.#items)
          .filter(row => row.experiment === item?.group)
          .map(row => row.id);
    this.#picked.toggle(ids, key);
  }

  #pickAll(isToggle: boolean): void {
    const ids = rowsOf(this.#items).map(row => row.id);
    if (isToggle) {
      this.#picked.toggle(ids, ids[0] ?? '');
    } else {
      this.#picked.add(ids);
    }
  }

  #open(key: string): void {
    const row = this.#model.byId.get(key);
    if (!row) {
      return;
    }
    if (this.#host.open) {
      this.#host.open({ kind: 'run', run: key });
    } else {
      this.#drawer.open(this.#host.t('Run %1', oneLine(row.name) || row.short_id), into =>
        this.#host.embed(into, { kind: 'run', run: key })
      );
    }
  }

  #compare(): void {
    const rows = this.#selected().slice(0, MOST);
    if (this.#host.open) {
      this.#host.open({ kind: 'compare', runs: rows.map(row => row.id) });
    } else {
      this.#drawer.open(this.#host.t('Comparison of %1 runs', rows.length), into =>
        this.#host.embed(into, { kind: 'compare', runs: rows.map(row => row.id) }, this.#picked)
      );
    }
  }

  async #more(): Promise<void> {
    if (this.#runs.pages.isLoading) {
      this.#runs.pages.stop();
      this.#search.isHeld = true;
      this.#refresh(true);
      return;
    }
    this.#line.set(this.#link, '', true);
    const loading = this.#runs.pages.load(this.#model.followed, (page, at) => {
      this.#model.append(page, at);
      this.#refresh(true);
      return this.#model.more === 0;
    });
    this.#refresh(true);
    try {
      await loading;
    } catch (problem) {
      this.#search.isHeld = true;
      this.#line.tell(this.#host.t('No more runs could be loaded: %1', (problem as Error).message));
    }
    this.#refresh(true);
  }
}

function rowsOf(items: readonly Item[]): RunRowView[] {
  return items.flatMap(({ row }) => row ?? []);
}
