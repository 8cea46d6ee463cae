// What runs can be grouped by.
import { fieldName } from '../state';
import type { Table } from '../table';

/** The fields that runs of the table have, as the store calls them. */
export function groupChoices({ state, rows }: Table): string[] {
  const tags = new Set(rows.flatMap(row => Object.keys(row.tags)));
  const fields = [
    'experiment',
    'status',
    ...[...state.params].map(name => fieldName(`params.${name}`)),
    ...[...tags].map(name => fieldName(`tags.${name}`))
  ];
  const { by } = state.choice;
  return by === '' || fields.includes(by) ? fields : [...fields, by];
}
