// The columns of the table: what each shows of a run and of a group of runs.
import type { ComponentChildren, JSX } from 'preact';
import { Glyph, Status } from '../../../ui/controls';
import { useNow } from '../../../ui/clock';
import {
  ageText,
  agoText,
  isWord,
  momentText,
  numberText,
  oneLine,
  plainText,
  secondsText,
  toNumber,
  valueText
} from '../../../ui/format';
import type { GridColumn } from '../../../ui/grid';
import type { Translate } from '../../../ui/host';
import { statusText, tone } from '../../../ui/status';
import type { GroupView, JsonScalar, MetricSummaryView, RunRowView } from '../../../contract.gen';
import { elapsedOf, isLive } from '../rows/listing';
import { Sparkline } from '../../../ui/sparkline';
import { own } from '../state';

export interface RunColumn extends GridColumn {
  /** What a cell says of a run, in full. */
  text(row: RunRowView): string;
  draw(row: RunRowView, look: Look): ComponentChildren;
  drawGroup?(group: GroupView): ComponentChildren;
}

/** What cells need to know beside their run. */
export interface Look {
  t: Translate;
  isTicking: boolean;
  /** The best value of a metric, where it is known which that is. */
  best: ReadonlyMap<string, number>;
  isNarrow: boolean;
}

/** Rows that are looked at for the width of a column. */
const MEASURED = 200;
const [LETTER, ROOM, NARROW, WIDE] = [7.5, 20, 64, 280];
/** A sparkline, and the star of the best. */
const CURVE = 64;
const STAR = 18;

type ValueOf = (row: RunRowView) => JsonScalar | undefined;

/** The group of names that a column is of, and its name: `metrics`, `loss`. */
export function splitKey(key: string): [group: string, name: string] {
  const dot = key.indexOf('.');
  return dot < 0 ? ['', key] : [key.slice(0, dot), key.slice(dot + 1)];
}

/** The column of a key, as wide as the rows that are here need it. */
export function columnOf(key: string, rows: readonly RunRowView[], t: Translate): RunColumn {
  const [group, name] = splitKey(key);
  if (group === 'metrics') {
    return metricColumn(key, name, rows);
  }
  if (group === 'params') {
    return valueColumn(key, name, rows, row => own(row.params, name));
  }
  return PLAIN[key]!(t, rows);
}

const PLAIN: Record<string, (t: Translate, rows: readonly RunRowView[]) => RunColumn> = {
  status: t => ({
    key: 'status',
    title: t('Status'),
    width: 136,
    text: row => row.status,
    draw: (row, { isNarrow }) => <StatusCell row={row} isNarrow={isNarrow} />,
    drawGroup: ({ statuses }) => <Counts statuses={statuses} />
  }),
  name: (t, rows) => ({
    key: 'name',
    title: t('Run'),
    class: 'aml-name',
    width: widthOf(rows, t('Run'), row => `#${row.number} ${row.name}`) + 34,
    text: row => row.name,
    // With a button of the table: see the screen.
    draw: row => row.name
  }),
  experiment: (t, rows) => valueColumn('experiment', t('Experiment'), rows, row => row.experiment),
  started: t => ({
    key: 'started',
    title: t('Started'),
    width: 108,
    text: row => momentText(row.started),
    draw: (row, { t: say, isNarrow }) => (
      <Ago moment={row.started} text={isNarrow ? ageText : agoText} t={say} />
    )
  }),
  elapsed: t => ({
    key: 'elapsed',
    title: t('Duration'),
    width: 108,
    isNumeric: true,
    text: row => secondsText(row.elapsed),
    draw: (row, { isTicking }) => <Elapsed row={row} isTicking={isTicking} />
  }),
  tags: (t, rows) => ({
    ...valueColumn('tags', t('Tags'), rows, tagsText),
    isSortable: false,
    isNumeric: false
  })
};

/** The columns that are there whatever runs have. */
export const OTHERS = ['started', 'elapsed', 'experiment', 'tags'] as const;

function widthOf(
  rows: readonly RunRowView[],
  title: string,
  text: (row: RunRowView) => string
): number {
  const longest = rows
    .slice(0, MEASURED)
    .reduce((most, row) => Math.max(most, text(row).length), title.length + 3);
  return Math.round(Math.min(Math.max(longest * LETTER + ROOM, NARROW), WIDE));
}

