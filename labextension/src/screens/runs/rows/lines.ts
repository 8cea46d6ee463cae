// The lines of the table: runs, or groups of which those that are open have their runs below them.
import type { GroupView, RunRowView, RunTableView } from '../../../contract.gen';
import { emptyRows, listingOf, NOTHING, type Listing } from './listing';
import { groupId, isNarrowed, isOwnQuestion, type TableState } from '../state';

export interface GroupLine {
  readonly id: string;
  readonly group: GroupView;
  readonly isOpen: boolean;
}

export type Line = RunRowView | GroupLine;

export function isGroup(line: Line): line is GroupLine {
  return 'group' in line;
}

/** Lines one below the other that stand in one listing. */
interface Stretch {
  readonly start: number;
  readonly line: GroupLine | null;
  readonly id: string | null;
  readonly listing: Listing;
  readonly count: number;
}

export class Lines {
  readonly count: number;
  readonly #stretches: Stretch[] = [];

  constructor(stretches: Omit<Stretch, 'start'>[]) {
    let start = 0;
    for (const stretch of stretches) {
      this.#stretches.push({ ...stretch, start });
      start += (stretch.line ? 1 : 0) + stretch.count;
    }
    this.count = start;
  }

  at = (index: number): Line | undefined => {
    const { start, line, listing } = this.#of(index);
    return line && index === start ? line : listing.rows[index - start - (line ? 1 : 0)];
  };

  placeOf = (key: string): number | undefined => {
    for (const { start, line, listing, count } of this.#stretches) {
      if (line?.id === key) {
        return start;
      }
      const place = listing.places.get(key);
      if (place !== undefined && place < count) {
        return start + (line ? 1 : 0) + place;
      }
    }
    return undefined;
  };

  /** The places of runs within a range of lines, by their groups. */
  within(first: number, end: number): { group: string | null; first: number; end: number }[] {
    return this.#stretches
      .map(({ start, line, id, count }) => {
        const from = start + (line ? 1 : 0);
        return {
          group: id,
          first: Math.max(first - from, 0),
          end: Math.min(end - from, count)
        };
      })
      .filter(range => range.first < range.end);
  }

  #of(index: number): Stretch {
    let [low, high] = [0, this.#stretches.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#stretches[middle]!.start <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return this.#stretches[low]!;
  }
}

/** @param limit the most runs that the query of the table wants, where the reader asks for nothing else. */
export function linesOf(state: TableState, limit: number | undefined): Lines {
  const { listing, groups, opened, asked, isUnlimited } = state;
  if (groups === null) {
    const most = isUnlimited || isOwnQuestion(asked) ? Infinity : (limit ?? Infinity);
    const count = Math.min(listing.rows.length, most);
    return new Lines([{ line: null, id: null, listing, count }]);
  }
  return new Lines(
    groups.map(group => {
      const id = groupId(group.key);
      const found = opened.get(id);
      return {
        line: { id, group, isOpen: found !== undefined },
        id,
        listing: found ?? NOTHING,
        count: found?.rows.length ?? 0
      };
    })
  );
}

/** Take groups; those that are open keep their runs until they come again. */
export function withGroups(
  { opened, asked, total, params, metrics }: TableState,
  view: RunTableView
): Partial<TableState> {
  const groups = view.groups ?? [];
  const there = new Map(groups.map(group => [groupId(group.key), group]));
  return {
    groups,
    listing: { ...NOTHING, rows: emptyRows(view.more) },
    total: isNarrowed(asked) ? total : view.more,
    params: new Set([...params, ...view.params]),
    metrics: new Set([...metrics, ...view.metrics]),
    opened: new Map(
      [...opened].flatMap(([id, { rows }]) => {
        const group = there.get(id);
        return group ? [[id, listingOf(rows, group.count)] as const] : [];
      })
    )
  };
}
