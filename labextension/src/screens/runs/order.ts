// How rows are ordered by a column.
import { toNumber } from '../../ui/format';
import type { JsonScalar, RunRowView } from '../../contract.gen';

export interface Sort {
  column: string;
  descending: boolean;
}

/** The order of words, in which run 10 comes after run 9. */
export const inWords = new Intl.Collator(undefined, { numeric: true });

/** Up, down, and back to the order of the query. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) {
    return { column, descending: false };
  }
  return sort.descending ? null : { column, descending: true };
}

/** Numbers by their size, then words, then what has no value, whichever way round; equals stay as they are. */
export function sorted(
  rows: readonly RunRowView[],
  valueOf: (row: RunRowView) => JsonScalar | undefined,
  descending: boolean
): RunRowView[] {
  const way = descending ? -1 : 1;
  const keyed = rows.map(row => {
    const value = valueOf(row);
    const number = toNumber(value);
    const isMissing =
      value === null ||
      value === undefined ||
      value === '' ||
      value === 'NaN' ||
      Number.isNaN(value);
    return { row, number, text: String(value), rank: isMissing ? 2 : isNaN(number) ? 1 : 0 };
  });
  keyed.sort((a, b) => {
    if (a.rank !== b.rank) {
      return a.rank - b.rank;
    }
    // two infinities have no difference
    return a.rank === 2 || (a.rank === 0 && a.number === b.number)
      ? 0
      : way * (a.rank === 0 ? (a.number < b.number ? -1 : 1) : inWords.compare(a.text, b.text));
  });
  return keyed.map(({ row }) => row);
}
