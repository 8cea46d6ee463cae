import { describe, expect, it } from 'vitest';
import {
  knownRows,
  missingPages,
  NOTHING,
  released,
  withChange,
  withPage,
  withView,
  type Listing
} from '../../../../src/screens/runs/rows/listing';
import type { RunRowView } from '../../../../src/contract.gen';
import { row, rows } from '../sample';

const ids = ({ rows: of }: Listing): (number | undefined)[] => Array.from(of, one => one?.number);
const change = (
  of: RunRowView[],
  more: { removed?: string[]; order?: number[]; more?: number } = {}
): Parameters<typeof withChange>[1] => ({
  type: 'rows',
  token: '',
  rows: of,
  removed: more.removed ?? [],
  order: more.order?.map(number => `run-${number}`) ?? null,
  more: more.more ?? 0
});

describe('a listing', () => {
  const five = withView(NOTHING, { rows: rows(5), more: 0 }, 0);

  it('puts new rows on top without an order, and takes changed ones in place', () => {
    const next = withChange(five, change([row(6), row(3, { status: 'Failed' })]), false);
    expect(ids(next)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(next.rows[3]!.status).toBe('Failed');
    expect(next.places.get('run-1')).toBe(5);
  });

  it('takes rows out, and follows an order', () => {
    const next = withChange(five, change([], { removed: ['run-5'], order: [1, 2, 3, 4] }), false);
    expect(ids(next)).toEqual([1, 2, 3, 4]);
  });

  it('keeps the order that somebody looks at until it is let go', () => {
    const held = withChange(five, change([row(6)], { order: [1, 6, 5, 4, 3, 2] }), true);
    expect([ids(held), held.isHeld]).toEqual([[5, 4, 3, 2, 1, 6], true]);
    const later = withChange(held, change([row(2, { status: 'Failed' })]), true);
    expect([ids(later), later.isHeld]).toEqual([[5, 4, 3, 2, 1, 6], true]);
    const free = released(later);
    expect([ids(free), free.isHeld]).toEqual([[1, 6, 5, 4, 3, 2], false]);
    expect(free.rows[5]!.status).toBe('Failed');
    expect(withChange(five, change([row(6)]), true).isHeld).toBe(false);
  });

  it('knows which pages are to be asked for, and moves rows on when new ones come', () => {
    const all = rows(500);
    const first = withView(NOTHING, { rows: all.slice(0, 100), more: 400 }, 0);
    expect([first.rows.length, knownRows(first).length]).toEqual([500, 100]);
    expect(missingPages(first, 0, 100)).toEqual([]);
    expect(missingPages(first, 90, 220)).toEqual([1, 2]);
    const second = withPage(first, { rows: all.slice(100, 200), more: 300 }, 1);
    expect(missingPages(second, 90, 220)).toEqual([2]);
    const order = [501, ...all.slice(0, 99).map(({ number }) => number)];
    const pushed = withChange(
      second,
      change([row(501)], { removed: ['run-401'], order, more: 401 }),
      false
    );
    expect(pushed.rows.length).toBe(501);
    expect(pushed.places.get('run-400')).toBe(101);
    expect(pushed.rows[100]).toBeUndefined();
    expect(missingPages(pushed, 90, 110)).toEqual([1]);
    const again = withPage(pushed, { rows: all.slice(99, 199), more: 301 }, 1);
    expect([again.places.get('run-401'), again.places.get('run-400')]).toEqual([100, 101]);
  });

  it('is told of from any place on', () => {
    const all = rows(500);
    const far = withView(NOTHING, { rows: all.slice(200, 300), more: 200 }, 200);
    expect([far.rows.length, far.places.get('run-300')]).toEqual([500, 200]);
    expect(missingPages(far, 150, 320)).toEqual([1, 3]);
    const next = withChange(far, change([row(290, { status: 'Failed' })], { more: 200 }), false);
    expect(next.rows[210]!.status).toBe('Failed');
  });

  it('shrinks to what there is', () => {
    const next = withView(five, { rows: rows(2), more: 0 }, 0);
    expect(ids(next)).toEqual([2, 1]);
    expect(ids(withView(five, { rows: [], more: 0 }, 0))).toEqual([]);
  });
});
