// What is known of one column.
import { div, element, span } from '../../ui/element';
import { numberText, oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ColumnView, JsonScalar } from '../../contract.gen';
import { grid, type Cell } from '../../ui/chart/grid';
import { barTable, barsOf, histogram, rangeOf, scaleOf } from './histogram';
import { cellText, countText, distinctText, figureText, shareText, titleText } from './words';

/** Of the most frequent values so many are shown at once. */
const TOP = 5;

export function card(column: ColumnView, t: Translate): HTMLElement {
  const bars = barsOf(column);
  return element('article', { class: 'aml-data-column', 'aria-label': oneLine(column.name) }, [
    title(column),
    missing(column, t),
    bars && histogram(t, column, bars),
    bars && scaleOf(column.type, rangeOf(bars), [column]),
    !bars && column.top.length > 0 && top(column, column.top.slice(0, TOP), t),
    figures(column, t),
    more(column, t)
  ]);
}

export function title({ name, type }: ColumnView): HTMLElement {
  const words = element('h4', { class: 'aml-data-title', title: titleText(name) }, [
    cellText(name)
  ]);
  return div('aml-data-head', words, span('aml-data-type', oneLine(type)));
}

/** The bar is of what is there, so that a column without a gap is a whole one. */
function missing({ count, missing: gaps }: ColumnView, t: Translate): HTMLElement | null {
  if (count === null || gaps === null) {
    return null;
  }
  const all = count + gaps;
  const share = all > 0 ? count / all : 0;
  const full = element('span', { class: 'aml-data-there' });
  full.style.width = `${100 * share}%`;
  const words =
    gaps > 0
      ? t('%1 missing (%2)', shareText(gaps, all), numberText(gaps))
      : all > 0
        ? t('none missing')
        : t('no rows');
  const bar = element(
    'div',
    {
      class: gaps > 0 ? 'aml-data-missing aml-data-gaps' : 'aml-data-missing',
      'aria-hidden': true
    },
    [full]
  );
  return div('aml-data-share', bar, span('aml-muted', words));
}

/** Bars beside the most frequent values. */
function top(
  { type, count }: ColumnView,
  values: readonly (readonly [JsonScalar, number])[],
  t: Translate
): HTMLElement {
  const most = Math.max(...values.map(([, times]) => times), 1);
  const lines = values.map(([value, times]) => {
    const bar = element('span', { class: 'aml-data-top-bar', 'aria-hidden': true });
    bar.style.width = `${(100 * times) / most}%`;
    const text = figureText(value, type);
    const words = element('span', { class: 'aml-data-top-text', title: titleText(value) }, [
      text === '' ? quotedNothing(value, t) : text
    ]);
    return element('li', {}, [
      bar,
      words,
      span(
        'aml-muted',
        count ? `${numberText(times)} · ${shareText(times, count)}` : numberText(times)
      )
    ]);
  });
  return element('ol', { class: 'aml-data-top', 'aria-label': t('Most frequent values') }, lines);
}

function quotedNothing(value: JsonScalar, t: Translate): HTMLElement {
  return span('aml-data-none', value === null ? t('null') : t('empty text'));
}

function figures(column: ColumnView, t: Translate): HTMLElement | null {
  const { type, low, high, mean, deviation } = column;
  const all: [string, string][] = [
    [t('distinct'), column.distinct === null ? '' : distinctText(column)],
    [t('min'), figureText(low, type)],
    [t('max'), figureText(high, type)],
    [t('mean'), figureText(mean, type)],
    [t('std. dev.'), deviation === null ? '' : figureText(deviation, 'decimal')]
  ];
  const shown = all.filter(([, text]) => text !== '');
  if (shown.length === 0) {
    return null;
  }
  return element(
    'dl',
    { class: 'aml-data-figures' },
    shown.map(([name, text]) =>
      div('', element('dt', {}, [name]), element('dd', { title: text }, [text]))
    )
  );
}

/** Quantiles, bars as numbers and further values, made once somebody opens them. */
function more(column: ColumnView, t: Translate): HTMLElement | null {
  const { quantiles, type, top: values, count } = column;
  const bars = barsOf(column);
  const rest = values.length > (bars ? 0 : TOP);
  if (quantiles.length === 0 && !bars && !rest) {
    return null;
  }
  const made = (): (HTMLElement | false | null)[] => [
    quantiles.length > 0 &&
      grid(
        'aml-logged-table',
        [[t('quantile')], [t('value')]],
        quantiles.map(([share, value]): Cell[] => [
          [shareText(share, 1)],
          [figureText(value, type)]
        ]),
        true
      ),
    rest && top({ ...column, count }, values, t),
    bars && barTable(t, type, bars)
  ];
  const inside = div('aml-data-more');
  const node = element(
    'details',
    { class: 'aml-run-fold' },
    [element('summary', {}, [t('More')]), inside],
    {
      toggle: () => {
        if (node.open && !inside.firstChild) {
          inside.append(...made().filter(part => part instanceof Node));
        }
      }
    }
  );
  return node;
}

/** The figures of a column in one line, for those beside each other. */
export function lineOf(column: ColumnView, t: Translate): string {
  const all = (column.count ?? 0) + (column.missing ?? 0);
  const parts = [
    column.missing === null ? '' : t('%1 missing', shareText(column.missing, all)),
    column.distinct === null ? '' : t('%1 distinct', distinctText(column)),
    column.mean === null ? '' : t('mean %1', figureText(column.mean, column.type))
  ];
  return parts.filter(Boolean).join(' · ') || t('%1 values', countText(column.count));
}
