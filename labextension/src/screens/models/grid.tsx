// Rows of models in the one grid there is.
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ModelRowView, ModelsView } from '../../contract.gen';
import { Grid, nextSort, type GridColumn, type Sort } from '../../ui/grid';
import type { Host } from '../../ui/host';
import { columnsOf, sorted, textOf, type ModelColumn } from './columns';

export const idOf = ({ name, version }: ModelRowView): string => `${name}:${version}`;

export function ModelGrid(props: {
  host: Host;
  view: ModelsView;
  isBusy?: boolean;
  open(row: ModelRowView): void;
}): JSX.Element {
  const { host, view, isBusy, open } = props;
  const { t } = host;
  const [sort, setSort] = useState<Sort | null>(null);
  const shape = JSON.stringify([view.name, view.metrics]);
  const columns = useMemo(() => columnsOf(view, host), [shape]);
  const rows = useMemo(() => sorted(view.rows, columns, sort), [view.rows, columns, sort]);
  const cell = useMemo(() => {
    const byKey = new Map(columns.map(column => [column.key, column]));
    return (row: ModelRowView, { key }: GridColumn): JSX.Element =>
      drawn(byKey.get(key)!, row, host);
  }, [columns]);
  return (
    <Grid<ModelRowView>
      t={t}
      label={view.name ? t('Versions') : t('Models')}
      class="aml-models-grid"
      columns={columns}
      sticky={1}
      count={rows.length}
      isBusy={isBusy}
      rowAt={index => rows[index]}
      keyOf={idOf}
      cell={cell}
      sort={sort}
      onSort={column => setSort(nextSort(sort, column))}
      onOpen={open}
      onLook={row => host.look?.(row ? { kind: 'model', model: idOf(row) } : null)}
      copied={(row, column) => copiedText(columns, row, column)}
      scrollKey={JSON.stringify([view.filter, sort])}
    />
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
