// What a screen shows: the JSON of the dataclasses in `aml_magics/views/`, field by field.

/** A number as strict JSON carries it: `"NaN"`, `"Infinity"`, `"-Infinity"`, or the digits of a whole number beyond 2**53. */
export type JsonNumber = number | string;
export type JsonScalar = number | string | boolean | null;

export interface ErrorView {
  code: string;
  message: string;
  traceback: string;
}

/** `size` is in bytes. */
export interface FileView {
  name: string;
  size: number;
}

export interface ChildView {
  id: string;
  short_id: string;
  number: number;
  name: string;
  status: string;
  elapsed: number | null;
}

/** Points of a curve; `times` are seconds since the run started. All three have one length. */
export interface PointsView {
  steps: JsonNumber[];
  times: number[];
  values: JsonScalar[];
}

export interface TableView {
  columns: string[];
  rows: JsonScalar[][];
  count: number;
}

export interface ConfusionMatrixView {
  labels: string[];
  matrix: JsonScalar[][];
}

export type ChartStyle = 'line' | 'dashed' | 'points' | 'bars';

export interface ChartSeriesView {
  name: string;
  style: ChartStyle;
  x: number[];
  y: (number | null)[];
}

/** A chart that Python has worked out: a ROC curve, residuals, predictions beside the truth. */
export interface ChartView {
  title: string;
  x_label: string;
  y_label: string;
  series: ChartSeriesView[];
}

/** Where an image or chart was logged, `time` seconds after the run started, and what was said of it. */
export interface FileMarkView {
  step: JsonNumber;
  time: number;
  description: string;
}

/** `points` is there for a number logged more than once; `count` is of all points, decimated or not. */
export interface MetricView {
  name: string;
  kind: string;
  count: number;
  last: JsonScalar;
  low: JsonNumber | null;
  high: JsonNumber | null;
  points: PointsView | null;
  table: TableView | null;
  matrix: ConfusionMatrixView | null;
  charts: ChartView[];
  files: string[];
  /** One for each of `files`; an output of an earlier version has none. */
  marks?: FileMarkView[];
}

/** A dataset that a run used: `label` is its own name for it; `mechanism` may be empty. */
export interface RunDatasetView {
  role: string;
  label: string;
  mechanism: string;
  id: string;
  name: string | null;
  version: number;
  kind: string;
}

export interface RunView {
  id: string;
  short_id: string;
  number: number;
  name: string;
  experiment: string;
  type: string | null;
  target: string;
  status: string;
  is_terminal: boolean;
  reason: string;
  error: ErrorView | null;
  description: string;
  attempt: number;
  parent: string | null;
  created: string | null;
  started: string | null;
  ended: string | null;
  elapsed: number | null;
  params: Record<string, JsonScalar>;
  tags: Record<string, string | null>;
  metrics: MetricView[];
  images: string[];
  files: FileView[];
  children: ChildView[];
  /** An output of an earlier version has none. */
  datasets?: RunDatasetView[];
  log_tail: string[];
  log_size: number;
  warnings: string[];
}

export interface RunRowView {
  id: string;
  short_id: string;
  number: number;
  name: string;
  experiment: string;
  status: string;
  reason: string;
  started: string | null;
  elapsed: number | null;
  params: Record<string, JsonScalar>;
  tags: Record<string, string | null>;
  metrics: Record<string, JsonScalar>;
  sparklines: Record<string, JsonScalar[]>;
}

/** `more` runs meet the query and are not among the rows. */
export interface RunTableView {
  params: string[];
  metrics: string[];
  rows: RunRowView[];
  more: number;
}

export interface ComparedRunView {
  id: string;
  short_id: string;
  number: number;
  name: string;
  experiment: string;
  status: string;
  elapsed: number | null;
}

export interface ComparedValueView {
  name: string;
  values: JsonScalar[];
  differs: boolean;
}

/** `low`, `high` and `best` are positions of runs. */
export interface ComparedMetricView {
  name: string;
  values: JsonScalar[];
  differs: boolean;
  direction: 'higher' | 'lower' | null;
  low: number[];
  high: number[];
  best: number[];
}

export interface OverlayView {
  name: string;
  curves: (PointsView | null)[];
}

export interface CompareView {
  runs: ComparedRunView[];
  params: ComparedValueView[];
  tags: ComparedValueView[];
  metrics: ComparedMetricView[];
  overlays: OverlayView[];
}

/** A run drawn faintly behind another: the best of its experiment, or the one before it. */
export interface GhostView {
  role: 'best' | 'previous';
  metric: string | null;
  run: ComparedRunView;
  curves: Record<string, PointsView>;
}

/** A stretch of a log: bytes `start` to `end` of `size`; `errors` are positions in `lines`. */
export interface LogPageView {
  file: string;
  files: string[];
  start: number;
  end: number;
  size: number;
  lines: string[];
  errors: number[];
}

/** A line of a log that was searched for: the byte at which it begins, and its number, from one. */
export interface LogHitView {
  offset: number;
  line: number;
}

/** Lines found before byte `end` of `size`; so far the log has `line` lines. */
export interface LogSearchView {
  hits: LogHitView[];
  end: number;
  line: number;
  size: number;
}

/** Code for a notebook: to get a run, to run it again, to go on with it; empty where that cannot be. */
export interface RunCodeView {
  handle: string;
  again: string;
  resume: string;
}

