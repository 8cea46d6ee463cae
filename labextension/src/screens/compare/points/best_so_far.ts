// How the best value grew from run to run.

export type Direction = 'higher' | 'lower';
export type Point = readonly [number, number];

/** The points that were better than all before them, by x; those that are not finite are passed over. */
export function bestSoFar(points: readonly Point[], direction: Direction): Point[] {
  const way = direction === 'higher' ? 1 : -1;
  const best: Point[] = [];
  const finite = points.filter(([x, y]) => isFinite(x) && isFinite(y));
  for (const point of finite.sort((a, b) => a[0] - b[0])) {
    const last = best[best.length - 1];
    if (!last || point[1] * way > last[1] * way) {
      best.push(point);
    }
  }
  return best;
}

/** A line of steps through points of the page, on to `end`. */
export function stepPath(points: readonly Point[], end: number): string {
  return (
    points.map(([x, y], at) => (at === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join('') +
    (points.length > 0 ? `H${end}` : '')
  );
}
