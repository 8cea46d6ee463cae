// What the reader chose stays: the last of it in the browser, and under a name with the workspace.
import { wordsOf } from '../../../ui/format';
import type { RunTableSnapshot } from '../state';
import { UNCHOSEN, type Choice } from '../state';
import type { Table } from '../table';

const KIND = 'runs';

/** Where the last choice is kept: of this workspace, and of this query. */
function placeOf({ workspace, query }: RunTableSnapshot): string {
  return `aml-magics:${KIND}:${JSON.stringify([workspace, { ...query, limit: undefined }])}`;
}

/** A choice of which parts may be missing, or of another version. */
export function choiceOf(kept: unknown): Choice {
  const found = (kept ?? {}) as Partial<Record<keyof Choice, unknown>>;
  const same = Object.entries(UNCHOSEN).map(([name, none]: [string, unknown]) => {
    const value = found[name as keyof Choice];
    const isAlike =
      none === null
        ? value !== undefined
        : typeof value === typeof none && Array.isArray(value) === Array.isArray(none);
    return [name, isAlike ? value : none];
  });
  const choice = Object.fromEntries(same) as unknown as Choice;
  const { sort, metric } = choice as { sort: unknown; metric: unknown };
  const isSort = typeof (sort as Choice['sort'])?.column === 'string';
  return {
    ...choice,
    sort: isSort ? (sort as Choice['sort']) : null,
    metric: typeof metric === 'string' ? metric : null
  };
}

/** The choice that was made last for this table; a browser may keep none. */
export function lastChoice(snapshot: RunTableSnapshot): Choice {
  try {
    return choiceOf(JSON.parse(localStorage.getItem(placeOf(snapshot)) ?? 'null'));
  } catch {
    return UNCHOSEN;
  }
}

export function keepLast(snapshot: RunTableSnapshot, choice: Choice): void {
  try {
    localStorage.setItem(placeOf(snapshot), JSON.stringify(choice));
  } catch {
    // The browser keeps nothing for this page: then a reload begins anew.
  }
}

/** Views belong to an experiment, or to the whole workspace. */
function scopeOf(table: Table): { kind: string; scope: string } {
  return { kind: KIND, scope: table.snapshot.query.experiment ?? '' };
}

export async function loadViews(table: Table): Promise<void> {
  await changed(table, () => table.host.ask('views', scopeOf(table)));
}

export async function saveView(table: Table, name: string): Promise<void> {
  const state = table.state.choice as unknown as Record<string, unknown>;
  if (await changed(table, () => table.host.ask('save_view', { ...scopeOf(table), name, state }))) {
    table.store.set({ view: name });
  }
}

export async function deleteView(table: Table, name: string): Promise<void> {
  const isGone = await changed(table, () =>
    table.host.ask('delete_view', { ...scopeOf(table), name })
  );
  if (isGone && table.state.view === name) {
    table.store.set({ view: null });
  }
}

export function showView(table: Table, name: string): void {
  const view = table.state.views?.find(one => one.name === name);
  if (view) {
    table.choose(choiceOf(view.state));
    table.store.set({ view: name });
  }
}

/** Whether it worked. */
async function changed(
  table: Table,
  ask: () => Promise<{ views: NonNullable<Table['state']['views']> }>
): Promise<boolean> {
  try {
    const { views } = await ask();
    table.store.set({ views });
    return true;
  } catch (error) {
    table.store.set({ notice: { text: wordsOf(error), isBad: true } });
    return false;
  }
}
