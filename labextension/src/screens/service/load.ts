// What a service had to do, as curves: stretches of time that are added to, and go when they are old.
import type { LoadView } from '../../contract.gen';
import type { Series } from '../../ui/chart/contract';
import type { Translate } from '../../ui/host';

export type Window = '5m' | '1h' | '24h';

export const SECONDS: Readonly<Record<Window, number>> = { '5m': 300, '1h': 3_600, '24h': 86_400 };
const QUANTILES = ['p50', 'p95', 'p99'];

/** A load with what came since: a stretch that is told again has changed, and what is older than the window goes. */
export function merged(load: LoadView, more: LoadView, window: Window): LoadView {
  const places = new Map(load.times.map((at, place) => [at, { of: load, place }]));
  more.times.forEach((at, place) => places.set(at, { of: more, place }));
  const since = more.end - SECONDS[window] - more.width;
  const kept = [...places].filter(([at]) => at > since).sort(([a], [b]) => a - b);
  const pick = <T>(values: (of: LoadView) => readonly T[]): T[] =>
    kept.map(([, { of, place }]) => values(of)[place]!);
  return {
    ...{ width: more.width, end: more.end, times: kept.map(([at]) => at) },
    ...{ requests: pick(of => of.requests), errors: pick(of => of.errors) },
    ...{ refused: pick(of => of.refused), latency: pick(of => of.latency) }
  };
}

export interface Curves {
  readonly rates: readonly Series[];
  readonly latency: readonly Series[];
}

/** Curves over the seconds before now; where there was no request the rate is 0, and latency has a gap. */
export function curvesOf(load: LoadView, window: Window, t: Translate): Curves {
  const { width, end } = load;
  const last = Math.floor(end / width) * width;
  const first = last - Math.floor(SECONDS[window] / width) * width;
  const count = Math.round((last - first) / width) + 1;
  const x = Float64Array.from({ length: count }, (_, place) => first + place * width - end);
  const columns = Array.from({ length: 3 }, () => new Float64Array(count));
  const quantiles = QUANTILES.map(() => new Float64Array(count).fill(NaN));
  load.times.forEach((at, from) => {
    const place = Math.round((at - first) / width);
    if (place < 0 || place >= count) {
      return;
    }
    [load.requests, load.errors, load.refused].forEach((counts, column) => {
      columns[column]![place] = (counts[from] ?? 0) / width;
    });
    quantiles.forEach((values, quantile) => {
      values[place] = load.latency[from]?.[quantile] ?? NaN;
    });
  });
  const names = [t('requests'), t('errors (5xx)'), t('refused (4xx)')];
  const colors = [0, 3, 1];
  const isThere = [true, load.errors.some(Boolean), load.refused.some(Boolean)];
  return {
    rates: columns
      .map((y, place): Series => ({
        name: names[place]!,
        style: 'line',
        color: colors[place]!,
        x,
        y
      }))
      .filter((_, place) => isThere[place]),
    latency: quantiles.map((y, place): Series => ({
      ...{ name: QUANTILES[place]!, color: [0, 4, 1][place]!, x, y },
      // Lone seconds with a request would be no line.
      style: load.times.length > 2 && isDense(load) ? 'line' : 'points'
    }))
  };
}

function isDense({ times, width }: LoadView): boolean {
  let together = 0;
  times.forEach((at, place) => (together += Number(place > 0 && at - times[place - 1]! === width)));
  return 2 * together >= times.length;
}

/** Requests, errors and the share of errors of the whole window. */
export function totalsOf(load: LoadView): { requests: number; errors: number; refused: number } {
  const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
  return {
    requests: sum(load.requests),
    errors: sum(load.errors),
    refused: sum(load.refused)
  };
}

/** A time before now: `-2 min`, `-14 s`. */
export function beforeText(seconds: number): string {
  const past = Math.round(-seconds);
  if (past <= 0) {
    return 'now';
  }
  const [size, name] = past >= 7_200 ? [3_600, 'h'] : past >= 120 ? [60, 'min'] : [1, 's'];
  return `-${Math.round((10 * past) / size) / 10} ${name}`;
}
