// What the screens of data show; see view.ts.
import type { JsonNumber, JsonScalar, TableView } from './view';

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
