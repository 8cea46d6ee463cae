// Where a key leads in a grid.

export interface Place {
  /** -1 is the head. */
  row: number;
  column: number;
}

export interface Bounds {
  rows: number;
  columns: number;
  page: number;
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>;

/** The cell that a key moves to; null for a key that does not move. */
export function moved(
  { key, ctrlKey, metaKey }: Key,
  at: Place,
  { rows, columns, page }: Bounds
): Place | null {
  const isFar = ctrlKey || metaKey;
  const [bottom, right] = [rows - 1, columns - 1];
  const row = {
    ArrowDown: isFar ? bottom : at.row + 1,
    ArrowUp: isFar ? 0 : at.row - 1,
    PageDown: at.row + page,
    PageUp: Math.max(at.row - page, 0),
    Home: isFar ? 0 : at.row,
    End: isFar ? bottom : at.row
  }[key];
  const column = {
    ArrowRight: isFar ? right : at.column + 1,
    ArrowLeft: isFar ? 0 : at.column - 1,
    Home: 0,
    End: right
  }[key];
  if (row === undefined && column === undefined) {
    return null;
  }
  return {
    row: Math.max(-1, Math.min(row ?? at.row, bottom)),
    column: Math.max(0, Math.min(column ?? at.column, right))
  };
}
