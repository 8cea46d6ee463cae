// The columns that are shown, kept until something that they depend on changes.
import { useMemo, useRef } from 'preact/hooks';
import type { RunRowView } from '../../../contract.gen';
import type { RunColumn } from './column';
import { allKeys, columnsOf, isShownAtFirst, metricOf, movedKeys, narrowColumns } from './layout';
import type { Table } from '../table';

/** Rows that are looked at for which columns differ. */
const LOOKED = 1_000;

interface Layout {
  columns: RunColumn[];
  /** Of all columns in their order, and of those that are shown. */
  keys: string[];
  shown: string[];
}

/** The columns, which change with what the reader chooses and with what is there to be shown, and not with each value. */
export function useLayout(table: Table): Layout {
  const { state, host } = table;
  const { params, metrics, choice, isNarrow, groups } = state;
  const sort = table.sort;
  const rows = table.rows.slice(0, LOOKED);
  const last = useRef<RunRowView[]>(rows);
  // The runs of a group that was opened are alike: what differs among them is not what differs.
  if (rows.length > 0 && (groups === null || last.current.length === 0)) {
    last.current = rows;
  }
  const { shown: wanted, order, widths, metric } = choice;
  const isOne = Math.min(rows.length, 2);
  const room = isNarrow ? table.width : 0;
  return useMemo(() => {
    const seen = last.current;
    // Not that which the reader sorts by: it would move away from under the pointer.
    const first = allKeys(state, seen, table.ownSort);
    const keys = movedKeys(first, order);
    const shown = keys.filter(
      key =>
        key === 'name' ||
        (Object.hasOwn(wanted, key) ? wanted[key] : isShownAtFirst(key, first, seen, sort))
    );
    const columns = isNarrow
      ? narrowColumns(metricOf(state, sort), seen, table.width, host.t)
      : columnsOf(shown, seen, widths, host.t).map(column =>
          groups && column.key.startsWith('metrics.')
            ? { ...column, width: Math.max(column.width, 170) }
            : column
        );
    return { keys, shown, columns };
  }, [
    ...[params, metrics, wanted, order, widths, metric, isNarrow, isOne, room],
    ...[groups === null, sort?.column, choice.goals]
  ]);
}
