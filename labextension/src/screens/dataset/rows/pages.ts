// The rows of a dataset in pages.
import type { Host } from '../../../ui/host';
import { PAGE, Pages } from '../../../ui/grid';
import type { JsonScalar, TableView } from '../../../contract.gen';

/** Values that are kept, and the fewest pages. */
const [KEPT, FEWEST] = [2_000_000, 4];

export interface Query {
  sort?: string;
  descending?: boolean;
  filter?: string;
}

export type Row = readonly JsonScalar[];

/**
 * @param head the first rows, by the names of its columns.
 * @param count how many rows there are; null where nobody has counted them.
 */
export function datasetPages(
  host: Host,
  dataset: string,
  columns: readonly string[],
  head: TableView,
  count: number | null,
  changed: () => void
): Pages<Row, Query> {
  return new Pages<Row, Query>({
    ...{ query: {}, head: arranged(head, columns), count, changed },
    kept: Math.max(Math.floor(KEPT / (PAGE * Math.max(columns.length, 1))), FEWEST),
    ask: async (query, offset) => {
      const page = await host.ask('dataset_rows', { dataset, offset, limit: PAGE, ...query });
      return { rows: arranged(page, columns), count: page.count };
    }
  });
}

/** Rows with their values in the order of `names`, which is almost always the one that they have. */
function arranged(
  { columns, rows }: Pick<TableView, 'columns' | 'rows'>,
  names: readonly string[]
): readonly Row[] {
  if (columns.length === names.length && columns.every((name, at) => name === names[at])) {
    return rows;
  }
  const places = new Map(columns.map((name, at) => [name, at]));
  const order = names.map(name => places.get(name) ?? -1);
  return rows.map(row => order.map(at => row[at] ?? null));
}
