// The comparison of all runs that a table finds.
import type { CompareSubject } from '../../contract.gen';
import type { Table } from './table';

/** The most runs that a comparison takes; of more that are found those that come first. */
export const MOST = 1_000;

/** How many runs a comparison of all is of. */
export function comparable({ state, lines }: Table): number {
  return Math.min(state.groups ? state.listing.rows.length : lines.count, MOST);
}

export function compareAll(table: Table): void {
  table.shows.compare(allOf(table), comparable(table));
}

/** They are named by their query: so runs that meet it later are compared, too. */
function allOf({ source, state, sort, lines }: Table): CompareSubject {
  const query = { ...source.query };
  delete query.by;
  const isCut = state.groups === null && lines.count < state.listing.rows.length;
  const first = sort?.column.replace(/^metrics\./, '');
  const goals = Object.entries(state.choice.goals)
    .flatMap(([name, goal]) =>
      goal === null ? [] : [[name, goal === 'min' ? 'lower' : 'higher'] as const]
    )
    // The first is the one that is looked at first.
    .sort(([one], [other]) => Number(other === first) - Number(one === first));
  return {
    query: { ...query, limit: isCut ? Math.min(lines.count, MOST) : MOST },
    goals: Object.fromEntries(goals)
  };
}
