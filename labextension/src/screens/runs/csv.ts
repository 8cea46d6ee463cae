// All runs of a table as CSV.
import { csvLines, saveCsv } from '../../ui/save';
import type { Host } from '../../ui/host';
import type { JsonScalar, RunQuery, RunRowView } from '../../contract.gen';
import { own } from './state';
import type { Table } from './table';

/** Columns are those of all rows, also of those that the table does not show. */
export function csvOf(rows: readonly RunRowView[]): string {
  const more = (['params', 'metrics', 'tags'] as const).flatMap(group =>
    [...new Set(rows.flatMap(row => Object.keys(row[group])))].map(name => [group, name] as const)
  );
  const head = [
    ...['id', 'number', 'name', 'experiment', 'status', 'started', 'seconds'],
    ...more.map(key => key.join('.'))
  ];
  const lines = rows.map(row => [
    ...[row.id, row.number, row.name, row.experiment, row.status, row.started, row.elapsed],
    ...more.map(([group, name]) => own<JsonScalar>(row[group], name))
  ]);
  // the byte order mark tells Excel that this is UTF-8
  return `\ufeff${csvLines([head, ...lines])}`;
}

/** Rows of one question. */
const MANY = 1_000;

/** All runs of a query, page by page. */
export async function allRows(host: Host, query: RunQuery): Promise<RunRowView[]> {
  const rows: RunRowView[] = [];
  for (;;) {
    const offset = rows.length;
    const page = await host.ask('runs', { query, offset, limit: MANY });
    rows.push(...page.rows);
    if (page.rows.length === 0 || page.more <= 0) {
      return rows;
    }
  }
}

export async function saveTable({ host, snapshot, source }: Table): Promise<void> {
  const name = snapshot.query.experiment?.replace(/[^\w-]+/g, '_') || 'runs';
  saveCsv(`${name}.csv`, csvOf(await allRows(host, { ...source.query, by: '' })));
}
