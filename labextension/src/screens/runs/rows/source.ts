// Where a table gets its runs from: the host is followed for those that are seen, and asked for the others.
import { wordsOf } from '../../../ui/format';
import type { Host, Subscription } from '../../../ui/host';
import type { Store } from '../../../ui/store';
import type { RunQuery, RunTableEvent } from '../../../contract.gen';
import {
  knownRows,
  missingPages,
  namesIn,
  NOTHING,
  PAGE,
  released,
  withChange,
  withPage,
  withView,
  type Listing
} from './listing';
import { withGroups } from './lines';
import { Summary } from './summary';
import {
  groupId,
  isNarrowed,
  isSameQuestion,
  queryOf,
  type Choice,
  type TableState
} from '../state';

/** Milliseconds that rows have to be in sight before they are asked for: scrolling passes over many. */
const PAUSE = 80;
/** Milliseconds without scrolling before the host is followed for other rows. */
const REST = 1_000;
const AT_ONCE = 2;

export class Source {
  readonly #host: Host;
  readonly #base: RunQuery;
  readonly #store: Store<TableState>;
  readonly #gone: (ids: readonly string[]) => void;
  #subscription: Subscription | null = null;
  /** Changes with each question: an answer to an earlier one is of no use. */
  #turn = 0;
  #offset = 0;
  readonly #wanted = new Map<string, [first: number, end: number]>();
  readonly #asking = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #summary: Summary;
  #isHeld = false;
  #isFailing = false;
  /** Whether the host has told something that is newer than any snapshot. */
  isFresh = false;

  /** @param gone called with runs that are no more. */
  constructor(
    host: Host,
    base: RunQuery,
    store: Store<TableState>,
    gone: (ids: readonly string[]) => void
  ) {
    this.#gone = gone;
    this.#host = host;
    this.#base = base;
    this.#store = store;
    this.#summary = new Summary(host, store, () => this.#queryOf(null));
  }

