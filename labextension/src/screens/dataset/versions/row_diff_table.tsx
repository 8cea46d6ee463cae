// The table of rows that differ, loaded by the page.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type {
  DatasetRowDiffView,
  JsonScalar,
  Questions,
  RowChangeView,
  RowDiffColumnView
} from '../../../contract.gen';
import { Message } from '../../../ui/controls';
import { numberText, oneLine, printable, wordsOf } from '../../../ui/format';
import { Grid, type GridColumn } from '../../../ui/grid';
import type { Host, Translate } from '../../../ui/host';
import {
  cellText,
  isNumeric,
  titleText,
  typeText,
  valueText,
  wholeText,
  type TypeOf
} from '../words';

export const DIFF_PAGE = 200;
const PAUSE = 80;
const LETTER = 8.4;
const [NARROW, WIDE] = [90, 320];
const STATE = 'state';
const SIGNS: Record<string, string> = { added: '+', removed: '−', changed: '±' };

interface DiffColumn extends GridColumn {
  place: number;
  of: TypeOf;
}

interface Props {
  host: Host;
  question: Questions['dataset_row_diff'];
  /** The answer with the first page. */
  diff: DatasetRowDiffView;
}

export function RowDiffTable({ host, question, diff }: Props): JSX.Element {
  const { t } = host;
  const [pages, setPages] = useState(() => new Map([[0, diff.rows]]));
  const [problem, setProblem] = useState('');
  const want = useWanted(host, question, pages, setPages, setProblem);
  const columns = useMemo(() => columnsOf(diff, t), [diff]);
  const cell = useMemo(
    () => (row: RowChangeView, column: GridColumn) =>
      column.key === STATE ? (
        <State t={t} row={row} />
      ) : (
        <Change t={t} row={row} column={column as DiffColumn} />
      ),
    []
  );
  const rowAt = (index: number): RowChangeView | undefined =>
    pages.get(Math.floor(index / DIFF_PAGE))?.[index % DIFF_PAGE];
  return (
    <>
      {problem && (
        <Message role="alert">{t('Rows could not be loaded: %1', printable(problem))}</Message>
      )}
      <Grid<RowChangeView>
        t={t}
        label={t('Rows that differ')}
        class="aml-data-grid aml-data-diff-grid"
        columns={columns}
        sticky={1 + diff.key.length}
        count={diff.count}
        rowAt={rowAt}
        cell={cell}
        rowClass={({ state }) => `aml-data-${oneLine(state)}`}
        need={want}
        copied={(row, column) =>
          row && column && column.key !== STATE
            ? wholeText(row.cells[(column as DiffColumn).place])
            : ''
        }
      />
    </>
  );
}

type Pages = Map<number, RowChangeView[]>;

/** Asks for the pages that rows in sight are on, one after the other. */
function useWanted(
  host: Host,
  question: Props['question'],
  pages: Pages,
  setPages: (pages: Pages) => void,
  setProblem: (problem: string) => void
): (first: number, end: number) => void {
  const state = useRef({ pages, wanted: [0, 0], isAsking: false, isRefused: false, isOver: false });
  state.current.pages = pages;
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(
    () => () => {
      state.current.isOver = true;
      clearTimeout(timer.current);
    },
    []
  );
  const ask = async (): Promise<void> => {
    const now = state.current;
    const [from, to] = now.wanted.map(row => Math.floor(row / DIFF_PAGE)) as [number, number];
    const page = [from, to].find(each => !now.pages.has(each));
    if (page === undefined || now.isAsking || now.isOver) {
      return;
    }
    now.isAsking = true;
    try {
      const offset = page * DIFF_PAGE;
      const { rows } = await host.ask('dataset_row_diff', { ...question, offset });
      if (!now.isOver) {
        now.pages = new Map([...now.pages, [page, rows]]);
        setPages(now.pages);
        setProblem('');
      }
    } catch (error) {
      now.isRefused = true;
      if (!now.isOver) {
        setProblem(wordsOf(error));
      }
      return;
    } finally {
      now.isAsking = false;
    }
    void ask();
  };
  return (first, end) => {
    const wanted = [first, Math.max(end - 1, first)];
    // What was refused is not asked for again before the reader scrolls on.
    if (state.current.isRefused && wanted.join() === state.current.wanted.join()) {
      return;
    }
    Object.assign(state.current, { wanted, isRefused: false });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void ask(), PAUSE);
  };
}

function typeOf({ before, after, zone }: RowDiffColumnView): TypeOf {
  return { type: after || before, zone };
}

function columnsOf(diff: DatasetRowDiffView, t: Translate): GridColumn[] {
  const keys = new Set(diff.key);
  const made = diff.columns.map((column, place): DiffColumn => {
    const of = typeOf(column);
    const texts = diff.rows.slice(0, 50).map(row => {
      const at = row.changed.indexOf(place);
      const [is, was] = [valueText(row.cells[place], of), valueText(row.before[at], of)];
      return is.length + (at < 0 ? 0 : was.length + 3);
    });
    const longest = Math.max(column.name.length + 4, ...texts);
    const isOther = column.before && column.after && column.before !== column.after;
    const types = isOther ? `${column.before} → ${column.after}` : typeText(of);
    const state = !column.before ? t('new column') : !column.after ? t('column is gone') : '';
    return {
      ...{ key: String(place), title: cellText(column.name), place, of },
      width: Math.round(Math.min(Math.max(longest * LETTER + 24, NARROW), WIDE)),
      ...{ isNumeric: isNumeric(of.type), isSortable: false },
      hint: oneLine(
        [column.name, types, state, keys.has(column.name) ? t('key') : '']
          .filter(Boolean)
          .join(', ')
      )
    };
  });
  return [{ key: STATE, title: t('Change'), width: 110, isSortable: false }, ...made];
}

function State({ t, row }: { t: Translate; row: RowChangeView }): JSX.Element {
  const words: Record<string, string> = {
    added: t('added'),
    removed: t('removed'),
    changed: t('changed')
  };
  const at = row.row_after ?? row.row_before;
  return (
    <span title={at === null ? '' : t('row %1', numberText(at))}>
      <span aria-hidden="true">{SIGNS[row.state] ?? ''} </span>
      {words[row.state] ?? oneLine(row.state)}
    </span>
  );
}

/** A cell; of one that changed what it was and what it is. */
function Change(props: { t: Translate; row: RowChangeView; column: DiffColumn }): JSX.Element {
  const { t, row, column } = props;
  const value = row.cells[column.place];
  const at = row.changed.indexOf(column.place);
  if (at < 0) {
    return <Shown t={t} value={value} of={column.of} />;
  }
  const was = row.before[at];
  return (
    <span class="aml-data-changed-cell" title={`${titleText(was)} → ${titleText(value)}`}>
      <del>
        <Shown t={t} value={was} of={column.of} />
      </del>
      {' → '}
      <ins>
        <Shown t={t} value={value} of={column.of} />
      </ins>
    </span>
  );
}

function Shown(props: {
  t: Translate;
  value: JsonScalar | undefined;
  of: TypeOf;
}): JSX.Element | null {
  const { t, value, of } = props;
  return value === null || value === undefined ? (
    <span class="aml-data-none">{t('null')}</span>
  ) : (
    <>{valueText(value, of)}</>
  );
}
