import { describe, expect, it } from 'vitest';
import type { GraphEdge, GraphNode, Places } from '../../../src/ui/graph';
import { laidOut } from '../../../src/ui/graph';
import { boxOf, curveOf, drawnEdge, HEIGHT, portX, WIDTH } from '../../../src/ui/graph/geometry';
import { edge, node } from './bed';

/** Whether two of the nodes cover each other. */
function overlap(places: Places): boolean {
  const all = [...places.values()];
  return all.some((one, at) =>
    all
      .slice(at + 1)
      .some(other => Math.abs(one.x - other.x) < WIDTH && Math.abs(one.y - other.y) < HEIGHT)
  );
}

function fan(count: number): [GraphNode[], GraphEdge[]] {
  const names = Array.from({ length: count }, (_, at) => `n${at}`);
  return [names.map(name => node(name)), names.slice(1).map(name => edge('n0', name))];
}

describe.each([5, 400])('a graph of %i nodes that is laid out', count => {
  it('puts what follows below, and covers nothing', () => {
    const [nodes, edges] = fan(count);
    const { places } = laidOut(nodes, edges);
    expect(places.size).toBe(count);
    expect(overlap(places)).toBe(false);
    expect(edges.every(({ to }) => places.get(to.node)!.y > places.get('n0')!.y + HEIGHT)).toBe(
      true
    );
  });

  it('has a place for each node of a circle', () => {
    const [nodes, edges] = fan(count);
    const { places } = laidOut(nodes, [...edges, edge('n1', 'n0'), edge('n2', 'n2')]);
    expect(places.size).toBe(count);
    expect(overlap(places)).toBe(false);
  });

  it('passes over edges of nodes that are not there', () => {
    const [nodes] = fan(count);
    const { places } = laidOut(nodes, [edge('n0', 'gone'), edge('gone', 'n1')]);
    expect(overlap(places)).toBe(false);
  });
});

describe('nodes that were put somewhere', () => {
  it('stay there, and others come below', () => {
    const kept = new Map([['a', { x: 40, y: 90 }]]);
    const { places } = laidOut([node('a'), node('b')], [edge('a', 'b')], kept);
    expect(places.get('a')).toEqual({ x: 40, y: 90 });
    expect(places.get('b')!.y).toBeGreaterThanOrEqual(90 + HEIGHT);
  });

  it('are all that there is where each has a place', () => {
    const kept = new Map([['a', { x: 1, y: 2 }]]);
    expect(laidOut([node('a')], [], kept)).toEqual({ places: kept, bends: [] });
  });
});

describe('the geometry of a graph', () => {
  it('is empty without nodes', () => {
    expect(laidOut([], []).places.size).toBe(0);
    expect(boxOf(new Map())).toEqual({ left: 0, top: 0, right: 0, bottom: 0 });
  });

  it('spreads ports over the side, and takes the middle for one that it does not know', () => {
    const ports = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    expect(portX(ports, 'a')).toBe(WIDTH / 4);
    expect(portX(ports, 'nothing')).toBe(WIDTH / 2);
    expect(portX([], null)).toBe(WIDTH / 2);
  });

  it('leads an edge from the lower side to the upper', () => {
    const nodes = new Map([
      ['a', node('a')],
      ['b', node('b')]
    ]);
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 0, y: 100 }]
    ]);
    const drawn = drawnEdge(nodes, { places, bends: [] }, edge('a', 'b'), 0)!;
    expect(drawn.curve).toBe('M98 50C98 71.5 98 71.5 98 93');
    expect(drawn.head).toBe('M98 99l-4 -7h8z');
    expect(drawnEdge(nodes, { places, bends: [] }, edge('a', 'gone'), 0)).toBeNull();
  });

  it('swings out where an edge leads up', () => {
    expect(
      curveOf([
        { x: 0, y: 100 },
        { x: 50, y: 7 }
      ])
    ).toBe('M0 100C0 150 50 -50 50 0');
  });
});
