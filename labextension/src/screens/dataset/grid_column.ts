// The columns of the table of rows.
import type { DatasetView } from '../../contract.gen';
import { isNumeric, valueText } from './words';

export interface GridColumn {
  name: string;
  type: string;
  /** Pixels. */
  width: number;
  isNumeric: boolean;
}

/** Values that are looked at for widths, of all columns together. */
const MEASURED = 20_000;
const LETTER = 8.4;
const ROOM = 20;
const [NARROW, WIDE] = [72, 300];

/** The columns with widths by their heads and first values. */
export function gridColumns({ columns, head }: DatasetView): GridColumn[] {
  const names = columns.length > 0 ? columns.map(({ name }) => name) : head.columns;
  const rows = head.rows.slice(0, Math.ceil(MEASURED / Math.max(names.length, 1)));
  const places = new Map(head.columns.map((name, at) => [name, at]));
  return names.map((name, at) => {
    const type = columns[at]?.type ?? '';
    const place = places.get(name) ?? -1;
    const longest = rows.reduce(
      (most, row) => Math.max(most, valueText(row[place], type).length),
      Math.max(name.length + 2, type.length)
    );
    const width = Math.round(Math.min(Math.max(longest * LETTER + ROOM, NARROW), WIDE));
    return { name, type, width, isNumeric: isNumeric(type) };
  });
}
