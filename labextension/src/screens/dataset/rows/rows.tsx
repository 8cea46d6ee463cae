// The rows of a dataset: sorted by a click, filtered, and taken along as CSV.
import type { JSX, RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Message, Muted } from '../../../ui/controls';
import { oneLine, printable } from '../../../ui/format';
import { Grid, PageFailure, type GridColumn } from '../../../ui/grid';
import { INDEX, indexColumn, type DataColumn } from './grid_column';
import { HeadFigures } from './head_figures';
import type { Row } from './pages';
import type { Reader } from './reader';
import { Conditions, Toolbar } from './toolbar';
import type { DatasetState, Scene } from '../state';
import { countText, titleText, valueText, wholeText } from '../words';

/** Pixels of the head, as in style.css. */
const [HEAD, HEAD_WITH_FIGURES] = [44, 104];
/** Letters of a value that its cell surely shows. */
const SHOWN = 30;
/** Milliseconds for which it is told what was taken along. */
const TOLD = 5_000;

interface Props {
  scene: Scene;
  state: DatasetState;
  reader: Reader;
}

export function Rows(props: Props): JSX.Element {
  const { scene, state, reader } = props;
  const { t } = scene;
  const problem = state.view.problem && <Message>{oneLine(state.view.problem)}</Message>;
  if (reader.columns.length === 0) {
    return (
      <div class="aml-data-rows">{problem || <Muted>{t('There are no columns.')}</Muted>}</div>
    );
  }
  return (
    <div class="aml-data-rows">
      {problem}
      <RowTable key={state.view.id} {...props} />
    </div>
  );
}

function RowTable({ scene, state, reader }: Props): JSX.Element {
  const { t } = scene;
  const grid = useRef<Grid<Row>>(null);
  const [looked, setLooked] = useState('');
  const [told, setTold] = useTold();
  const { pages } = reader;
  useKeptPlace(grid, reader);
  const columns = useMemo(
    () => [
      indexColumn(pages.count),
      ...reader.columns.filter(({ of }) => !state.hidden.has(of.name))
    ],
    [reader, state.hidden, String(pages.count).length]
  );
  const cell = useCallback((row: Row, column: GridColumn, index: number) => {
    return column.key === INDEX ? (
      countText(index + 1)
    ) : (
      <Value t={t} row={row} column={column as DataColumn} />
    );
  }, []);
  const look = (row: Row | undefined, column: GridColumn | null): void => {
    const text = row && column && column.key !== INDEX ? valueOf(row, column) : '';
    const isLong = text.length > SHOWN || /[\r\n\t]/.test(text);
    setLooked(isLong ? `${column!.title}: ${printable(text)}` : '');
  };
  return (
    <>
      <Toolbar
        {...{ scene, state, reader, told, setTold }}
        first={() => grid.current?.first ?? 0}
      />
      <Conditions scene={scene} state={state} reader={reader} />
      <PageFailure t={t} pages={pages} again={() => again(scene, grid)} />
      <Grid<Row>
        ref={grid}
        t={t}
        label={t('Rows of %1', oneLine(state.view.name ?? state.view.id))}
        class={state.hasFigures ? 'aml-data-grid aml-data-tall' : 'aml-data-grid'}
        columns={columns}
        count={pages.count}
        isCounted={pages.isCounted}
        isBusy={state.isLoading}
        headHeight={state.hasFigures ? HEAD_WITH_FIGURES : HEAD}
        rowAt={index => pages.row(index)}
        cell={cell}
        head={column => headOf(column, scene, state, reader)}
        need={(first, end) => pages.want(first, end)}
        sort={state.sort}
        onSort={column => reader.sort(column)}
        onLook={look}
        copied={(row, column) =>
          row && column && column.key !== INDEX ? valueOf(row, column) : ''
        }
        scrollKey={JSON.stringify(pages.query)}
      />
      {looked && <pre class="aml-data-value aml-mono">{looked}</pre>}
    </>
  );
}

/** What was done, told for a while. */
function useTold(): [told: string, setTold: (words: string) => void] {
  const [told, setTold] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setTold(''), TOLD);
    return () => clearTimeout(timer);
  }, [told]);
  return [told, setTold];
}

/** Come back to the rows that were seen before another tab was opened. */
function useKeptPlace(grid: RefObject<Grid<Row>>, reader: Reader): void {
  useLayoutEffect(() => {
    const now = grid.current;
    if (reader.first > 0) {
      now?.show(Math.min(reader.first + now.position.page, reader.pages.count) - 1);
    }
    return () => {
      reader.first = now?.first ?? 0;
    };
  }, [reader]);
}

function again(scene: Scene, grid: RefObject<Grid<Row>>): void {
  grid.current?.focus();
  scene.choose({});
}

function valueOf(row: Row, column: GridColumn): string {
  return wholeText(row[(column as DataColumn).place]);
}

/** Nothing, an empty text and the text “null” are three things. */
function Value(props: { t: Scene['t']; row: Row; column: DataColumn }): JSX.Element | string {
  const { t, row, column } = props;
  const value = row[column.place];
  return value === null || value === undefined ? (
    <span class="aml-data-none">{t('null')}</span>
  ) : (
    <span title={titleText(value)}>{valueText(value, column.of)}</span>
  );
}

function headOf(
  column: GridColumn,
  { t }: Scene,
  state: DatasetState,
  reader: Reader
): JSX.Element | null {
  if (column.key === INDEX) {
    return null;
  }
  const { of, place } = column as DataColumn;
  const newest = state.view.columns[place] ?? of;
  return (
    <HeadFigures
      t={t}
      column={newest}
      hasFigures={state.hasFigures}
      condition={state.conditions.find(one => one.column === of.name) ?? null}
      want={wanted => reader.want(wanted)}
      filter={condition => reader.toggle(condition)}
    />
  );
}
