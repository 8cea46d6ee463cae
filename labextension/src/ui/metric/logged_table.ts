// A list, rows or a table that a run logged.
import { grid, scroller, type Cell } from '../chart/grid';
import { element, fill, setText } from '../element';
import { numberText, oneLine, printable, toNumber, valueText } from '../format';
import type { JsonScalar } from '../view';
import type { Draw } from './metric';

const DIGITS = 6;

/** The first rows of a table, and how many there are. */
export const drawLoggedTable: Draw = (parent, { t }, _, name) => {
  const area = scroller('aml-logged-scroll', oneLine(name));
  const note = element('p', { class: 'aml-muted' });
  parent.append(area, note);
  return {
    update: ({ table }) => {
      const { columns, rows, count } = table!;
      const sides = columns.map((__, place) => (rows.every(row => isNumber(row[place])) ? 'aml-number' : null));
      const cells = rows.map(row => row.map((value, place): Cell => [textOf(value), sides[place]]));
      fill(area, grid('', columns.map((title, place): Cell => [printable(title), sides[place]]), cells, false));
      setText(note, count > rows.length ? t('%1 of %2 rows', rows.length, numberText(count)) : '');
    },
    dispose: () => undefined
  };
};

function isNumber(value: JsonScalar | undefined): boolean {
  return value === null || value === 'NaN' || typeof value === 'number' || !Number.isNaN(toNumber(value));
}

function textOf(value: JsonScalar): string {
  return typeof value === 'number' ? numberText(value, DIGITS) : printable(valueText(value));
}
