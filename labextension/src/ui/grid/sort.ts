// By which column a table is sorted.

export interface Sort {
  column: string;
  descending: boolean;
}

/** Up, down, and back to the order that the rows came in. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) {
    return { column, descending: false };
  }
  return sort.descending ? null : { column, descending: true };
}
