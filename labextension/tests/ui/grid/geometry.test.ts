import { describe, expect, it } from 'vitest';
import { Across, pageOf, TALLEST, Track } from '../../../src/ui/grid/geometry';
import { nextSort } from '../../../src/ui/grid';
import { moved } from '../../../src/ui/grid/keyboard';

const ROW = 28;

function track(count: number): Track {
  const made = new Track();
  made.resize(count, ROW);
  return made;
}

describe('the way down', () => {
  it('covers each pixel that is seen, wherever one scrolls to', () => {
    const rows = track(100);
    for (let top = 0; top < 100 * ROW - 300; top += 7) {
      const [first, end] = rows.window(rows.scrolled(top, 300), 300);
      expect(first * ROW).toBeLessThanOrEqual(top);
      expect(end * ROW).toBeGreaterThanOrEqual(Math.min(top + 300, 100 * ROW));
      expect(end - first).toBeLessThan(40);
    }
    expect(track(3).window(-50, 300)).toEqual([0, 3]);
    expect(track(0).window(0, 300)).toEqual([0, 0]);
    expect(track(100).window(1e9, 300)[1]).toBe(100);
  });

  it('moves no more than needed to show a row', () => {
    const rows = track(100);
    expect(rows.scrolledTo(3, 0, 9 * ROW)).toBe(0);
    expect(rows.scrolledTo(8, 0, 9 * ROW)).toBe(0);
    expect(rows.scrolledTo(9, 0, 9 * ROW)).toBe(ROW);
    expect(rows.scrolledTo(2, 5 * ROW, 9 * ROW)).toBe(2 * ROW);
    expect([pageOf(9 * ROW, ROW), pageOf(0, ROW)]).toEqual([9, 1]);
  });

  it('reaches both ends of more rows than fit into a page, and a wheel moves by its pixels', () => {
    const rows = track(1_000_000);
    expect(rows.height).toBe(TALLEST);
    expect(rows.scrolled(TALLEST - 400, 400)).toBe(1_000_000 * ROW - 400);
    expect(rows.scrolled(0, 400)).toBe(0);
    rows.aim(500_000 * ROW, 400);
    const seen = rows.aim(500_000 * ROW, 400);
    expect(rows.scrolled(seen + 50, 400)).toBe(500_000 * ROW + 50);
  });
});

describe('the way across', () => {
  it('knows where columns lie, and which are near', () => {
    const across = new Across([34, 100, 50, ...Array.from({ length: 1_000 }, () => 80)]);
    expect([across.left(0), across.left(2), across.right(2), across.width]).toEqual([
      0, 134, 184, 80_184
    ]);
    const [first, end] = across.window(184 + 500 * 80, 400);
    expect([first <= 503, end >= 508, end - first < 15]).toEqual([true, true, true]);
    expect(across.scrolledTo(503, 0, 400)).toBe(across.right(503) - 400);
    expect(across.scrolledTo(3, 10_000, 400)).toBe(across.left(3));
    expect(new Across([]).window(0, 100)).toEqual([0, 0]);
  });
});

describe('keys', () => {
  const bounds = { rows: 100, columns: 5, page: 10 };
  const at = { row: 50, column: 2 };
  it.each([
    ['ArrowDown', false, [51, 2]],
    ['ArrowUp', false, [49, 2]],
    ['ArrowLeft', false, [50, 1]],
    ['ArrowRight', false, [50, 3]],
    ['PageDown', false, [60, 2]],
    ['PageUp', false, [40, 2]],
    ['Home', false, [50, 0]],
    ['End', false, [50, 4]],
    ['Home', true, [0, 0]],
    ['End', true, [99, 4]]
  ])('%s leads on (with Ctrl: %s)', (key, ctrlKey, to) => {
    expect(moved({ key, ctrlKey, metaKey: false }, at, bounds)).toEqual({
      row: to[0],
      column: to[1]
    });
  });

  it('stop at the edges, the head among them', () => {
    const go = (key: string, row: number, column: number): unknown =>
      moved({ key, ctrlKey: false, metaKey: false }, { row, column }, bounds);
    expect(go('ArrowUp', 0, 0)).toEqual({ row: -1, column: 0 });
    expect(go('ArrowUp', -1, 0)).toEqual({ row: -1, column: 0 });
    expect(go('ArrowDown', 99, 4)).toEqual({ row: 99, column: 4 });
    expect(go('ArrowRight', 99, 4)).toEqual({ row: 99, column: 4 });
    expect(go('PageUp', 3, 0)).toEqual({ row: 0, column: 0 });
    expect(go('x', 3, 0)).toBeNull();
  });
});

it('a sort has three states', () => {
  const up = nextSort(null, 'a');
  expect(up).toEqual({ column: 'a', descending: false });
  expect(nextSort(up, 'a')).toEqual({ column: 'a', descending: true });
  expect(nextSort(nextSort(up, 'a'), 'a')).toBeNull();
  expect(nextSort(up, 'b')).toEqual({ column: 'b', descending: false });
});
