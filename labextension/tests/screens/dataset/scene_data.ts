// Datasets for tests.
import type {
  ColumnView,
  DatasetPageView,
  DatasetProfileView,
  DatasetUseView,
  DatasetVersionView,
  DatasetView,
  JsonScalar,
  Questions
} from '../../../src/contract.gen';

export function column(
  name: string,
  type = 'integer',
  fields: Partial<ColumnView> = {}
): ColumnView {
  return {
    ...{
      name,
      type,
      count: 95,
      missing: 5,
      distinct: 40,
      is_exact: false,
      low: 0,
      high: 100,
      mean: 50.5,
      deviation: 12.25
    },
    ...{ quantiles: [[0.5, 50]], histogram: { edges: [0, 50, 100], counts: [90, 5] }, top: [] },
    ...{ is_unique: null, zone: '' },
    ...fields
  };
}

export function version(
  number: number,
  fields: Partial<DatasetVersionView> = {}
): DatasetVersionView {
  return {
    ...{
      version: number,
      id: `id-${number}`,
      created: '2026-01-01T10:00:00Z',
      files: 2,
      size: 2_000,
      rows: 100 * number
    },
    ...{ fingerprint: '0123456789ab', description: `words ${number}` },
    ...fields
  };
}

export function use(number: number, fields: Partial<DatasetUseView> = {}): DatasetUseView {
  return {
    run: `run-${number}`,
    run_name: `fox ${number}`,
    number,
    experiment: 'digits',
    status: 'Completed',
    role: 'input',
    name: 'train',
    ...fields
  };
}

export function rowsOf(count: number, from = 0, width = 3): JsonScalar[][] {
  return Array.from({ length: count }, (_, at) =>
    [from + at, `word ${from + at}`, null].concat(Array(Math.max(width - 3, 0)).fill(1) as never[])
  );
}

export function dataset(fields: Partial<DatasetView> = {}): DatasetView {
  const columns = fields.columns ?? [
    column('age'),
    column('city', 'string', {
      histogram: null,
      mean: null,
      deviation: null,
      top: [
        ['Oslo', 60],
        ['Bergen', 35]
      ]
    }),
    column('gap', 'decimal')
  ];
  const names = columns.map(({ name }) => name);
  return {
    ...{
      id: 'id-2',
      name: 'people',
      version: 2,
      kind: 'tabular',
      format: 'delimited',
      description: 'Who lives where.',
      tags: { team: 'blue', checked: null }
    },
    ...{
      created: '2026-01-01T10:00:00Z',
      fingerprint: '0123456789abcdef',
      files: 2,
      size: 2_000,
      sources: ['people/*.csv'],
      steps: ['the first 250 rows']
    },
    ...{
      rows: 250,
      has_profile: true,
      columns,
      head: { columns: names, rows: rowsOf(100, 0, names.length), count: 250 },
      paths: [],
      notices: []
    },
    ...{ versions: [version(2), version(1)], uses: [use(7)], problem: '' },
    ...fields
  };
}

export function profileOf(
  columns: ColumnView[],
  fields: Partial<DatasetProfileView> = {}
): DatasetProfileView {
  return { columns, rows: 250, notices: [], is_whole: true, ...fields };
}

/** The answer of a dataset of so many rows. */
export function pageOf(
  { offset = 0, limit = 100, filter }: Questions['dataset_rows'],
  count = 250,
  columns = ['age', 'city', 'gap']
): DatasetPageView {
  const all = filter ? 7 : count;
  return {
    columns,
    rows: rowsOf(Math.max(Math.min(limit, all - offset), 0), offset, columns.length),
    offset,
    count: all
  };
}
