// A table of runs that is alive.
import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Part } from '../../ui/boundary';
import { Button, Glyph, LinkLine, Message, Muted } from '../../ui/controls';
import { tabbedLines } from '../../ui/csv';
import { oneLine, printable, valueText } from '../../ui/format';
import { Grid, type GridColumn, type GridSelection, type MenuPoint } from '../../ui/grid';
import type { Host, Selection } from '../../ui/host';
import { below } from '../../ui/popup';
import { makeRoot } from '../../ui/root';
import type { Mounted, RunTableSnapshot } from '../../ui/snapshot';
import type { RunRowView } from '../../contract.gen';
import { AboveTable } from './above';
import { splitKey, type Look, type RunColumn } from './column';
import { Below, type Embedded } from './below';
import {
  allKeys,
  bestOf,
  columnsOf,
  isShownAtFirst,
  metricOf,
  movedKeys,
  narrowColumns
} from './layout';
import { isGroup, type GroupLine, type Line } from './lines';
import { Table } from './table';
import { Toolbar } from './toolbar';

/** A table that is not as wide as this shows what fits to the side of a page. */
const SIDE = 440;
/** Rows that are looked at for which columns differ. */
const LOOKED = 1_000;

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountRunTable(
  parent: HTMLElement,
  snapshot: RunTableSnapshot,
  host: Host,
  selection?: Selection
): Mounted<RunTableSnapshot> {
  let shown: Embedded | null = null;
  const embed = (next: Embedded | null): void => {
    shown = next;
    root.flush();
  };
  const { t } = host;
  const table = new Table(snapshot, host, selection, {
    open: id => {
      const subject = { kind: 'run', run: id };
      const row = table.rowsOf([id])[0];
      const name = oneLine(row?.name ?? '') || id.slice(0, 8);
      if (host.open) {
        host.open(subject);
      } else {
        embed({ title: t('Run %1', name), subject });
      }
    },
    compare: runs => {
      const subject = { kind: 'compare', runs };
      if (host.open) {
        host.open(subject);
      } else {
        const title = t('Comparison of %1 runs', runs.length);
        embed({ title, subject, selection: table.picked });
      }
    }
  });
  const root = makeRoot(
    parent,
    'aml-run-list',
    t('Runs of %1', oneLine(snapshot.workspace)),
    () => <Screen table={table} shown={shown} close={() => embed(null)} />
  );
  const stop = watched(root, table);
  table.start();
  return {
    update: newer => table.update(newer),
    dispose: () => {
      stop();
      table.dispose();
      root.dispose();
    }
  };
}

/** Draw what changes: at once what the reader does, else when there is time. Returns what ends that. */
function watched(root: ReturnType<typeof makeRoot>, table: Table): () => void {
  let isDirty = false;
  const unsubscribe = table.store.subscribe(() => {
    isDirty = true;
    root.request();
  });
  const flush = (): void => {
    if (isDirty) {
      isDirty = false;
      root.flush();
    }
  };
  for (const type of ['click', 'dblclick', 'keydown', 'input', 'change', 'contextmenu', 'submit']) {
    root.node.addEventListener(type, () => queueMicrotask(flush), true);
  }
  const observer = new ResizeObserver(() => {
    const width = root.node.clientWidth;
    if (width > 0 && width !== table.width) {
      table.width = width;
      table.store.set({ isNarrow: width < SIDE });
    }
  });
  observer.observe(root.node);
  return () => {
    observer.disconnect();
    unsubscribe();
  };
}

function Screen(props: { table: Table; shown: Embedded | null; close(): void }): JSX.Element {
  const { table, shown, close } = props;
  const { host, state } = table;
  const { t } = host;
  const layout = useLayout(table);
  return (
    <>
      <LinkLine t={t} link={state.link} message={state.message} isQuiet />
      <Part t={t}>
        <Toolbar table={table} />
      </Part>
      <Part t={t}>
        <NoticeLine table={table} />
      </Part>
      <Part t={t}>
        {table.lines.count > 0 ? (
          <RunGrid table={table} columns={layout.columns} />
        ) : (
          <Nothing table={table} />
        )}
      </Part>
      <Part t={t}>
        <AboveTable table={table} keys={layout.keys} shown={layout.shown} />
      </Part>
      <Part t={t}>
        <Below host={host} shown={shown} close={close} />
      </Part>
    </>
  );
}

