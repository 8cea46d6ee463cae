// All that a table of runs knows: what the store answered, and what the reader chose.
import type { GroupView, RunQuery, RunTableView, SavedViewView } from '../../contract.gen';
import type { Sort } from '../../ui/grid';
import type { Link } from '../../ui/host';
import type { Point } from '../../ui/popup/popup';
import type { Snapshot } from '../../ui/place/snapshot';
import { isFilter } from './rows/find';
import type { Listing } from './rows/listing';

/** What an output holds of a table. */
export interface RunTableSnapshot extends Snapshot<RunTableView> {
  query: RunQuery;
}

/** Whether the least or the most of a metric is the best; null where neither is. */
export type Goal = 'min' | 'max' | null;

/** What the reader chose: kept under a name, and brought back when the table is shown again. */
export interface Choice {
  /** What is typed: words to look for, or a filter. */
  text: string;
  sort: Sort | null;
  /** The field that runs are grouped by; '' for none. */
  by: string;
  isStarredOnly: boolean;
  hasArchived: boolean;
  /** Columns that were switched on or off. */
  shown: Record<string, boolean>;
  /** Columns in the order that they were moved into; others follow. */
  order: string[];
  widths: Record<string, number>;
  goals: Record<string, Goal>;
  /** The metric of a narrow table. */
  metric: string | null;
}

export const UNCHOSEN: Choice = {
  text: '',
  sort: null,
  by: '',
  isStarredOnly: false,
  hasArchived: false,
  shown: {},
  order: [],
  widths: {},
  goals: {},
  metric: null
};

/** What lies above the table for a moment. */
export type Above =
  | { kind: 'runs'; at: Point; ids: readonly string[] }
  | { kind: 'column'; at: Point; column: string }
  | { kind: 'more' | 'columns' | 'views'; at: Point }
  | { kind: 'edit'; at: Point; id: string; part: 'name' | 'notes' | 'tags' }
  | { kind: 'cancel'; at: Point; ids: readonly string[] };

/** What was done, and how it is undone. */
export interface Notice {
  text: string;
  isBad?: boolean;
  undo?(): void;
}

export interface TableState {
  readonly link: Link;
  readonly message: string;
  readonly choice: Choice;
  /** What is wrong with what is typed; the last that was right stays in force. */
  readonly problem: string;
  /** The question whose answer is shown. */
  readonly asked: Choice;
  readonly isAsking: boolean;
  readonly params: ReadonlySet<string>;
  readonly metrics: ReadonlySet<string>;
  readonly listing: Listing;
  readonly groups: readonly GroupView[] | null;
  /** The runs of groups that are open, by `groupId`. */
  readonly opened: ReadonlyMap<string, Listing>;
  /** All runs of the query, whatever is filtered. */
  readonly total: number;
  /** Of all runs that are found, where not all of them are here. */
  readonly summary: GroupView | null;
  readonly picked: ReadonlySet<string>;
  /** Whether runs beyond the limit of the query are shown. */
  readonly isUnlimited: boolean;
  readonly isNarrow: boolean;
  readonly above: Above | null;
  readonly notice: Notice | null;
  readonly views: readonly SavedViewView[] | null;
  readonly view: string | null;
}

/** Whether two choices ask the store for the same. */
export function isSameQuestion(one: Choice, other: Choice): boolean {
  return JSON.stringify(questionOf(one)) === JSON.stringify(questionOf(other));
}

function questionOf({ text, sort, by, isStarredOnly, hasArchived }: Choice): unknown {
  return [text.trim(), sort, by, isStarredOnly, hasArchived];
}

/** Whether the reader asks for other runs, or in another order, than the query of the table does. */
export function isOwnQuestion(choice: Choice): boolean {
  return !isSameQuestion(choice, UNCHOSEN);
}

/** The query of a table, with what the reader asks for. */
export function queryOf(base: RunQuery, choice: Choice): RunQuery {
  const text = choice.text.trim();
  const marks = [
    ...(choice.isStarredOnly ? ['starred = true'] : []),
    // Archived runs are found where a filter speaks of them.
    ...(choice.hasArchived ? ['archived in (true, false)'] : [])
  ];
  const filter = isFilter(text) ? text : '';
  const find = [filter && marks.length > 0 ? `(${filter})` : filter, ...marks].filter(Boolean);
  return {
    ...base,
    ...(find.length > 0 && { find: find.join(' and ') }),
    ...(text && !filter && { words: text }),
    ...(choice.sort && { sort: sortText(choice.sort) }),
    ...(choice.by && { by: choice.by })
  };
}

/** Whether some runs of the table are left out. */
export function isNarrowed(choice: Choice): boolean {
  const { find, words } = queryOf({}, choice);
  return Boolean(find ?? words);
}

/** The columns whose names differ from what the store calls them. */
const SORTED_AS: Record<string, string> = { elapsed: 'duration', name: 'number' };

function sortText({ column, descending }: Sort): string {
  return `${SORTED_AS[column] ?? fieldName(column)} ${descending ? 'desc' : 'asc'}`;
}

/** A column as filters name it: names with blanks or signs stand in backquotes. */
export function fieldName(column: string): string {
  const dot = column.indexOf('.');
  const [group, name] = [column.slice(0, dot), column.slice(dot + 1)];
  return dot < 0 || /^[^\s()=<>!'"`]+$/.test(name) ? column : `${group}.\`${name}\``;
}

/** What a group is known by among others: runs without a value are not those whose value is empty. */
export function groupId(key: string | null): string {
  return key === null ? 'group' : `group ${key}`;
}

/** The value of a name, which may be one that every object has: `constructor`. */
export function own<V>(values: Record<string, V>, name: string): V | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
