// What the screen of a dataset shows, and what the reader chose.
import type { DatasetView } from '../../contract.gen';
import type { Sort } from '../../ui/grid';
import type { Host, Link, Translate } from '../../ui/host';
import type { Store } from '../../ui/store';
import type { Condition } from './rows/filter';

export interface DatasetState {
  view: DatasetView;
  link: Link;
  /** Whether the reader went on from the snapshot. */
  isFresh: boolean;
  tab: string;
  /** What could not be done in the head. */
  problem: string;
  /** What the filter's box says. */
  typed: string;
  conditions: readonly Condition[];
  /** The sort of the rows that are shown. */
  sort: Sort | null;
  isLoading: boolean;
  filterProblem: string;
  /** Columns that are not shown among the rows. */
  hidden: ReadonlySet<string>;
  /** Whether the heads of the rows show how values are spread. */
  hasFigures: boolean;
  figuresProblem: string;
  /** What a profile told beside its columns. */
  notices: readonly string[];
}

/** Bytes up to which columns in sight are counted without being asked to. */
const SMALL = 200_000_000;

export function initial(view: DatasetView): DatasetState {
  return {
    ...{ view, link: 'live', isFresh: false, tab: firstTab(view), problem: '' },
    ...{ typed: '', conditions: [], sort: null, isLoading: false, filterProblem: '' },
    ...{ hidden: new Set<string>(), hasFigures: hasFigures(view), figuresProblem: '', notices: [] }
  };
}

function hasFigures({ has_profile, size, format }: DatasetView): boolean {
  return has_profile || (size <= SMALL && format !== 'sql_query');
}

function firstTab({ kind }: DatasetView): string {
  return kind === 'file' ? 'files' : 'rows';
}

/** The state with another view; another version keeps what fits to it. */
export function shown(view: DatasetView, state: DatasetState): Partial<DatasetState> {
  if (view.id === state.view.id) {
    return { view };
  }
  const isOtherKind = (view.kind === 'file') !== (state.view.kind === 'file');
  return {
    ...{ view, problem: '', typed: '', conditions: [], sort: null, isLoading: false },
    ...{ filterProblem: '', figuresProblem: '', notices: [] },
    ...{ hasFigures: hasFigures(view) },
    ...(isOtherKind ? { tab: firstTab(view), hidden: new Set<string>() } : {})
  };
}

export interface Scene {
  readonly host: Host;
  readonly t: Translate;
  readonly store: Store<DatasetState>;
  /** Take over what the reader chose, and draw it at once. */
  choose(change: Partial<DatasetState>): void;
  /** Show another version, or the same with more of it known. */
  take(view: DatasetView): void;
  /** Ask for a version, and show it; rejects as the host does. */
  show(version: number): Promise<void>;
}
