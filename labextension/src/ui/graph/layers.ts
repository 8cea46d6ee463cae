// A layout for graphs of many nodes: dagre takes seconds for a thousand of them, and this some milliseconds.
import type { Layout, Point } from './contract';
import { BELOW, BESIDE, HEIGHT, WIDTH } from './geometry';

/** How often each row is put into the order of the rows beside it. */
const SWEEPS = 4;

/**
 * Each node stands a row below the lowest that it follows, and near the middle of those that it is connected to.
 *
 * @param edges pairs of ids without circles: of a circle some edges lead up.
 */
export function inLayers(
  ids: readonly string[],
  edges: readonly (readonly [from: string, to: string])[]
): Layout {
  const [before, after] = [neighbours(ids), neighbours(ids)];
  for (const [from, to] of edges) {
    before.get(to)?.push(from);
    after.get(from)?.push(to);
  }
  const rows = rowsOf(ids, before, after);
  const at = new Map<string, number>();
  const count = (row: readonly string[]): void =>
    row.forEach((id, place) => at.set(id, place - row.length / 2));
  rows.forEach(count);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? rows : [...rows].reverse()) {
      const beside = isDown ? before : after;
      const middle = new Map(row.map(id => [id, middleOf(id, beside.get(id)!, at)]));
      row.sort((one, other) => middle.get(one)! - middle.get(other)!);
      count(row);
    }
  }
  const places = new Map<string, Point>();
  rows.forEach((row, deep) =>
    row.forEach(id =>
      places.set(id, { x: at.get(id)! * (WIDTH + BESIDE), y: deep * (HEIGHT + BELOW) })
    )
  );
  return { places, bends: [] };
}

function neighbours(ids: readonly string[]): Map<string, string[]> {
  return new Map(ids.map(id => [id, []]));
}

function middleOf(id: string, beside: readonly string[], at: ReadonlyMap<string, number>): number {
  return beside.length === 0
    ? at.get(id)!
    : beside.reduce((sum, other) => sum + at.get(other)!, 0) / beside.length;
}

/** The ids by rows, from the first to the last; nodes of a circle stand where they are reached first. */
function rowsOf(
  ids: readonly string[],
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>
): string[][] {
  const open = new Map(ids.map(id => [id, before.get(id)!.length]));
  const deep = new Map<string, number>();
  const rest = new Set(ids);
  const due = ids.filter(id => open.get(id) === 0);
  while (rest.size > 0) {
    const next = due.pop() ?? [...rest][0]!;
    if (!rest.delete(next)) {
      continue;
    }
    const row = deep.get(next) ?? 0;
    deep.set(next, row);
    for (const id of after.get(next)!) {
      if (rest.has(id)) {
        deep.set(id, Math.max(deep.get(id) ?? 0, row + 1));
        open.set(id, open.get(id)! - 1);
        if (open.get(id) === 0) {
          due.push(id);
        }
      }
    }
  }
  const rows: string[][] = [];
  for (const id of ids) {
    (rows[deep.get(id)!] ??= []).push(id);
  }
  return rows.filter(row => row !== undefined);
}