/** Numbers stand right, unless words are among them. */
function isNumeric(rows: readonly RunRowView[], value: ValueOf): boolean {
  const values = rows.slice(0, MEASURED).map(value);
  return values.some(one => typeof one === 'number') && !values.some(isWord);
}

function valueColumn(
  key: string,
  title: string,
  rows: readonly RunRowView[],
  value: ValueOf
): RunColumn {
  const text = (row: RunRowView): string => oneLine(plainText(value(row)));
  return {
    key,
    title,
    hint: key,
    width: widthOf(rows, title, text),
    isNumeric: isNumeric(rows, value),
    text: row => String(value(row) ?? ''),
    draw: row => {
      const words = text(row);
      return words && <span title={oneLine(String(value(row)))}>{words}</span>;
    }
  };
}

function metricColumn(key: string, name: string, rows: readonly RunRowView[]): RunColumn {
  const value: ValueOf = row => own(row.metrics, name);
  const text = (row: RunRowView): string => oneLine(valueText(value(row)));
  const hasCurve = rows.slice(0, MEASURED).some(row => own(row.sparklines, name));
  return {
    key,
    title: name,
    hint: key,
    width: widthOf(rows, name, text) + (hasCurve ? CURVE : 0) + STAR,
    isNumeric: isNumeric(rows, value),
    text: row => String(value(row) ?? ''),
    draw: (row, { t, best, isNarrow }) => {
      const curve = own(row.sparklines, name);
      const isBest = best.has(name) && toNumber(value(row)) === best.get(name);
      return (
        <>
          {curve && !isNarrow && <Sparkline values={curve} />}
          {isBest && !isNarrow && <Glyph sign="★" word={t('best')} />}
          {isBest && isNarrow && <span class="aml-hidden">{t('best')} </span>}
          <span class={isBest ? 'aml-best' : undefined} title={oneLine(String(value(row) ?? ''))}>
            {text(row)}
          </span>
        </>
      );
    },
    drawGroup: ({ metrics }) => {
      const summary = own(metrics, name);
      return summary && <Summary summary={summary} />;
    }
  };
}

/** The mean of a group, and how far its runs are from it. */
function Summary({ summary }: { summary: MetricSummaryView }): JSX.Element {
  const { count, mean, low, high, deviation } = summary;
  const text = (value: JsonScalar): string => numberText(toNumber(value));
  const spread = deviation === null ? '' : ` ± ${numberText(toNumber(deviation), 2)}`;
  return (
    <span title={`${text(low)} … ${text(high)}, n = ${count}`}>{`${text(mean)}${spread}`}</span>
  );
}

function StatusCell({ row, isNarrow }: { row: RunRowView; isNarrow: boolean }): JSX.Element {
  const words = row.reason ? `${row.status}: ${row.reason}` : row.status;
  return (
    <span title={oneLine(words)}>
      {isNarrow ? (
        <span class={`aml-status ${tone(row.status)}`} role="img" aria-label={oneLine(row.status)}>
          {statusText(row.status).split(' ')[0]}
        </span>
      ) : (
        <Status status={row.status} />
      )}
    </span>
  );
}

/** How many runs have each status. */
function Counts({ statuses }: { statuses: Record<string, number> }): JSX.Element {
  return (
    <>
      {Object.entries(statuses).map(([status, count]) => (
        <span key={status} class={`aml-status ${tone(status)} aml-counted`} title={oneLine(status)}>
          {statusText(status).split(' ')[0]} {count}
          <span class="aml-hidden"> {oneLine(status)}</span>
        </span>
      ))}
    </>
  );
}

function Ago(props: { moment: string | null; text: typeof agoText; t: Translate }): JSX.Element {
  const { moment, text, t } = props;
  const now = useNow(moment !== null, 30_000);
  return <span title={momentText(moment)}>{text(moment, now, t)}</span>;
}

function Elapsed({ row, isTicking }: { row: RunRowView; isTicking: boolean }): JSX.Element {
  const isCounting = isTicking && isLive(row);
  const now = useNow(isCounting, 1_000);
  return <>{secondsText(elapsedOf(row, isCounting ? now : null))}</>;
}

function tagsText(row: RunRowView): string {
  return Object.entries(row.tags)
    .map(([name, value]) => (value ? `${name}: ${value}` : name))
    .join(', ');
}
