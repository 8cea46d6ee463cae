// What the reader chose stays: the last of it with the output, and under a name with the workspace.
import { wordsOf } from '../../../ui/format';
import type { Sort } from '../../../ui/grid';
import type { Host } from '../../../ui/host';
import {
  isBetween,
  isFlag,
  isListOf,
  isNullOr,
  isOf,
  isOneOf,
  isRecordOf,
  isText,
  readView,
  ViewMemory,
  type Shape
} from '../../../ui/place/view_memory';
import { UNCHOSEN, type Choice, type Goal, type RunTableSnapshot } from '../state';
import type { Table } from '../table';

const KIND = 'runs';

const isGoal = isOneOf<Goal>('min', 'max', null);

const SHAPE: Shape<Choice> = {
  text: isText,
  sort: isNullOr(isOf<Sort>({ column: isText, descending: isFlag })),
  by: isText,
  isStarredOnly: isFlag,
  hasArchived: isFlag,
  shown: isRecordOf(isFlag),
  order: isListOf(isText),
  widths: isRecordOf(isBetween(1, 10_000)),
  goals: isRecordOf(isGoal),
  metric: isNullOr(isText)
};

/** What was chosen for a table of this query, in its output and in this browser. */
export function memoryOf(host: Host, { workspace, query }: RunTableSnapshot): ViewMemory<Choice> {
  const subject = [workspace, { ...query, limit: undefined }];
  return new ViewMemory(host, KIND, subject, UNCHOSEN, SHAPE);
}

/** Views belong to an experiment, or to the whole workspace. */
function scopeOf(table: Table): { kind: string; scope: string } {
  return { kind: KIND, scope: table.snapshot.query.experiment ?? '' };
}

export async function loadViews(table: Table): Promise<void> {
  const before = table.state.views;
  await changed(table, async () => {
    const { views } = await table.host.ask('views', scopeOf(table));
    // What was saved or deleted meanwhile is newer than this answer may be.
    const { views: now } = table.state;
    return { views: now === before || now === null ? views : now };
  });
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
    table.choose(readView(view.state, UNCHOSEN, SHAPE).view);
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
