// What a screen asks its host, and what a host tells a screen that follows something.
import type {
  ChildView,
  ColumnView,
  CompareView,
  DatasetDiffView,
  DatasetPageView,
  DatasetsView,
  DatasetView,
  DiffView,
  ErrorView,
  FilePreviewView,
  FileView,
  GhostView,
  JsonScalar,
  LogPageView,
  MetricView,
  PointsView,
  RunDatasetView,
  RunRowView,
  RunTableView,
  RunView,
  SnapshotView
} from './view';

/** Which runs a table lists; empty fields ask for nothing. `ids` names runs outright, `find` is what is typed above the table. */
export interface RunQuery {
  experiment?: string;
  status?: string;
  filter?: string;
  find?: string;
  sort?: string;
  limit?: number;
  ids?: string[];
  parent?: string;
}

/** A metric that changed: `more` follows the points that are there, `points` takes their place. */
export interface MetricChange extends MetricView {
  more: PointsView | null;
}

/** What changed of a run since the last message; a field that is missing did not. */
export interface RunUpdate {
  name?: string;
  status?: string;
  is_terminal?: boolean;
  reason?: string;
  error?: ErrorView | null;
  description?: string;
  attempt?: number;
  started?: string | null;
  ended?: string | null;
  elapsed?: number | null;
  params?: Record<string, JsonScalar>;
  tags?: Record<string, string | null>;
  metrics?: MetricChange[];
  images?: string[];
  files?: FileView[];
  children?: ChildView[];
  datasets?: RunDatasetView[];
  log_tail?: string[];
  log_size?: number;
  warnings?: string[];
}

/** Told of a run. `token` names the state of the run; who follows again from it is not told the same twice. */
export type RunEvent =
  | { type: 'view'; token: string; view: RunView }
  | { type: 'update'; token: string; update: RunUpdate }
  | { type: 'end'; token: string }
  | { type: 'gone'; token: string; message: string };

/** Told of a table: all of it, or rows that are new or changed and ids of rows that left it; `more` runs are not told of. */
export type RunTableEvent =
  | { type: 'view'; token: string; view: RunTableView }
  | { type: 'rows'; token: string; rows: RunRowView[]; removed: string[]; order: string[] | null; more: number };

/** Told of a comparison: it is sent whole, and ends with its last run. */
export type CompareEvent =
  | { type: 'view'; token: string; view: CompareView }
  | { type: 'end'; token: string };

export interface Events {
  run: RunEvent;
  runs: RunTableEvent;
  compare: CompareEvent;
}

export interface Subjects {
  run: { run: string };
  runs: { query: RunQuery };
  compare: { runs: string[] };
}

export interface Questions {
  /** Points of a metric between two steps or moments, at most `limit`. */
  points: { run: string; metric: string; x: 'step' | 'time'; low: number; high: number; limit: number };
  /** Without `start` and `end` the end of the log. */
  log: { run: string; file?: string; start?: number; end?: number };
  preview: { run: string; file: string };
  snapshot: { run: string };
  /** From `run` to `other`. */
  diff: { run: string; other: string };
  ghosts: { run: string };
  cancel: { run: string };
  runs: { query: RunQuery; offset: number; limit: number };
  compare: { runs: string[] };
  /** By name or id; without a version the newest. */
  dataset: { dataset: string; version?: number };
  /** By id, as the following ones. */
  dataset_rows: { dataset: string; offset: number; limit: number; sort?: string; descending?: boolean; filter?: string };
  dataset_profile: { dataset: string; exact: boolean };
  /** From `dataset` to `other`. */
  dataset_diff: { dataset: string; other: string };
  datasets: Record<string, never>;
}

export interface Answers {
  points: PointsView | null;
  log: LogPageView;
  preview: FilePreviewView;
  snapshot: SnapshotView;
  diff: DiffView;
  ghosts: GhostView[];
  cancel: { status: string; reason: string };
  runs: RunTableView;
  compare: CompareView;
  dataset: DatasetView;
  dataset_rows: DatasetPageView;
  dataset_profile: { columns: ColumnView[]; rows: number };
  dataset_diff: DatasetDiffView;
  datasets: DatasetsView;
}
