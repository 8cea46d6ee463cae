// A list, rows or a table that a run logged.
import { render, type JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { JsonScalar, TableView } from '../../contract.gen';
import { Scroller, TextTable, type Cell } from '../chart/text_table';
import { Muted } from '../controls';
import { numberText, oneLine, printable, toNumber, valueText } from '../format';
import type { Translate } from '../host';

const DIGITS = 6;

/** The first rows of a table, and how many there are. */
export function LoggedTable(props: { t: Translate; name: string; table: TableView }): JSX.Element {
  const { t, name, table } = props;
  const { rows, count } = table;
  return (
    <>
      <Scroller kind="aml-logged-scroll" label={oneLine(name)}>
        <ValueTable table={table} />
      </Scroller>
      {count > rows.length && <Muted>{t('%1 of %2 rows', rows.length, numberText(count))}</Muted>}
    </>
  );
}

/** A table of values; columns of numbers stand at the right. */
export function ValueTable({ table }: { table: TableView }): JSX.Element {
  return useMemo(() => {
    const { columns, rows } = table;
    const sides = columns.map((_, place) =>
      rows.every(row => isNumber(row[place])) ? 'aml-number' : null
    );
    return (
      <TextTable
        kind="aml-logged-table"
        heads={columns.map((title, place): Cell => [printable(title), sides[place]])}
        rows={rows.map(row => row.map((value, place): Cell => [textOf(value), sides[place]]))}
      />
    );
  }, [table]);
}

/** The same for what is not drawn by Preact. */
export function tableElement(table: TableView): HTMLElement {
  const node = document.createElement('div');
  render(<ValueTable table={table} />, node);
  return node;
}

function isNumber(value: JsonScalar | undefined): boolean {
  return value === null || value === 'NaN' || typeof value === 'number' || !isNaN(toNumber(value));
}

function textOf(value: JsonScalar): string {
  return typeof value === 'number' ? numberText(value, DIGITS) : printable(valueText(value));
}
