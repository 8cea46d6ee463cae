// A list, rows or a table that a run logged.
import { grid, scroller, type Cell } from '../chart/grid';
import { muted } from '../control';
import { fill, setText } from '../element';
import { numberText, oneLine, printable, toNumber, valueText } from '../format';
import type { JsonScalar, TableView } from '../../contract.gen';
import type { Draw } from './metric';

const DIGITS = 6;

/** The first rows of a table, and how many there are. */
export const drawLoggedTable: Draw = (parent, { t }, _, name) => {
  const area = scroller('aml-logged-scroll', oneLine(name));
  const note = muted('');
  parent.append(area, note);
  return {
    update: ({ table }) => {
      const { rows, count } = table!;
      fill(area, tableElement(table!));
      setText(note, count > rows.length ? t('%1 of %2 rows', rows.length, numberText(count)) : '');
    }
  };
};

/** A table of values; columns of numbers stand at the right. */
export function tableElement({ columns, rows }: TableView): HTMLElement {
  const sides = columns.map((_, place) =>
    rows.every(row => isNumber(row[place])) ? 'aml-number' : null
  );
  const cells = rows.map(row => row.map((value, place): Cell => [textOf(value), sides[place]]));
  return grid(
    'aml-logged-table',
    columns.map((title, place): Cell => [printable(title), sides[place]]),
    cells,
    false
  );
}

function isNumber(value: JsonScalar | undefined): boolean {
  return value === null || value === 'NaN' || typeof value === 'number' || !isNaN(toNumber(value));
}

function textOf(value: JsonScalar): string {
  return typeof value === 'number' ? numberText(value, DIGITS) : printable(valueText(value));
}
