// What is known of one column.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ColumnView, JsonScalar } from '../../../contract.gen';
import { numberText, oneLine } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { barsOf, BarTable, Histogram, rangeOf, Scale } from './histogram';
import {
  cellText,
  countText,
  distinctText,
  figureText,
  shareText,
  titleText,
  typeText,
  uniqueText
} from '../words';

/** Of the most frequent values so many are shown at once. */
const TOP = 5;

interface Props {
  t: Translate;
  column: ColumnView;
}

export function Card({ t, column }: Props): JSX.Element {
  const bars = barsOf(column);
  return (
    <article class="aml-data-column" aria-label={oneLine(column.name)}>
      <Title column={column} />
      <Missing t={t} column={column} />
      {bars && <Histogram t={t} column={column} bars={bars} />}
      {bars && <Scale of={column} range={rangeOf(bars)} columns={[column]} />}
      {!bars && column.top.length > 0 && (
        <Top t={t} column={column} values={column.top.slice(0, TOP)} />
      )}
      <Figures t={t} column={column} />
      <More t={t} column={column} />
    </article>
  );
}

export function Title({ column }: { column: ColumnView }): JSX.Element {
  return (
    <div class="aml-data-head">
      <h3 class="aml-data-title" title={titleText(column.name)}>
        {cellText(column.name)}
      </h3>
      <span class="aml-data-type">{typeText(column)}</span>
    </div>
  );
}

/** How many values there are not, in words; empty where nobody counted. */
export function missingText({ count, missing }: ColumnView, t: Translate): string {
  if (count === null || missing === null) {
    return '';
  }
  return missing > 0
    ? t('%1 missing (%2)', shareText(missing, count + missing), numberText(missing))
    : count > 0
      ? t('none missing')
      : t('no rows');
}

/** The bar is of what is there, so that a column without a gap is a whole one. */
export function MissingBar({ column }: { column: ColumnView }): JSX.Element {
  const [count, gaps] = [column.count ?? 0, column.missing ?? 0];
  const share = count + gaps > 0 ? count / (count + gaps) : 0;
  return (
    <div
      class={gaps > 0 ? 'aml-data-missing aml-data-gaps' : 'aml-data-missing'}
      aria-hidden="true"
    >
      <span class="aml-data-there" style={{ width: `${100 * share}%` }} />
    </div>
  );
}

function Missing({ t, column }: Props): JSX.Element | null {
  const words = missingText(column, t);
  return words ? (
    <div class="aml-data-share">
      <MissingBar column={column} />
      <span class="aml-muted">{words}</span>
    </div>
  ) : null;
}

/** Bars beside the most frequent values. */
function Top(props: Props & { values: readonly (readonly [JsonScalar, number])[] }): JSX.Element {
  const { t, column, values } = props;
  const { count } = column;
  const most = Math.max(...values.map(([, times]) => times), 1);
  return (
    <ol class="aml-data-top" aria-label={t('Most frequent values')}>
      {values.map(([value, times], place) => (
        <li key={place}>
          <span
            class="aml-data-top-bar"
            aria-hidden="true"
            style={{ width: `${(100 * times) / most}%` }}
          />
          <span class="aml-data-top-text" title={titleText(value)}>
            <TopText t={t} column={column} value={value} />
          </span>
          <span class="aml-muted">
            {count ? `${numberText(times)} · ${shareText(times, count)}` : numberText(times)}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A frequent value; nothing and an empty text are said. */
export function TopText({ t, column, value }: Props & { value: JsonScalar }): JSX.Element {
  const text = figureText(value, column);
  return text === '' ? (
    <span class="aml-data-none">{value === null ? t('null') : t('empty text')}</span>
  ) : (
    <>{text}</>
  );
}

function Figures({ t, column }: Props): JSX.Element | null {
  const { low, high, mean, deviation } = column;
  const all: [string, string][] = [
    [t('distinct'), column.distinct === null ? '' : distinctText(column)],
    [t('unique'), uniqueText(column, t)],
    [t('min'), figureText(low, column)],
    [t('max'), figureText(high, column)],
    [t('mean'), figureText(mean, column)],
    [t('std. dev.'), deviation === null ? '' : figureText(deviation, { type: 'decimal' })]
  ];
  const shown = all.filter(([, text]) => text !== '');
  return shown.length === 0 ? null : (
    <dl class="aml-data-figures">
      {shown.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={text}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Quantiles, bars as numbers and further values, made once somebody opens them. */
function More({ t, column }: Props): JSX.Element | null {
  const [isOpened, setOpened] = useState(false);
  const { quantiles, top: values } = column;
  const bars = barsOf(column);
  const hasRest = values.length > (bars ? 0 : TOP);
  if (quantiles.length === 0 && !bars && !hasRest) {
    return null;
  }
  return (
    <details class="aml-fold" onToggle={event => setOpened(isOpened || event.currentTarget.open)}>
      <summary>{t('More')}</summary>
      <div class="aml-data-more">
        {isOpened && quantiles.length > 0 && <Quantiles t={t} column={column} />}
        {isOpened && hasRest && <Top t={t} column={column} values={values} />}
        {isOpened && bars && <BarTable t={t} of={column} bars={bars} />}
      </div>
    </details>
  );
}

function Quantiles({ t, column }: Props): JSX.Element {
  return (
    <table class="aml-logged-table">
      <thead>
        <tr>
          <th scope="col">{t('quantile')}</th>
          <th scope="col">{t('value')}</th>
        </tr>
      </thead>
      <tbody>
        {column.quantiles.map(([share, value]) => (
          <tr key={share}>
            <th scope="row">{shareText(share, 1)}</th>
            <td>{figureText(value, column)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The figures of a column in one line, for those beside each other. */
export function lineOf(column: ColumnView, t: Translate): string {
  const all = (column.count ?? 0) + (column.missing ?? 0);
  const parts = [
    column.missing === null ? '' : t('%1 missing', shareText(column.missing, all)),
    column.distinct === null ? '' : t('%1 distinct', distinctText(column)),
    column.mean === null ? '' : t('mean %1', figureText(column.mean, column))
  ];
  return parts.filter(Boolean).join(' · ') || t('%1 values', countText(column.count));
}
