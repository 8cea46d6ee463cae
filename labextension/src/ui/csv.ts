// Values as CSV (RFC 4180) that a spreadsheet opens without running anything, and as files.
import type { JsonScalar } from '../contract.gen';
import { toNumber } from './format';

export function csvLines(lines: readonly (readonly (JsonScalar | undefined)[])[]): string {
  return lines.map(line => `${line.map(cell).join(',')}\r\n`).join('');
}

/** The same as lines of a spreadsheet's clipboard. */
export function tabbedLines(lines: readonly (readonly string[])[]): string {
  return lines.map(line => line.map(text => text.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');
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
