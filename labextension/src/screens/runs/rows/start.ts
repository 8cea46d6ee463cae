// What a table is before the store has answered.
import type { Sort } from '../../../ui/grid';
import type { RunTableView } from '../../../contract.gen';
import { namesIn, NOTHING, withView } from './listing';
import { UNCHOSEN, type Choice, type TableState } from '../state';

/** The column of an order of the store, where the table has it. */
export function sortOf(text: string | undefined): Sort | null {
  const [, field, way] = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/i.exec(text ?? '') ?? [];
  if (!field) {
    return null;
  }
  const [, group, name] = /^(metric|param)s?\.`?(.*?)`?$/i.exec(field) ?? [];
  const column = group ? `${group.toLowerCase()}s.${name!}` : field;
  const named: Record<string, string> = { duration: 'elapsed', number: 'name' };
  return { column: named[column] ?? column, descending: way?.toLowerCase() === 'desc' };
}

export function startOf(view: RunTableView, choice: Choice, picked: Iterable<string>): TableState {
  const listing = withView(NOTHING, view, 0);
  const none = new Set<string>();
  return {
    link: 'connecting',
    message: '',
    choice,
    problem: '',
    asked: { ...UNCHOSEN, goals: choice.goals },
    isAsking: false,
    params: namesIn(none, view, 'params'),
    metrics: namesIn(none, view, 'metrics'),
    listing,
    groups: null,
    opened: new Map(),
    total: listing.rows.length,
    summary: null,
    picked: new Set(picked),
    isUnlimited: false,
    isNarrow: false,
    above: null,
    notice: null,
    views: null,
    view: null
  };
}
