// Files that the page makes, for the browser to keep.
import type { JsonScalar } from '../contract.gen';
import { toNumber } from './format';

/** Until the browser has surely begun to write: Firefox reads the address after the click has returned. */
const KEPT = 60_000;

/** Let the browser keep `content` as a file of this name. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(content);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}

/** The same for CSV. */
export function saveCsv(name: string, text: string): void {
  saveFile(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
}

/** Values as CSV (RFC 4180) that a spreadsheet opens without running anything. */
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
