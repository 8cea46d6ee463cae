// What a screen shows: the JSON of the dataclasses in `aml_magics/views/`, field by field.
export type * from './view_dataset';

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
