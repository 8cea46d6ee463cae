// Which rows of a long table are in the page.

/** Pixels; the style sheet has the same. */
export const ROW = 28;
/** Where the page does not tell the height yet. */
export const HEIGHT = 420;

/**
 * The rows from the first to before the last that are drawn: those that are seen, and as many again
 * above and below, so that scrolling finds them drawn.
 */
export function windowOf(top: number, height: number, count: number): [number, number] {
  const seen = pageOf(height) + 1;
  const start = Math.min(Math.floor(Math.max(top, 0) / ROW), Math.max(count - seen, 0));
  return [Math.max(start - seen, 0), Math.min(start + 2 * seen, count)];
}

/** Whole rows below the head of a table of that height. */
export function pageOf(height: number): number {
  return Math.max(Math.floor(height / ROW) - 1, 1);
}

/** Where to scroll so that a row is seen below the head, moving no more than needed. */
export function scrolledTo(row: number, top: number, height: number): number {
  const start = row * ROW;
  const room = height - 2 * ROW;
  return start < top ? start : start > top + room ? start - Math.max(room, 0) : top;
}
