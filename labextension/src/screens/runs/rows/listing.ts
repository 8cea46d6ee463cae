// The runs of a query in the order of the store, of which those that were near to be seen are here.
import { TERMINAL } from '../../../ui/status';
import type { RunRowView, RunTableEvent, RunTableView } from '../../../contract.gen';

/** Rows are asked for by so many. */
export const PAGE = 100;

type Row = RunRowView | undefined;

/** Never changed in place. */
export interface Listing {
  /** By their places, as many as there are runs; undefined ones are still to come. */
  readonly rows: readonly Row[];
  readonly places: ReadonlyMap<string, number>;
  /** The rows that the host tells of: the ids from a place on, in the order of the store. */
  readonly told: { readonly offset: number; readonly ids: readonly string[] };
  /** Pages that are as the store has them, beside the rows that the host tells of. */
  readonly fresh: ReadonlySet<number>;
  /** Whether the rows that the host tells of are shown in an earlier order. */
  readonly isHeld: boolean;
}

export const NOTHING: Listing = {
  rows: [],
  places: new Map(),
  told: { offset: 0, ids: [] },
  fresh: new Set(),
  isHeld: false
};

const heardAt = new WeakMap<RunRowView, number>();

/** Note when rows of live runs came: from then on their time is counted here. */
function heard(rows: readonly RunRowView[]): void {
  const now = Date.now();
  rows.forEach(row => isLive(row) && heardAt.set(row, now));
}

/** Whether time goes on for a run. */
export function isLive({ started, status }: RunRowView): boolean {
  return started !== null && !TERMINAL.has(status);
}

/** Seconds that a run has taken; where `now` is given, those of a run that goes on are counted up to then. */
export function elapsedOf(row: RunRowView, now: number | null): number | null {
  const since = heardAt.get(row);
  return now === null || since === undefined || row.elapsed === null || !isLive(row)
    ? row.elapsed
    : row.elapsed + Math.max(now - since, 0) / 1_000;
}

/** All rows that are here. */
export function knownRows({ rows }: Listing): RunRowView[] {
  return rows.filter(row => row !== undefined);
}

/** Whether all rows are here. */
export function isWhole({ rows, places }: Listing): boolean {
  return places.size === rows.length;
}

/** The pages with rows of a range that the store has to be asked for. */
export function missingPages(
  { rows, fresh, told: { offset, ids } }: Listing,
  first: number,
  end: number
): number[] {
  const pages = new Set<number>();
  for (let at = Math.max(first, 0); at < Math.min(end, rows.length); at += 1) {
    const page = Math.floor(at / PAGE);
    if (!fresh.has(page) && (at < offset || at >= offset + ids.length)) {
      pages.add(page);
    }
  }
  return [...pages];
}

type Found = Pick<RunTableView, 'rows' | 'more'>;

/** Take the rows that the host tells of from `offset` on; others that are here are asked for again. */
export function withView(before: Listing, view: Found, offset: number): Listing {
  heard(view.rows);
  const total = offset + view.rows.length + view.more;
  const told = { offset, ids: view.rows.map(({ id }) => id) };
  const rows = spliced(before.rows, offset, before.told.ids.length, view.rows, total);
  const fresh = total === before.rows.length ? before.fresh : new Set<number>();
  return { rows, places: placesOf(rows), told, fresh, isHeld: false };
}

/** Take a page that was asked for. */
export function withPage(before: Listing, { rows: found, more }: Found, page: number): Listing {
  heard(found);
  const offset = page * PAGE;
  const total = offset + found.length + more;
  const rows = spliced(before.rows, offset, found.length, found, total);
  const fresh = new Set(total === before.rows.length ? before.fresh : []).add(page);
  return { ...before, rows, places: placesOf(rows), fresh };
}

/**
 * Take what changed of the rows that the host tells of.
 *
 * @param isHeld whether rows keep the order that they are shown in, since somebody looks at them.
 */
