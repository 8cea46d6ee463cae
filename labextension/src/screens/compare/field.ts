// What runs can be placed by: their number, a parameter, a metric.
import { linearTicks, logTicks, scaleFor, type Scale } from '../../ui/chart/points/scale';
import { extentOf, isWord, numberText, oneLine, toNumber, valueText } from '../../ui/format';
import { inWords } from '../runs/rows/order';
import type { CompareView, JsonScalar } from '../../contract.gen';
import type { Scene } from './state';

export interface Field {
  key: string;
  name: string;
  /** Words of a field that holds some; numbers of runs are places among them. */
  words: string[] | null;
  /** One a run: NaN where it has none. */
  numbers: number[];
  scale: Scale;
  low: number;
  high: number;
  /** Whether numbers are seconds since the epoch. */
  isTime?: boolean;
}

type FieldWords = Pick<Scene, 't' | 'words' | 'powers'>;

export const NUMBER = 'number';
export const STARTED = 'started';
/** Positive numbers that span this much are drawn by powers of ten. */
const WIDE = 100;

/** The number and start of a run first, then parameters, then metrics; those that no run has are left out. */
export function fieldsOf(
  { runs, params, metrics }: CompareView,
  { t, words, powers }: FieldWords
): Field[] {
  const started = runs.map(run => Date.parse(run.started ?? '') / 1_000);
  return [
    fieldOf(
      NUMBER,
      words.number,
      runs.map(run => run.number)
    ),
    { ...fieldOf(STARTED, t('started'), started), isTime: true },
    ...params.map(({ name, values }) =>
      fieldOf(`params.${name}`, name, values, powers?.has(name) ? 1 : WIDE)
    ),
    ...metrics.map(({ name, values }) => fieldOf(`metrics.${name}`, name, values))
  ].filter(({ low }) => isFinite(low));
}

export function fieldOf(
  key: string,
  name: string,
  values: readonly JsonScalar[],
  wide = WIDE
): Field {
  const texts = values.map(value => (value === null ? null : valueText(value)));
  const words = values.some(isWord)
    ? [...new Set(texts.filter(text => text !== null))].sort(inWords.compare)
    : null;
  const places = new Map(words?.map((word, place) => [word, place]));
  const numbers = words ? texts.map(text => places.get(text!) ?? NaN) : values.map(toNumber);
  const [low, high] = extentOf(numbers);
  return {
    key,
    name,
    words,
    numbers,
    low,
    high,
    scale: scaleFor(!words && low > 0 && high / low >= wide, Math.max(-low, high))
  };
}

/** Where a number stands between the ends of its axis: 0 to 1, NaN for what is not finite. */
export function shareOf({ low, high, scale }: Field, number: number): number {
  const start = scale.to(low);
  return !isFinite(number)
    ? NaN
    : low < high
      ? (scale.to(number) - start) / (scale.to(high) - start)
      : 0.5;
}

/** The number that stands there. */
export function numberAt({ low, high, scale }: Field, share: number): number {
  return scale.from(scale.to(low) * (1 - share) + scale.to(high) * share);
}

export function textAt({ words, isTime, low, high }: Field, number: number): string {
  return isTime
    ? momentText(number, high - low)
    : words
      ? oneLine(words[number] ?? '')
      : numberText(number);
}

/** A moment as it is told from others in such a span of seconds. */
function momentText(seconds: number, span: number): string {
  const day = { month: 'short', day: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const shape =
    span < 600
      ? { ...time, second: '2-digit' as const }
      : span < 86_400
        ? time
        : span < 6 * 86_400
          ? { ...day, ...time }
          : { ...day, year: 'numeric' as const };
  return new Date(seconds * 1_000).toLocaleString(undefined, shape);
}

/** About so many places of an axis to write a text at. */
export function ticksOf(
  { words, low, high, numbers, scale, isTime }: Field,
  most: number
): number[] {
  if (words) {
    const stride = Math.ceil(words.length / most);
    return words.flatMap((_, place) => (place % stride === 0 ? [place] : []));
  }
  if (!(low < high)) {
    return [low];
  }
  if (isTime) {
    // counted from the first: a step of whole minutes or hours
    return linearTicks(0, high - low, most, 1, true).map(seconds => low + seconds);
  }
  const least = numbers.every(number => number % 1 === 0 || !isFinite(number)) ? scale.to(1) : 0;
  const ends = [scale.to(low), scale.to(high)] as const;
  return (scale.isLog ? logTicks(...ends, most) : linearTicks(...ends, most, least)).map(
    scale.from
  );
}
