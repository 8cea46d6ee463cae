// How the values of a column are spread: twenty bars that can be heard too.
import { element, svg } from '../../ui/element';
import { extentOf, numberText, oneLine, toNumber } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ColumnView, JsonScalar } from '../../contract.gen';
import { grid, type Cell } from '../../ui/chart/grid';
import { edgeText, shareText } from './words';

const [WIDTH, HEIGHT] = [200, 48];
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
function endsOf(type: string, from: number, to: number): [string, string] {
  const [low, high] = type === 'integer' ? [Math.ceil(from) + 0, Math.floor(to)] : [from, to];
  return [edgeText(low, type), edgeText(high, type)];
}

/** Bars from `low` to `high`; a bar as high as `most` fills the height. */
export function histogram(
  t: Translate,
  { name, type }: ColumnView,
  bars: Bars,
  [low, high] = rangeOf(bars),
  most = Math.max(...bars.counts, 1)
): SVGElement {
  const place = (edge: number): number => (high > low ? ((edge - low) / (high - low)) * WIDTH : 0);
  const drawn = bars.counts.flatMap((count, at) => {
    const [from, to] = [bars.edges[at]!, bars.edges[at + 1]!];
    const left = place(from);
    const width = high > low ? Math.max(place(to) - left - 0.6, 0.8) : WIDTH;
    const height = count > 0 ? Math.max((count / most) * HEIGHT, 1.5) : 0;
    const words = `${[...new Set(endsOf(type, from, to))].join(' – ')}: ${numberText(count)}`;
    const title = svg('title', {}, [words]);
    // All of the height answers to the pointer, however low the bar is.
    return [
      svg('rect', { class: 'aml-data-bar', x: left, y: HEIGHT - height, width, height }),
      svg('rect', { class: 'aml-data-touch', x: left, y: 0, width, height: HEIGHT }, [title])
    ];
  });
  const attributes = {
    class: 'aml-data-histogram',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img'
  };
  return svg('svg', { ...attributes, 'aria-label': summary(t, name, type, bars) }, drawn);
}

/** What the bars look like, in words. */
export function summary(
  t: Translate,
  name: string,
  type: string,
  { edges, counts, all }: Bars
): string {
  const [first, last] = narrowest(counts, all * SUMMARY_SHARE);
  const [from, to] = [
    endsOf(type, edges[0]!, edges.at(-1)!),
    endsOf(type, edges[first]!, edges[last + 1]!)
  ];
  const held = counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0);
  return t(
    'Histogram of %1: %2 bars from %3 to %4; %5 of the values lie from %6 to %7.',
    ...[oneLine(name), counts.length, ...from, shareText(held, all), ...to]
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
export function barTable(t: Translate, type: string, { edges, counts }: Bars): HTMLElement {
  const lines = counts.map((count, at): Cell[] => {
    const [from, to] = endsOf(type, edges[at]!, edges[at + 1]!);
    return [[from], [to], [numberText(count)]];
  });
  return grid('aml-logged-table', [[t('from')], [t('to')], [t('values')]], lines, false);
}

/** The ends of the bars, below them; one where all values are the same. */
export function scaleOf(
  type: string,
  [from, to]: [number, number],
  columns: readonly ColumnView[]
): HTMLElement {
  // Bars of a few values go beyond them.
  const [lows, highs] = [
    columns.map(({ low }) => numberOf(low)),
    columns.map(({ high }) => numberOf(high))
  ];
  const low = Math.max(from, Math.min(...lows.map(one => (isFinite(one) ? one : from))));
  const high = Math.min(to, Math.max(...highs.map(one => (isFinite(one) ? one : to))));
  const ends = [...new Set(endsOf(type, low, high))].map(text => element('span', {}, [text]));
  return element('div', { class: 'aml-data-scale aml-muted', 'aria-hidden': true }, ends);
}

/** A number as it is; what is none, such as a moment, has no place on the scale here. */
function numberOf(value: JsonScalar): number {
  return typeof value === 'string' && !/^-?\d+$/.test(value) ? NaN : toNumber(value);
}
