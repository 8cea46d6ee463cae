// A column of two versions: what changed, and both histograms on one scale.
import type { JSX } from 'preact';
import type { ColumnChangeView, ColumnView } from '../../../contract.gen';
import { oneLine, printable } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { lineOf, Title } from '../columns/card';
import { barsOf, Histogram, rangeOf, Scale, type Bars } from '../columns/histogram';

/** `before` and `after` are what the versions are called. */
export function ChangeCard(props: {
  t: Translate;
  change: ColumnChangeView;
  before: string;
  after: string;
}): JSX.Element {
  const { t, change } = props;
  const either = change.after ?? change.before;
  const both = [change.before, change.after];
  const all = both.map(column => column && barsOf(column));
  const range = rangeOf(...all);
  // The scale of a density: the versions may differ in rows, and in how wide a bar is.
  const densities = all.flatMap(bars => bars?.counts.map(count => count / unitOf(bars)) ?? []);
  const most = Math.max(...densities, 0);
  const state =
    change.changes.length > 0
      ? ''
      : !change.before
        ? t('added')
        : !change.after
          ? t('removed')
          : t('unchanged');
  return (
    <article class="aml-data-column aml-data-change" aria-label={oneLine(change.name)}>
      {either && <Title column={{ ...either, name: change.name }} />}
      {state && <span class="aml-data-state">{state}</span>}
      {change.changes.length > 0 && (
        <ul class="aml-data-phrases">
          {change.changes.map((phrase, place) => (
            <li key={place}>{printable(phrase)}</li>
          ))}
        </ul>
      )}
      <div class="aml-data-sides">
        {[props.before, props.after].map((words, at) => (
          <Side
            key={at}
            {...{ t, words, range, most }}
            column={both[at] ?? null}
            bars={all[at] ?? null}
            both={both.filter(column => column !== null)}
          />
        ))}
      </div>
    </article>
  );
}

function Side(props: {
  t: Translate;
  words: string;
  column: ColumnView | null;
  bars: Bars | null;
  range: [number, number];
  most: number;
  /** The column of both versions, whose ends are the scale. */
  both: readonly ColumnView[];
}): JSX.Element {
  const { t, words, column, bars, range, most, both } = props;
  return (
    <div class="aml-data-side">
      <span class="aml-data-version">{words}</span>
      {bars && column && (
        <Histogram t={t} column={column} bars={bars} range={range} most={most * unitOf(bars)} />
      )}
      {bars && column && <Scale of={column} range={range} columns={both} />}
      <span class="aml-muted">{column ? lineOf(column, t) : t('not there')}</span>
    </div>
  );
}

/** What a bar of density 1 would count. */
function unitOf({ edges, all }: Bars): number {
  return Math.max(all, 1) * (edges.at(-1)! - edges[0]! || 1);
}
