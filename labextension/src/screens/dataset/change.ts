// A column of two versions: what changed, and both histograms on one scale.
import { div, element, span } from '../../ui/element';
import { oneLine, printable } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ColumnChangeView, ColumnView } from '../../contract.gen';
import { lineOf, title } from './card';
import { barsOf, type Bars, histogram, rangeOf, scaleOf } from './histogram';

/** `before` and `after` are what the versions are called. */
export function changeCard(
  change: ColumnChangeView,
  before: string,
  after: string,
  t: Translate
): HTMLElement {
  const either = change.after ?? change.before;
  const phrases = change.changes.map(phrase => element('li', {}, [printable(phrase)]));
  const state =
    phrases.length > 0
      ? ''
      : !change.before
        ? t('added')
        : !change.after
          ? t('removed')
          : t('unchanged');
  const all = [barsOf, barsOf].map((of, at) => {
    const column = at === 0 ? change.before : change.after;
    return column && of(column);
  });
  const range = rangeOf(...all.map(bars => bars ?? null));
  // The scale of a density: the versions may differ in rows, and in how wide a bar is.
  const most = Math.max(
    ...all.flatMap(bars => (bars ? bars.counts.map(count => count / unitOf(bars)) : [])),
    0
  );
  const both = [change.before, change.after].filter(column => column !== null);
  const side = (column: ColumnView | null, at: number, words: string): HTMLElement => {
    const bars = all[at];
    return div(
      'aml-data-side',
      span('aml-data-version', words),
      bars && column ? histogram(t, column, bars, range, most * unitOf(bars)) : null,
      bars && column ? scaleOf(column.type, range, both) : null,
      span('aml-muted', column ? lineOf(column, t) : t('not there'))
    );
  };
  return element(
    'article',
    { class: 'aml-data-column aml-data-change', 'aria-label': oneLine(change.name) },
    [
      either ? title({ ...either, name: change.name }) : null,
      state ? span('aml-data-state', state) : null,
      phrases.length > 0 && element('ul', { class: 'aml-data-phrases' }, phrases),
      div('aml-data-sides', side(change.before, 0, before), side(change.after, 1, after))
    ]
  );
}

/** What a bar of density 1 would count. */
function unitOf({ edges, all }: Bars): number {
  return Math.max(all, 1) * (edges.at(-1)! - edges[0]! || 1);
}