interface Layout {
  columns: RunColumn[];
  /** Of all columns in their order, and of those that are shown. */
  keys: string[];
  shown: string[];
}

/** The columns, which change with what the reader chooses and with what is there to be shown, and not with each value. */
function useLayout(table: Table): Layout {
  const { state, host } = table;
  const { params, metrics, choice, isNarrow, groups } = state;
  const sort = table.sort;
  const rows = table.rows.slice(0, LOOKED);
  const last = useRef<RunRowView[]>(rows);
  if (rows.length > 0) {
    last.current = rows;
  }
  const { shown: wanted, order, widths, metric } = choice;
  const isOne = Math.min(rows.length, 2);
  const room = isNarrow ? table.width : 0;
  return useMemo(() => {
    const seen = last.current;
    const first = allKeys(state, seen, sort);
    const keys = movedKeys(first, order);
    const shown = keys.filter(
      key =>
        key === 'name' ||
        (Object.hasOwn(wanted, key) ? wanted[key] : isShownAtFirst(key, first, seen, sort))
    );
    const columns = isNarrow
      ? narrowColumns(metricOf(state, sort), seen, table.width, host.t)
      : columnsOf(shown, seen, widths, host.t).map(column =>
          groups && column.key.startsWith('metrics.')
            ? { ...column, width: Math.max(column.width, 170) }
            : column
        );
    return { keys, shown, columns };
  }, [
    ...[params, metrics, wanted, order, widths, metric, isNarrow, isOne, room],
    ...[groups === null, sort?.column, choice.goals]
  ]);
}

function NoticeLine({ table }: { table: Table }): JSX.Element | null {
  const { notice } = table.state;
  const { t } = table.host;
  if (notice === null) {
    return null;
  }
  const { text, isBad, undo } = notice;
  return (
    <Message tone={isBad ? 'aml-bad' : 'aml-calm'} role={isBad ? 'alert' : 'status'}>
      {printable(text)} {undo && <Button click={undo}>{isBad ? t('Try again') : t('Undo')}</Button>}{' '}
      <Button
        class="aml-close"
        aria-label={t('Close the message')}
        click={() => table.store.set({ notice: null })}
      >
        ✕
      </Button>
    </Message>
  );
}

/** Why there is no run, and what to do. */
function Nothing({ table }: { table: Table }): JSX.Element {
  const { t } = table.host;
  const { asked, total } = table.state;
  const { experiment, status, filter } = table.snapshot.query;
  if (total > 0 || asked.text.trim() || asked.isStarredOnly) {
    return <Muted>{t('No run meets the filter.')}</Muted>;
  }
  if (status || filter) {
    return <Muted>{t('No run meets the query: %1', oneLine(filter || status!))}</Muted>;
  }
  const first = t(
    'Begin a cell with %1 and it becomes a run, shown here while it runs.',
    '%%aml_run'
  );
  return (
    <Muted>
      {t(experiment ? 'The experiment has no runs yet. %1' : 'There are no runs yet. %1', first)}
    </Muted>
  );
}

const keyOf = (line: Line): string => line.id;
const isOpen = (line: Line): boolean | undefined => (isGroup(line) ? line.isOpen : undefined);
const levelOf = (line: Line): number => (isGroup(line) ? 1 : 2);
const rowClass = (line: Line): string =>
  isGroup(line) ? 'aml-group' : line.archived ? 'aml-archived' : '';

function RunGrid({ table, columns }: { table: Table; columns: RunColumn[] }): JSX.Element {
  const { host, state, lines, source } = table;
  const { t } = host;
  const { groups, isNarrow, link, asked } = state;
  const names = columns.flatMap(({ key }) => {
    const [group, name] = splitKey(key);
    return group === 'metrics' ? [name] : [];
  });
  const best = bestOf(names, state, table.rows);
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
      class="aml-run-grid"
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
      onMenu={menu}
      onHold={isHeld => source.hold(isHeld)}
      copied={(line, column) => copiedText(table, columns, line, column)}
      scrollKey={JSON.stringify([asked.text, asked.sort, asked.by, asked.isStarredOnly])}
    />
  );
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
      <span class="aml-muted">#{row.number}</span>{' '}
      {row.starred && <Glyph sign="★" word={t('starred')} />}
      <span class="aml-open" title={oneLine(row.name)}>
        {oneLine(row.name) || row.short_id}
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
