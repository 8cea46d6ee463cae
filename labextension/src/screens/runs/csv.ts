// Rows as CSV (RFC 4180) that a spreadsheet opens without running anything.
import { toNumber } from '../../ui/format';
import type { JsonScalar, RunRowView } from '../../contract.gen';
import { own } from './model';

/** Columns are those of all rows, also of those that the table does not show. */
export function csvOf(rows: readonly RunRowView[]): string {
  const more = (['params', 'metrics', 'tags'] as const).flatMap(group =>
    [...new Set(rows.flatMap(row => Object.keys(row[group])))].map(name => [group, name] as const)
  );
  const head = [
    ...['id', 'number', 'name', 'experiment', 'status', 'started', 'seconds'],
    ...more.map(key => key.join('.'))
  ];
  const lines = rows.map(row => [
    ...[row.id, row.number, row.name, row.experiment, row.status, row.started, row.elapsed],
    ...more.map(([group, name]) => own<JsonScalar>(row[group], name))
  ]);
  // the byte order mark tells Excel that this is UTF-8
  return `\ufeff${csvLines([head, ...lines])}`;
}

export function csvLines(lines: readonly (readonly (JsonScalar | undefined)[])[]): string {
  return lines.map(line => `${line.map(cell).join(',')}\r\n`).join('');
}

function cell(value: JsonScalar | undefined): string {
  if (value === null || value === undefined) {
    return '';
  }
  let text = Object.is(value, -0) ? '-0' : String(value);
  // a text that a spreadsheet would take for a formula
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text) && isNaN(toNumber(value))) {
    text = `'${text}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Let the browser keep a text as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.href = address;
  link.download = name;
  link.click();
  // not at once: Firefox reads the address after the click has returned
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
