// Where an arrow key leads from a node: along the edges up and down, and to its neighbours left and right.
import type { GraphEdge, Places, Point } from './contract';
import { HEIGHT } from './geometry';

export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

export function isArrow(key: string): key is Arrow {
  return /^Arrow(?:Up|Down|Left|Right)$/.test(key);
}

/** The node that a key leads to; null where there is none. */
export function reached(
  places: Places,
  edges: readonly GraphEdge[],
  from: string,
  key: Arrow
): string | null {
  const start = places.get(from);
  if (!start) {
    return null;
  }
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    return sideways(places, start, key === 'ArrowRight' ? 1 : -1);
  }
  const isDown = key === 'ArrowDown';
  const linked = edges
    .filter(edge => (isDown ? edge.from : edge.to).node === from)
    .map(edge => (isDown ? edge.to : edge.from).node)
    .filter(id => id !== from);
  return nearest(places, linked, start);
}

/** The next one of the same row; where the row ends there is none. */
function sideways(places: Places, start: Point, way: number): string | null {
  const row = [...places]
    .filter(([, { x, y }]) => way * (x - start.x) > 0 && Math.abs(y - start.y) < HEIGHT)
    .map(([id]) => id);
  return nearest(places, row, start);
}

function nearest(places: Places, ids: readonly string[], { x, y }: Point): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const id of ids) {
    const place = places.get(id);
    const far = place ? Math.hypot(place.x - x, place.y - y) : Infinity;
    if (far < least) {
      [best, least] = [id, far];
    }
  }
  return best;
}

/** The first and the last node as they are read: from above, and from the left. */
export function outermost(places: Places): [first: string, last: string] | null {
  const ids = [...places].sort(([, one], [, other]) => one.y - other.y || one.x - other.x);
  const [first, last] = [ids[0], ids.at(-1)];
  return first && last ? [first[0], last[0]] : null;
}
