// The columns of the table: what each shows of a run, and what it sorts by.
import { element, span } from '../../ui/element';
import { extentOf, isWord, momentText, oneLine, toNumber, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { statusElement } from '../../ui/status';
import type { JsonScalar, RunRowView } from '../../contract.gen';
import { directionOf } from '../run/direction';
import { own } from './model';
import type { RunTableModel } from './model';
import { sparkline } from './sparkline';

export interface Column {
  key: string;
  title: string;
  /** Pixels. */
  width: number;
  isNumeric: boolean;
  /** What rows are sorted by; a column without it does not sort. */
  value?(row: RunRowView): JsonScalar | undefined;
  /** What a cell holds: text is shown on one line. */
  draw(row: RunRowView): (Node | string)[];
}

/** Columns that are there at first; the others wait in the menu. */
const AT_FIRST = 8;
/** Rows that are looked at for the width of a column. */
const MEASURED = 200;

export const PICK = 'pick';
export const ELAPSED = 'elapsed';

/** All columns that the rows could fill. */
export function columnsOf(
  model: RunTableModel,
  t: Translate,
  elapsedText: (row: RunRowView) => string
): Column[] {
  return [
    { key: PICK, title: t('Selected'), width: 34, isNumeric: false, draw: () => [] },
    sized(model, {
      key: 'name',
      title: t('Run'),
      value: row => row.number,
      text: row => `#${row.number} ${row.name}`,
      draw: row => [
        span('aml-muted', `#${row.number}`),
        ' ',
        element('span', { class: 'aml-open', title: oneLine(row.name) }, [
          oneLine(row.name) || row.short_id
        ])
      ]
    }),
    sized(model, { key: 'experiment', title: t('Experiment'), value: row => row.experiment }),
    sized(model, {
      key: 'status',
      title: t('Status'),
      value: row => row.status,
      width: 146,
      draw: statusCell
    }),
    sized(model, {
      key: 'started',
      title: t('Started'),
      value: row => row.started && Date.parse(row.started),
      width: 200,
      draw: row => [momentText(row.started)]
    }),
    sized(model, {
      key: ELAPSED,
      title: t('Duration'),
      value: row => row.elapsed,
      width: 100,
      draw: row => [elapsedText(row)]
    }),
    ...[...model.params].map(name =>
      sized(model, { key: `params.${name}`, title: name, value: row => own(row.params, name) })
    ),
    ...[...model.metrics].map(name => metricColumn(model, name)),
    sized(model, { key: 'tags', title: t('Tags'), value: tagsText })
  ];
}

/** Which columns are there before the user chooses. */
export function isShownAtFirst(column: Column, model: RunTableModel): boolean {
  const [group, name] = splitKey(column.key);
  if (group === 'params' || group === 'metrics') {
    return [...model[group]].indexOf(name) < AT_FIRST;
  }
  return column.key !== 'experiment' || new Set(model.rows.map(row => row.experiment)).size > 1;
}

/** The best value of a metric among rows, where its name tells which that is. */
export function bestIn(rows: readonly RunRowView[], key: string): number | null {
  const [group, name] = splitKey(key);
  const direction = group === 'metrics' ? directionOf(name) : null;
  const [low, high] = extentOf(direction ? rows.map(row => toNumber(own(row.metrics, name))) : []);
  // of values that are all equal none is best
  return low < high ? (direction === 'lower' ? low : high) : null;
}

function splitKey(key: string): [string, string] {
  const dot = key.indexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}

interface Draft extends Omit<Partial<Column>, 'isNumeric'> {
  key: string;
  title: string;
  value(row: RunRowView): JsonScalar | undefined;
  text?(row: RunRowView): string;
  extra?: number;
}

/** Widths follow the first rows, so that rows drawn apart from each other still stand in columns. */
function sized(model: RunTableModel, draft: Draft): Column {
  const text = draft.text ?? (row => oneLine(valueText(draft.value(row))));
  const rows = model.rows.slice(0, MEASURED);
  let longest = draft.title.length + 2;
  let isNumeric = false;
  let hasWord = false;
  for (const row of rows) {
    const value = draft.value(row);
    longest = draft.width ? longest : Math.max(longest, text(row).length);
    isNumeric ||= typeof value === 'number';
    hasWord ||= isWord(value);
  }
  return {
    draw: row => {
      const words = text(row);
      return words ? [element('span', { title: words }, [words])] : [];
    },
    width: Math.round(Math.min(Math.max(longest * 7.5 + 20, 64), 260)) + (draft.extra ?? 0),
    ...draft,
    isNumeric: isNumeric && !hasWord && draft.key !== 'name' && draft.key !== 'started'
  };
}

function metricColumn(model: RunTableModel, name: string): Column {
  const value = (row: RunRowView): JsonScalar | undefined => own(row.metrics, name);
  return sized(model, {
    key: `metrics.${name}`,
    title: name,
    value,
    extra: 76,
    draw: row => {
      const curve = own(row.sparklines, name);
      return [
        ...(curve ? [sparkline(curve)] : []),
        element('span', { title: oneLine(String(value(row) ?? '')) }, [
          oneLine(valueText(value(row)))
        ])
      ];
    }
  });
}

function statusCell(row: RunRowView): Node[] {
  const status = statusElement(row.status);
  if (row.reason) {
    status.title = oneLine(row.reason);
  }
  return [status];
}

function tagsText(row: RunRowView): string {
  return Object.entries(row.tags)
    .map(([name, value]) => (value ? `${name}: ${value}` : name))
    .join(', ');
}
