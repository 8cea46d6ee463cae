// How the values of a column are spread: twenty bars that can be heard too.
import type { JSX } from 'preact';
import type { ColumnView, JsonScalar } from '../../../contract.gen';
import { extentOf, numberText, oneLine, toNumber } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { edgeText, shareText, type TypeOf } from '../words';

export const [WIDTH, HEIGHT] = [200, 48];
const SUMMARY_SHARE = 0.5;

export interface Bars {
  edges: number[];
  counts: number[];
  all: number;
}

/** The bars of a column; null where there are none that can be drawn. */
export function barsOf({ histogram }: ColumnView): Bars | null {
  const edges = histogram?.edges.map(toNumber) ?? [];
  const counts = histogram?.counts ?? [];
  const isWhole = counts.length > 0 && edges.length === counts.length + 1 && edges.every(isFinite);
  return isWhole ? { edges, counts, all: counts.reduce((sum, count) => sum + count, 0) } : null;
}

/** The lowest and the highest edge of all of them. */
export function rangeOf(...all: (Bars | null)[]): [low: number, high: number] {
  return extentOf(all.flatMap(bars => bars?.edges ?? []));
}

/** The ends of a bar: of whole numbers the first and the last that can be in it, and 0 in place of -0. */
function endsOf(of: TypeOf, from: number, to: number): [string, string] {
  const [low, high] = of.type === 'integer' ? [Math.ceil(from) + 0, Math.floor(to)] : [from, to];
  return [edgeText(low, of), edgeText(high, of)];
}

/** What a bar, or some beside each other, say. */
export function barText(of: TypeOf, bars: Bars, first: number, last = first): string {
  const ends = new Set(endsOf(of, bars.edges[first]!, bars.edges[last + 1]!));
  const count = bars.counts.slice(first, last + 1).reduce((sum, each) => sum + each, 0);
  return `${[...ends].join(' – ')}: ${numberText(count)}`;
}

interface HistogramProps {
  t: Translate;
  column: ColumnView;
  bars: Bars;
  range?: [low: number, high: number];
  /** A bar as high as this fills the height. */
  most?: number;
  /** Bars that are marked, from the first to the last. */
  marked?: [first: number, last: number] | null;
}

/** Bars from the low end of the range to the high one. */
export function Histogram(props: HistogramProps): JSX.Element {
  const { t, column, bars, marked } = props;
  const [low, high] = props.range ?? rangeOf(bars);
  const most = props.most ?? Math.max(...bars.counts, 1);
  const place = (edge: number): number => (high > low ? ((edge - low) / (high - low)) * WIDTH : 0);
  return (
    <svg
      class="aml-data-histogram"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary(t, column, bars)}
    >
      {bars.counts.map((count, at) => {
        const left = place(bars.edges[at]!);
        const width = high > low ? Math.max(place(bars.edges[at + 1]!) - left - 0.6, 0.8) : WIDTH;
        const height = count > 0 ? Math.max((count / most) * HEIGHT, 1.5) : 0;
        const isMarked = marked && at >= marked[0] && at <= marked[1];
        // All of the height answers to the pointer, however low the bar is.
        return (
          <g key={at}>
            <rect
              class={isMarked ? 'aml-data-bar aml-data-marked' : 'aml-data-bar'}
              x={left}
              y={HEIGHT - height}
              width={width}
              height={height}
            />
            <rect class="aml-data-touch" x={left} y={0} width={width} height={HEIGHT} data-bar={at}>
              <title>{barText(column, bars, at)}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}

/** What the bars look like, in words. */
export function summary(t: Translate, column: TypeOf & { name: string }, bars: Bars): string {
  const { edges, counts, all } = bars;
  const [first, last] = narrowest(counts, all * SUMMARY_SHARE);
  const [from, to] = [
    endsOf(column, edges[0]!, edges.at(-1)!),
    endsOf(column, edges[first]!, edges[last + 1]!)
  ];
  const held = counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0);
  return t(
    'Histogram of %1: %2 bars from %3 to %4; %5 of the values lie from %6 to %7.',
    ...[oneLine(column.name), counts.length, ...from, shareText(held, all), ...to]
  );
}

/** The fewest bars beside each other that hold so many values. */
function narrowest(counts: readonly number[], wanted: number): [first: number, last: number] {
  let best: [number, number] = [0, counts.length - 1];
  let first = 0;
  let held = 0;
  counts.forEach((count, last) => {
    held += count;
    while (held - counts[first]! >= wanted && first < last) {
      held -= counts[first]!;
      first += 1;
    }
    if (held >= wanted && last - first < best[1] - best[0]) {
      best = [first, last];
    }
  });
  return best;
}

/** The same as a table. */
export function BarTable(props: { t: Translate; of: TypeOf; bars: Bars }): JSX.Element {
  const { t, of, bars } = props;
  const { edges, counts } = bars;
  return (
    <table class="aml-logged-table">
      <thead>
        <tr>
          {[t('from'), t('to'), t('values')].map(head => (
            <th key={head} scope="col" title={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.map((count, at) => {
          const [from, to] = endsOf(of, edges[at]!, edges[at + 1]!);
          return (
            <tr key={at}>
              <td>{from}</td>
              <td>{to}</td>
              <td>{numberText(count)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The ends of the bars, below them; one where all values are the same. */
export function Scale(props: {
  of: TypeOf;
  range: [low: number, high: number];
  columns: readonly ColumnView[];
}): JSX.Element {
  const { of, columns } = props;
  const [from, to] = props.range;
  // Bars of a few values go beyond them.
  const lows = columns.map(({ low }) => numberOf(low)).map(one => (isFinite(one) ? one : from));
  const highs = columns.map(({ high }) => numberOf(high)).map(one => (isFinite(one) ? one : to));
  const low = Math.max(from, Math.min(...lows));
  const high = Math.min(to, Math.max(...highs));
  return (
    <div class="aml-data-scale aml-muted" aria-hidden="true">
      {[...new Set(endsOf(of, low, high))].map(text => (
        <span key={text}>{text}</span>
      ))}
    </div>
  );
}

/** A number as it is; what is none, such as a moment, has no place on the scale here. */
function numberOf(value: JsonScalar): number {
  return typeof value === 'string' && !/^-?\d+$/.test(value) ? NaN : toNumber(value);
}
