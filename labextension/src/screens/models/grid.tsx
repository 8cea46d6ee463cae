// Rows of models in the one grid there is.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { ModelRowView } from '../../contract.gen';
import { Grid, PageFailure, type GridColumn } from '../../ui/grid';
import type { Host } from '../../ui/host';
import { columnsOf, textOf, type ModelColumn } from './columns';
import type { ModelRows } from './rows';

export const idOf = ({ name, version }: ModelRowView): string => `${name}:${version}`;

export function ModelGrid(props: {
  host: Host;
  rows: ModelRows;
  open(row: ModelRowView): void;
  /** Sort by a column. */
  sort(column: string): void;
  /** Draw anew. */
  changed(): void;
}): JSX.Element {
  const { host, rows, open } = props;
  const { t } = host;
  const grid = useRef<Grid<ModelRowView>>(null);
  const { pages, metrics } = rows;
  const { name } = rows.view;
  const columns = useMemo(
    () => columnsOf(name, metrics, host),
    [JSON.stringify([name, ...metrics])]
  );
  const cell = useMemo(() => {
    const byKey = new Map(columns.map(column => [column.key, column]));
    return (row: ModelRowView, { key }: GridColumn): JSX.Element =>
      drawn(byKey.get(key)!, row, host);
  }, [columns]);
  const again = (): void => {
    grid.current?.focus();
    props.changed();
  };
  return (
    <>
      <PageFailure {...{ t, pages, again }} />
      <Grid<ModelRowView>
        ref={grid}
        {...{ t, columns, cell, sort: rows.sort, isBusy: rows.isAsking }}
        label={name ? t('Versions') : t('Models')}
        class="aml-models-grid"
        sticky={1}
        count={pages.count}
        rowAt={index => pages.row(index)}
        keyOf={idOf}
        need={(first, end) => pages.want(first, end)}
        onSort={props.sort}
        onOpen={open}
        onLook={row => host.look?.(row ? { kind: 'model', model: idOf(row) } : null)}
        copied={(row, column) => copiedText(columns, row, column)}
        scrollKey={JSON.stringify(pages.query)}
      />
    </>
  );
}

function drawn(column: ModelColumn, row: ModelRowView, host: Host): JSX.Element {
  const text = textOf(column, row);
  return <>{column.draw?.(row, host) ?? <span title={text}>{text}</span>}</>;
}

function copiedText(
  columns: readonly ModelColumn[],
  row: ModelRowView | undefined,
  column: GridColumn | null
): string {
  const found = columns.find(({ key }) => key === column?.key);
  return row === undefined ? '' : found ? textOf(found, row) : idOf(row);
}
