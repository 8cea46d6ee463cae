import { describe, expect, it } from 'vitest';
import { drawnPart, fitted, pointIn, revealed, zoomed } from '../../../src/ui/graph/viewport';
import { edge } from './bed';
import { outermost, reached } from '../../../src/ui/graph/walk';

const SIZE = { width: 400, height: 300 };

describe('what is seen of a graph', () => {
  it('is all of it, no larger than it is', () => {
    const view = fitted({ left: 0, top: 0, right: 200, bottom: 100 }, SIZE);
    expect(view).toEqual({ scale: 1, x: 100, y: 100 });
  });

  it('is all of a large one, made smaller', () => {
    const view = fitted({ left: -1_000, top: 0, right: 1_000, bottom: 100 }, SIZE);
    expect(view.scale).toBeCloseTo(368 / 2_000);
    expect(pointIn(view, { x: 200, y: 150 }).y).toBeCloseTo(50);
  });

  it('keeps the point below the pointer where it is', () => {
    const before = { x: 13, y: 17, scale: 0.5 };
    const at = { x: 120, y: 90 };
    const after = zoomed(before, 1.7, at);
    expect(pointIn(after, at).x).toBeCloseTo(pointIn(before, at).x);
    expect(pointIn(after, at).y).toBeCloseTo(pointIn(before, at).y);
  });

  it('is never lost by making it larger or smaller', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(zoomed(view, 1_000, view).scale).toBe(2);
    expect(zoomed(view, 1e-9, view).scale).toBe(0.05);
    expect(fitted({ left: 0, top: 0, right: 0, bottom: 0 }, SIZE).scale).toBe(1);
  });

  it('moves by the least that shows a node', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(revealed(view, { x: 50, y: 50 }, SIZE)).toEqual(view);
    expect(revealed(view, { x: 500, y: -80 }, SIZE)).toEqual({ x: -312, y: 96, scale: 1 });
  });

  it('draws the same nodes while it moves a little', () => {
    const view = { x: -10, y: -10, scale: 1 };
    const part = drawnPart(view, SIZE);
    expect(drawnPart({ ...view, x: -90 }, SIZE)).toEqual(part);
    expect(part.left).toBeLessThan(0);
    expect(part.right).toBeGreaterThan(410 + 90);
  });
});

describe('the keys of a graph', () => {
  const places = new Map([
    ['a', { x: 100, y: 0 }],
    ['b', { x: 0, y: 100 }],
    ['c', { x: 240, y: 100 }],
    ['d', { x: 100, y: 200 }]
  ]);
  const edges = [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')];

  it('lead along edges and rows', () => {
    expect(reached(places, edges, 'a', 'ArrowDown')).toBe('b');
    expect(reached(places, edges, 'd', 'ArrowUp')).toBe('b');
    expect(reached(places, edges, 'b', 'ArrowRight')).toBe('c');
    expect(reached(places, edges, 'c', 'ArrowLeft')).toBe('b');
  });

  it('lead nowhere at an end', () => {
    expect(reached(places, edges, 'a', 'ArrowUp')).toBeNull();
    expect(reached(places, edges, 'd', 'ArrowDown')).toBeNull();
    expect(reached(places, edges, 'c', 'ArrowRight')).toBeNull();
    expect(reached(places, [edge('a', 'a'), edge('a', 'gone')], 'a', 'ArrowDown')).toBeNull();
    expect(reached(places, edges, 'gone', 'ArrowDown')).toBeNull();
  });

  it('know the first and the last node', () => {
    expect(outermost(places)).toEqual(['a', 'd']);
    expect(outermost(new Map())).toBeNull();
  });
});