export function withChange(
  before: Listing,
  change: Extract<RunTableEvent, { type: 'rows' }>,
  isHeld: boolean
): Listing {
  heard(change.rows);
  const { offset, ids: old } = before.told;
  const gone = new Set(change.removed);
  const come = change.rows.map(({ id }) => id).filter(id => !old.includes(id));
  // Without an order the newest come first, as they do in a query.
  const ids = change.order ?? [...come, ...old.filter(id => !gone.has(id))];
  const seen = before.rows.slice(offset, offset + old.length).flatMap(row => row?.id ?? []);
  const isKept = isHeld && !isSameOrder(seen, ids);
  const shown = isKept ? keptOrder(seen, ids) : ids;
  const changed = new Map(change.rows.map(row => [row.id, row]));
  const window = shown.map(id => changed.get(id) ?? before.rows[before.places.get(id) ?? -1]);
  const total = offset + ids.length + change.more;
  const rows = spliced(before.rows, offset, old.length, window, total);
  const isSame = total === before.rows.length && ids.join() === old.join();
  return {
    rows,
    places: placesOf(rows),
    told: { offset, ids },
    fresh: isSame ? before.fresh : new Set(),
    isHeld: isKept
  };
}

/** Show the order that was held back. */
export function released(before: Listing): Listing {
  if (!before.isHeld) {
    return before;
  }
  const { offset, ids } = before.told;
  const window = ids.map(id => before.rows[before.places.get(id) ?? -1]);
  const rows = spliced(before.rows, offset, ids.length, window, before.rows.length);
  return { ...before, rows, places: placesOf(rows), isHeld: false };
}

/** Put rows in place of `length` others from `offset` on. Those behind move on as the total says, as new rows come first. */
function spliced(
  before: readonly Row[],
  offset: number,
  length: number,
  window: readonly Row[],
  total: number
): Row[] {
  const ids = new Set(window.map(row => row?.id));
  const elsewhere = (row: Row): Row => (row && ids.has(row.id) ? undefined : row);
  const rows: Row[] = before.slice(0, offset).map(elsewhere);
  rows.length = offset;
  rows.push(...window);
  const end = rows.length;
  rows.length = total;
  const shift = total - before.length;
  for (let at = offset + length; at < before.length; at += 1) {
    const place = at + shift;
    if (place >= end && place < total) {
      rows[place] = elsewhere(before[at]);
    }
  }
  return rows;
}

/** Those that are seen in the order that they are seen in, then the others. */
function keptOrder(seen: readonly string[], ids: readonly string[]): string[] {
  const [there, known] = [new Set(ids), new Set(seen)];
  return [...seen.filter(id => there.has(id)), ...ids.filter(id => !known.has(id))];
}

/** Whether those that are in both lists stand in one order. */
function isSameOrder(before: readonly string[], after: readonly string[]): boolean {
  const [known, there] = [new Set(before), new Set(after)];
  const kept = after.filter(id => known.has(id));
  return before.filter(id => there.has(id)).every((id, at) => id === kept[at]);
}

function placesOf(rows: readonly Row[]): Map<string, number> {
  const places = new Map<string, number>();
  rows.forEach((row, at) => row && places.set(row.id, at));
  return places;
}

/** As many rows, of which those that are here come first. */
export function listingOf(rows: readonly Row[], count: number): Listing {
  const all = rows.slice(0, count);
  all.length = count;
  const places = new Map(all.flatMap((row, at) => (row ? [[row.id, at] as const] : [])));
  return { ...NOTHING, rows: all, places };
}

export function emptyRows(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined);
}

/** Names of parameters or metrics in the order of their first use; the same set where there is none to add. */
export function namesIn(
  before: ReadonlySet<string>,
  found: { rows: readonly RunRowView[] } & Partial<Pick<RunTableView, 'params' | 'metrics'>>,
  group: 'params' | 'metrics'
): ReadonlySet<string> {
  const names = new Set(before);
  found[group]?.forEach(name => names.add(name));
  found.rows.forEach(row => Object.keys(row[group]).forEach(name => names.add(name)));
  return names.size > before.size ? names : before;
}
