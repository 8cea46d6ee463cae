// The rows of the table: runs, and groups of them.
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Glyph } from '../../ui/controls';
import { tabbedLines } from '../../ui/save';
import { oneLine, valueText } from '../../ui/format';
import { Grid, type GridColumn, type GridSelection, type MenuPoint } from '../../ui/grid';
import type { Host } from '../../ui/host';
import { below } from '../../ui/popup/popup';
import type { RunRowView } from '../../contract.gen';
import { splitKey, type Look, type RunColumn } from './columns/column';
import { bestOf } from './columns/layout';
import { isGroup, type GroupLine, type Line } from './rows/lines';
import type { Table } from './table';

const keyOf = (line: Line): string => line.id;
const isOpen = (line: Line): boolean | undefined => (isGroup(line) ? line.isOpen : undefined);
const levelOf = (line: Line): number => (isGroup(line) ? 1 : 2);
const rowClass = (line: Line): string =>
  isGroup(line) ? 'aml-group' : line.archived ? 'aml-archived' : '';

export function RunGrid({ table, columns }: { table: Table; columns: RunColumn[] }): JSX.Element {
  const { host, state, lines, source } = table;
  const { t } = host;
  const { groups, isNarrow, link, asked } = state;
  const { rows } = table;
  const best = useMemo(
    () => bestOf(metricsOf(columns), state, rows),
    [columns, rows, state.summary, state.choice.goals]
  );
  const look: Look = { t, isNarrow, isTicking: link === 'live', best };
  const shape = JSON.stringify([[...best], isNarrow, link === 'live', groups === null, asked.by]);
  const cell = useMemo(() => {
    const byKey = new Map(columns.map(column => [column.key, column]));
    return (line: Line, { key }: GridColumn): ComponentChildren =>
      drawCell(table, line, byKey.get(key)!, look);
  }, [columns, shape]);
  const menu = ({ row, column, x, y }: MenuPoint<Line>): void =>
    showMenu(table, row, column, { x, y });
  return (
    <Grid<Line>
      t={t}
      label={t('Runs')}
      class={`aml-runs-grid${isNarrow ? ' aml-small' : ''}`}
      columns={columns}
      sticky={isNarrow ? 0 : 2}
      count={lines.count}
      isBusy={state.isAsking}
      rowAt={lines.at}
      keyOf={keyOf}
      placeOf={lines.placeOf}
      cell={cell}
      need={(first, end) => table.need(first, end)}
      sort={table.sort}
      onSort={column => table.sortBy(column)}
      selection={selectionOf(table)}
      hasTicks={!isNarrow}
      rowClass={rowClass}
      isOpen={groups === null ? undefined : isOpen}
      levelOf={groups === null ? undefined : levelOf}
      onOpen={line => table.open(line)}
      onLook={line => host.look?.(line && !isGroup(line) ? { kind: 'run', run: line.id } : null)}
      onMenu={menu}
      onHold={isHeld => source.hold(isHeld)}
      copied={(line, column) => copiedText(table, columns, line, column)}
      scrollKey={JSON.stringify([asked.text, asked.sort, asked.by, asked.isStarredOnly])}
    />
  );
}

function metricsOf(columns: readonly RunColumn[]): string[] {
  return columns
    .map(({ key }) => splitKey(key))
    .filter(([group]) => group === 'metrics')
    .map(([, name]) => name);
}

function selectionOf(table: Table): GridSelection<Line> {
  const { picked, listing } = table.state;
  return {
    isSelected: line => !isGroup(line) && picked.has(line.id),
    toggle: index => table.toggle(index),
    extend: index => table.extend(index),
    all: isToggle => table.pickAll(isToggle),
    isAll: picked.size > 0 && picked.size >= listing.rows.length
  };
}

function showMenu(
  table: Table,
  line: Line | undefined,
  column: GridColumn | null,
  at: { x: number; y: number }
): void {
  if (line === undefined) {
    table.show(column && { kind: 'column', at, column: column.key });
  } else if (!isGroup(line)) {
    // A run among those that are selected stands for all of them.
    const ids = table.state.picked.has(line.id) ? table.selected : [line.id];
    table.show({ kind: 'runs', at, ids });
  }
}

function drawCell(table: Table, line: Line, column: RunColumn, look: Look): ComponentChildren {
  if (isGroup(line)) {
    return column.key === 'name' ? (
      <GroupName line={line} t={look.t} />
    ) : (
      column.drawGroup?.(line.group)
    );
  }
  return column.key === 'name' ? <RunName table={table} row={line} /> : column.draw(line, look);
}

function GroupName({ line, t }: { line: GroupLine; t: Host['t'] }): JSX.Element {
  const { value, count } = line.group;
  const text = value === null ? t('none') : oneLine(valueText(value));
  return (
    <span class="aml-open" title={text}>
      <span aria-hidden="true">{line.isOpen ? '▾ ' : '▸ '}</span>
      {t('%1 (%2)', text, count)}
    </span>
  );
}

function RunName({ table, row }: { table: Table; row: RunRowView }): JSX.Element {
  const { t } = table.host;
  return (
    <>
      <span class="aml-name-line">
        {row.starred && <Glyph sign="★" word={t('starred')} />}
        <span class="aml-open" title={oneLine(row.name)} dir="auto">
          {oneLine(row.name) || row.short_id}
        </span>{' '}
        <span class="aml-muted">#{row.number}</span>
      </span>
      <button
        type="button"
        class="aml-row-menu"
        tabIndex={-1}
        aria-label={t('Menu of %1', oneLine(row.name) || row.short_id)}
        onClick={event => showMenu(table, row, null, below(event.currentTarget))}
      >
        ⋯
      </button>
    </>
  );
}

/** A cell, or all selected rows where it is in one of them. */
function copiedText(
  table: Table,
  columns: readonly RunColumn[],
  line: Line | undefined,
  column: GridColumn | null
): string {
  if (line === undefined || isGroup(line)) {
    return line ? valueText(line.group.value) : '';
  }
  const { picked } = table.state;
  if (picked.size > 1 && picked.has(line.id)) {
    const rows = table.rowsOf(table.selected);
    return tabbedLines([
      columns.map(({ title }) => title),
      ...rows.map(row => columns.map(one => one.text(row)))
    ]);
  }
  return columns.find(({ key }) => key === column?.key)?.text(line) ?? line.name;
}