  /** The query of what is shown. */
  get query(): RunQuery {
    return queryOf(this.#base, this.#store.state.asked);
  }

  start(): void {
    const { choice, asked } = this.#store.state;
    if (isSameQuestion(choice, asked)) {
      this.#follow();
    } else {
      void this.ask(choice);
    }
  }

  stop(): void {
    this.#turn += 1;
    this.#subscription?.stop();
    clearTimeout(this.#timer);
    clearTimeout(this.#rest);
    this.#summary.stop();
  }

  /** Show what the reader asks for. What is shown stays until it comes, and where the host refuses it. */
  async ask(choice: Choice): Promise<void> {
    const turn = (this.#turn += 1);
    if (isSameQuestion(choice, this.#store.state.asked)) {
      this.#store.set({ problem: '', isAsking: false });
      return;
    }
    this.#store.set({ problem: '', isAsking: true });
    try {
      const query = queryOf(this.#base, choice);
      const view = await this.#host.ask('runs', { query, offset: 0, limit: PAGE });
      if (turn === this.#turn) {
        this.#offset = 0;
        this.#asking.clear();
        this.#wanted.clear();
        this.#summary.stop();
        this.#store.set({ asked: choice, isAsking: false, summary: null, opened: new Map() });
        this.#take({ type: 'view', token: '', view }, true);
        this.#follow();
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.#store.set({ problem: wordsOf(error), isAsking: false });
      }
    }
  }

  /** Rows are near to be seen; those of a group by their places in it. */
  need(first: number, end: number, group: string | null = null): void {
    this.#wanted.set(group ?? '', [first, end]);
    if (this.#timer === undefined && !this.#isFailing && this.#missing().length > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, PAUSE);
    }
    if (group === null) {
      this.#settle(first, end);
    }
  }

  /** Groups that are seen no more. */
  forget(groups: ReadonlySet<string>): void {
    [...this.#wanted.keys()]
      .filter(id => id && !groups.has(id))
      .forEach(id => this.#wanted.delete(id));
  }

  /** While somebody looks at rows, they keep their order. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) {
      this.release();
    }
  }

  release(): void {
    const { listing } = this.#store.state;
    if (listing.isHeld) {
      this.#store.set({ listing: released(listing) });
    }
  }

  /** Have all rows again, after something was done to them. */
  refresh(): void {
    const { listing } = this.#store.state;
    this.#store.set({ listing: { ...listing, fresh: new Set() } });
    this.#follow();
  }

  /** Ask again for what could not be had. */
  again(): void {
    this.#isFailing = false;
    this.#store.set({ notice: null });
    this.#next();
  }

  /** The ids of all runs that are found, or of those of a group, where all of them are here. */
  knownIds(group: string | null): string[] | null {
    const listing = this.#listingOf(group);
    const known = knownRows(listing);
    const isThere = group === null || this.#store.state.opened.has(group);
    return isThere && known.length === listing.rows.length ? known.map(({ id }) => id) : null;
  }

  async ids(group: string | null): Promise<string[]> {
    return (await this.#host.ask('run_ids', { query: this.#queryOf(group) })).ids;
  }

  /** The query of the rows of the table, or of a group. */
  #queryOf(group: string | null): RunQuery {
    const { by, ...query } = this.query;
    const { groups } = this.#store.state;
    const of = groups?.find(({ key }) => groupId(key) === group);
    return of && by ? { ...query, group: { by, key: of.key } } : query;
  }

  #listingOf(group: string | null): Listing {
    const { listing, opened } = this.#store.state;
    return group === null ? listing : (opened.get(group) ?? NOTHING);
  }

  #setListing(group: string | null, listing: Listing): void {
    if (group === null) {
      this.#store.set({ listing });
    } else {
      this.#store.set(({ opened }) => ({ opened: new Map(opened).set(group, listing) }));
    }
  }

  #follow(): void {
    const turn = this.#turn;
    const window = this.#offset > 0 ? { offset: this.#offset, limit: 2 * PAGE } : {};
    const query = { ...this.query, ...window };
    this.#subscription?.stop();
    this.#subscription = this.#host.follow('runs', { query }, null, {
      event: event => turn === this.#turn && this.#take(event, false),
      link: (link, message) => this.#store.set({ link, message: message ?? '' })
    });
  }

  #take(event: RunTableEvent, isNew: boolean): void {
    this.isFresh = true;
    const { listing, asked, params, metrics } = this.#store.state;
    const found = event.type === 'view' ? event.view : event;
    if (event.type === 'view' && event.view.groups) {
      this.#store.set(state => withGroups(state, event.view));
      this.#next();
      return;
    }
    const next =
      event.type === 'view'
        ? withView(isNew ? NOTHING : listing, event.view, this.#offset)
        : withChange(listing, event, this.#isHeld);
    if (event.type === 'rows' && event.more === 0 && this.#offset === 0 && !isNarrowed(asked)) {
      this.#gone(event.removed);
    }
    this.#store.set({
      listing: next,
      groups: null,
      ...(!isNarrowed(asked) && { total: next.rows.length }),
      params: namesIn(params, found, 'params'),
      metrics: namesIn(metrics, found, 'metrics')
    });
    this.#summary.look();
  }

  /** Once the reader rests on rows that the host does not tell of, follow it for those. */
  #settle(first: number, end: number): void {
    clearTimeout(this.#rest);
    const { listing } = this.#store.state;
    const { offset, ids } = listing.told;
    const isTold = first >= offset && Math.min(end, listing.rows.length) <= offset + ids.length;
    const isAtTop = first === 0;
    if (isTold || (isAtTop && offset === 0)) {
      return;
    }
    this.#rest = setTimeout(() => {
      this.#offset = isAtTop ? 0 : Math.max(Math.floor(first / PAGE - 0.5), 0) * PAGE;
      this.#follow();
    }, REST);
  }

  #missing(): [group: string | null, page: number][] {
    return [...this.#wanted].flatMap(([id, [first, end]]) => {
      const group = id || null;
      const pages = missingPages(this.#listingOf(group), first, end);
      return pages
        .filter(page => !this.#asking.has(`${id} ${page}`))
        .map(page => [group, page] as [string | null, number]);
    });
  }

  #next(): void {
    for (const [group, page] of this.#missing().slice(0, AT_ONCE - this.#asking.size)) {
      void this.#fetch(group, page);
    }
  }

  async #fetch(group: string | null, page: number): Promise<void> {
    const turn = this.#turn;
    const name = `${group ?? ''} ${page}`;
    this.#asking.add(name);
    try {
      const query = this.#queryOf(group);
      const view = await this.#host.ask('runs', { query, offset: page * PAGE, limit: PAGE });
      if (turn === this.#turn) {
        this.#setListing(group, withPage(this.#listingOf(group), view, page));
        this.#store.set(({ params, metrics }) => ({
          params: namesIn(params, view, 'params'),
          metrics: namesIn(metrics, view, 'metrics')
        }));
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.#isFailing = true;
        const text = this.#host.t('Some runs could not be loaded: %1', wordsOf(error));
        this.#store.set({ notice: { text, isBad: true, undo: () => this.again() } });
      }
    }
    if (turn === this.#turn) {
      this.#asking.delete(name);
      if (!this.#isFailing) {
        this.#next();
      }
    }
  }
}
