// The columns of the table of rows.
import type { ColumnView, DatasetView, TableView } from '../../../contract.gen';
import type { GridColumn } from '../../../ui/grid';
import { oneLine } from '../../../ui/format';
import { cellText, isNumeric, typeText, valueText } from '../words';

/** A column of the table; its key is its place among the columns of the rows. */
export interface DataColumn extends GridColumn {
  readonly of: ColumnView;
  readonly place: number;
}

/** Values that are looked at for widths, of all columns together. */
const MEASURED = 20_000;
const LETTER = 8.4;
const ROOM = 20;
const [NARROW, WIDE] = [118, 300];
/** The key of the column with the numbers of rows. */
export const INDEX = '#';

export function indexColumn(count: number): GridColumn {
  const width = Math.max(44, String(count).length * 8 + 18);
  return {
    ...{ key: INDEX, title: '#', width, isNumeric: true, isSortable: false },
    class: 'aml-data-index'
  };
}

/** The columns of a dataset; where only its first rows are known, by their names. */
export function columnsOf({ columns, head }: DatasetView): readonly ColumnView[] {
  return columns.length > 0 ? columns : head.columns.map(bare);
}

function bare(name: string): ColumnView {
  return {
    ...{ name, type: '', count: null, missing: null, distinct: null, is_exact: false },
    ...{ low: null, high: null, mean: null, deviation: null, quantiles: [] },
    ...{ histogram: null, top: [], is_unique: null, zone: '' }
  };
}

/** The columns with widths by their heads and first values. */
export function dataColumns(columns: readonly ColumnView[], head: TableView): DataColumn[] {
  const rows = head.rows.slice(0, Math.ceil(MEASURED / Math.max(columns.length, 1)));
  const places = new Map(head.columns.map((name, at) => [name, at]));
  return columns.map((of, place) => {
    const at = places.get(of.name) ?? -1;
    const longest = rows.reduce(
      (most, row) => Math.max(most, valueText(row[at], of).length),
      Math.max(of.name.length + 2, typeText(of).length)
    );
    const width = Math.round(Math.min(Math.max(longest * LETTER + ROOM, NARROW), WIDE));
    return {
      ...{ key: String(place), title: cellText(of.name), width, of, place },
      isNumeric: isNumeric(of.type),
      hint: oneLine(`${of.name} (${typeText(of)})`)
    };
  });
}
