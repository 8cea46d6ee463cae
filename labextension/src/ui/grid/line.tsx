// The rows of a grid: their cells near those that are seen.
import type { ComponentChildren, JSX } from 'preact';
import { Component } from 'preact';
import { oneLine } from '../format';
import type { GridColumn, GridProps } from './contract';
import type { Across, Range } from './geometry';
import { columnAt, stickyOf } from './position';

interface RowProps<R> {
  of: GridProps<R>;
  across: Across;
  /** The columns that are drawn beside the sticky ones. */
  shown: Range;
  /** The column of the cell that Tab leads to, where it is in this row. */
  active: number | null;
}

interface LineProps<R> extends RowProps<R> {
  index: number;
  row: R | undefined;
  /** Pixels from the top of all rows. */
  top: number;
  isSelected: boolean;
}

/** The columns that a row draws: those that stick, those that are near, and the one with the focus. */
function drawnColumns<R>({ of, shown: [from, end], active }: RowProps<R>): number[] {
  const sticky = stickyOf(of);
  const first = Math.max(from, sticky);
  const columns = [
    ...Array.from({ length: sticky }, (_, at) => at),
    ...Array.from({ length: Math.max(end - first, 0) }, (_, at) => first + at)
  ];
  if (active !== null && columnAt(of, active) && !columns.includes(active)) {
    columns.push(active);
    columns.sort((a, b) => a - b);
  }
  return columns;
}

/** A row, drawn again only where it looks different. */
export class Line<R> extends Component<LineProps<R>> {
  override shouldComponentUpdate(next: LineProps<R>): boolean {
    const { of, shown, ...before } = this.props;
    return (
      before.row !== next.row ||
      before.index !== next.index ||
      before.top !== next.top ||
      before.active !== next.active ||
      before.isSelected !== next.isSelected ||
      before.across !== next.across ||
      shown[0] !== next.shown[0] ||
      shown[1] !== next.shown[1] ||
      of.columns !== next.of.columns ||
      of.cell !== next.of.cell ||
      of.isOpen !== next.of.isOpen
    );
  }

  override render(): JSX.Element {
    const { of, index, row, top, across, active, isSelected } = this.props;
    const { selection, rowClass, isOpen, levelOf, keyOf } = of;
    const isThere = row !== undefined;
    const name = ['aml-row', isSelected && 'aml-picked', isThere && rowClass?.(row)];
    return (
      <div
        role="row"
        class={name.filter(Boolean).join(' ')}
        aria-rowindex={index + 2}
        aria-selected={selection && isThere ? isSelected : undefined}
        aria-expanded={isThere ? isOpen?.(row) : undefined}
        aria-level={isThere && isOpen ? (levelOf?.(row) ?? 1) : undefined}
        data-key={isThere ? keyOf?.(row) : undefined}
        style={{ transform: `translateY(${top}px)`, width: `${across.width}px` }}
      >
        {drawnColumns(this.props).map(at => {
          const column = columnAt(of, at);
          const cell = { of, at, across, role: 'gridcell' as const, isActive: at === active };
          return drawCell(
            column
              ? { ...cell, children: isThere ? of.cell(row, column, index) : '…' }
              : { ...cell, ...ticked(isSelected, of.t('selected'), of.t('not selected')) }
          );
        })}
      </div>
    );
  }
}

/** The row of titles. */
export function Head<R>(props: RowProps<R>): JSX.Element {
  const { of, across, active } = props;
  const { t } = of;
  return (
    <div
      role="row"
      class="aml-row aml-head"
      aria-rowindex={1}
      style={{ width: `${across.width}px` }}
    >
      {drawnColumns(props).map(at => {
        const column = columnAt(of, at);
        const cell = { of, at, across, role: 'columnheader' as const, isActive: at === active };
        if (!column) {
          const isAll = of.selection?.isAll ?? false;
          return drawCell({ ...cell, ...ticked(isAll, t('Select none'), t('Select all')) });
        }
        const way = wayOf(of, column);
        const hint = oneLine(column.hint ?? column.title);
        const children = [
          !column.title && <span class="aml-hidden">{hint}</span>,
          <Title title={column.title} way={way} />,
          of.head?.(column)
        ];
        return drawCell({ ...cell, hint, sort: way, children });
      })}
    </div>
  );
}

type Way = 'none' | 'ascending' | 'descending';

/** How a column is sorted; undefined where it cannot be. */
function wayOf<R>({ sort, onSort }: GridProps<R>, column: GridColumn): Way | undefined {
  if (!onSort || column.isSortable === false) {
    return undefined;
  }
  return sort?.column !== column.key ? 'none' : sort.descending ? 'descending' : 'ascending';
}

function Title({ title, way }: { title: string; way: Way | undefined }): JSX.Element {
  const sign = way === 'ascending' ? ' ▲' : way === 'descending' ? ' ▼' : '';
  return (
    <span class="aml-head-title">
      <span class="aml-head-text">{oneLine(title)}</span>
      {sign && <span aria-hidden="true">{sign}</span>}
    </span>
  );
}

/** The sign of a tick, and how it is spoken. */
function ticked(
  isOn: boolean,
  on: string,
  off: string
): Pick<CellProps<never>, 'label' | 'children'> {
  return { label: isOn ? on : off, children: isOn ? '☑' : '☐' };
}

interface CellProps<R> {
  of: GridProps<R>;
  at: number;
  across: Across;
  role: 'gridcell' | 'columnheader';
  isActive: boolean;
  label?: string;
  hint?: string;
  sort?: Way;
  children?: ComponentChildren;
}

/** Not a component: a table has so many cells that the work for each is felt. */
function drawCell<R>(props: CellProps<R>): JSX.Element {
  const { of, at, across, role, isActive, label, hint, sort, children } = props;
  const column = columnAt(of, at);
  const sticky = stickyOf(of);
  const name = [
    'aml-cell',
    column ? column.class : 'aml-tick',
    column?.isNumeric && 'aml-number',
    at < sticky && 'aml-sticky',
    at === sticky - 1 && 'aml-sticky-last'
  ];
  return (
    <div
      key={at}
      role={role}
      class={name.filter(Boolean).join(' ')}
      aria-colindex={at + 1}
      aria-label={label}
      aria-sort={sort}
      title={hint}
      tabIndex={isActive ? 0 : -1}
      style={across.styleOf(at)}
    >
      {children}
    </div>
  );
}