/** A look into a file: text, or the base64 of an image; neither where it cannot be shown, and `message` says why. */
export interface FilePreviewView {
  name: string;
  size: number;
  media_type: string;
  text: string | null;
  table: TableView | null;
  image: string | null;
  is_whole: boolean;
  message: string;
}

export interface SnapshotPartView {
  name: string;
  title: string;
  text: string;
}

export interface SnapshotView {
  parts: SnapshotPartView[];
}

export interface ChangeView {
  name: string;
  kind: 'changed' | 'added' | 'removed';
  before: JsonScalar;
  after: JsonScalar;
  /** Of a metric whose name tells whether more of it is better. */
  verdict: 'better' | 'worse' | null;
}

export interface DiffView {
  first: string;
  second: string;
  sections: { title: string; changes: ChangeView[] }[];
  texts: { title: string; lines: string[] }[];
}

// What the screens of data show; see view.ts.

/** Of moments the edges are seconds since the epoch; there is one edge more than counts. */
export interface HistogramView {
  edges: JsonNumber[];
  counts: number[];
}

/** A column; what is null was not counted. `is_exact` is false where `distinct` is about so many. */
export interface ColumnView {
  name: string;
  type: string;
  count: number | null;
  missing: number | null;
  distinct: number | null;
  is_exact: boolean;
  low: JsonScalar;
  high: JsonScalar;
  mean: JsonNumber | null;
  deviation: JsonNumber | null;
  quantiles: [share: number, value: JsonScalar][];
  histogram: HistogramView | null;
  top: [value: JsonScalar, count: number][];
}

export interface DatasetVersionView {
  version: number;
  id: string;
  created: string;
  files: number;
  size: number;
  rows: number | null;
  fingerprint: string;
  description: string;
}

/** A run that read or wrote a dataset. */
export interface DatasetUseView {
  run: string;
  run_name: string;
  number: number;
  experiment: string;
  status: string;
  role: string;
  name: string;
}

/** `head` are the first rows; `paths` the first files of a file dataset; `problem` says why rows cannot be shown. */
export interface DatasetView {
  id: string;
  name: string | null;
  version: number;
  kind: string;
  format: string;
  description: string;
  tags: Record<string, string | null>;
  created: string;
  fingerprint: string;
  files: number;
  size: number;
  sources: string[];
  steps: string[];
  rows: number | null;
  has_profile: boolean;
  columns: ColumnView[];
  head: TableView;
  paths: string[];
  notices: string[];
  versions: DatasetVersionView[];
  uses: DatasetUseView[];
  problem: string;
}

/** `count` is of all rows that meet the filter. */
export interface DatasetPageView {
  columns: string[];
  rows: JsonScalar[][];
  offset: number;
  count: number;
}

export interface ColumnChangeView {
  name: string;
  before: ColumnView | null;
  after: ColumnView | null;
  changes: string[];
}

/** Two versions beside each other. */
export interface DatasetDiffView {
  before: number;
  after: number;
  rows_before: number | null;
  rows_after: number | null;
  columns: ColumnChangeView[];
}

export interface DatasetRowView {
  name: string;
  version: number;
  id: string;
  kind: string;
  files: number;
  size: number;
  created: string;
  description: string;
  rows: number | null;
  columns: number | null;
}

export interface DatastoreRowView {
  name: string;
  type: string;
  address: string;
  is_default: boolean;
}

export interface DatasetsView {
  workspace: string;
  rows: DatasetRowView[];
  datastores: DatastoreRowView[];
}

// What a screen asks its host, and what a host tells a screen that follows something.

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
  | {
      type: 'rows';
      token: string;
      rows: RunRowView[];
      removed: string[];
      order: string[] | null;
      more: number;
    };

/** Told of a comparison: it is sent whole, and ends with its last run. */
export type CompareEvent =
  { type: 'view'; token: string; view: CompareView } | { type: 'end'; token: string };

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
  points: {
    run: string;
    metric: string;
    x: 'step' | 'time';
    low: number;
    high: number;
    limit: number;
  };
  /** Without `start` and `end` the end of the log. */
  log: { run: string; file?: string; start?: number; end?: number };
  /** Lines that hold a text, or match an expression, from byte `start`, before which there are `line` lines. */
  log_search: {
    run: string;
    text: string;
    file?: string;
    is_regex?: boolean;
    start?: number;
    line?: number;
  };
  preview: { run: string; file: string };
  snapshot: { run: string };
  run_code: { run: string };
  /** From `run` to `other`. */
  diff: { run: string; other: string };
  ghosts: { run: string };
  cancel: { run: string };
  runs: { query: RunQuery; offset: number; limit: number };
  compare: { runs: string[] };
  /** By name or id; without a version the newest. */
  dataset: { dataset: string; version?: number };
  /** By id, as the following ones. */
  dataset_rows: {
    dataset: string;
    offset: number;
    limit: number;
    sort?: string;
    descending?: boolean;
    filter?: string;
  };
  dataset_profile: { dataset: string; exact: boolean };
  /** From `dataset` to `other`. */
  dataset_diff: { dataset: string; other: string };
  datasets: Record<string, never>;
}

export interface Answers {
  points: PointsView | null;
  log: LogPageView;
  log_search: LogSearchView;
  run_code: RunCodeView;
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
