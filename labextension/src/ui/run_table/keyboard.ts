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
export function moved({ key, ctrlKey, metaKey }: Key, at: Place, { rows, columns, page }: Bounds): Place | null {
  const far = ctrlKey || metaKey;
  const to = { ...at };
  switch (key) {
    case 'ArrowDown':
      to.row = far ? rows - 1 : at.row + 1;
      break;
    case 'ArrowUp':
      to.row = far ? 0 : at.row - 1;
      break;
    case 'ArrowRight':
      to.column = far ? columns - 1 : at.column + 1;
      break;
    case 'ArrowLeft':
      to.column = far ? 0 : at.column - 1;
      break;
    case 'PageDown':
      to.row = at.row + page;
      break;
    case 'PageUp':
      to.row = Math.max(at.row - page, 0);
      break;
    case 'Home':
      to.column = 0;
      to.row = far ? 0 : at.row;
      break;
    case 'End':
      to.column = columns - 1;
      to.row = far ? rows - 1 : at.row;
      break;
    default:
      return null;
  }
  return { row: Math.max(-1, Math.min(to.row, rows - 1)), column: Math.max(0, Math.min(to.column, columns - 1)) };
}
