// What runs can be placed by: their number, a parameter, a metric.
import { numberText, oneLine, toNumber, valueText } from '../format';
import type { Translate } from '../host';
import type { CompareView, JsonScalar } from '../view';

export interface Field {
  key: string;
  name: string;
  /** Words of a field that holds some; numbers of runs are places among them. */
  words: string[] | null;
  /** One a run: NaN where it has none. */
  numbers: number[];
  /** Drawn by powers of ten. */
  isLog: boolean;
  low: number;
  high: number;
}

const NUMBER = 'number';
/** Positive numbers that span this much are drawn by powers of ten. */
const WIDE = 1_000;
const collator = new Intl.Collator(undefined, { numeric: true });

/** The number of a run first, then parameters, then metrics; those that no run has are left out. */
export function fieldsOf({ runs, params, metrics }: CompareView, t: Translate): Field[] {
  return [
    fieldOf(NUMBER, t('run number'), runs.map(run => run.number)),
    ...params.map(({ name, values }) => fieldOf(`params.${name}`, name, values)),
    ...metrics.map(({ name, values }) => fieldOf(`metrics.${name}`, name, values))
  ].filter(({ low }) => Number.isFinite(low));
}

export function fieldOf(key: string, name: string, values: readonly JsonScalar[]): Field {
  const isWord = values.some(value => typeof value === 'boolean' || (typeof value === 'string' && value !== 'NaN' && Number.isNaN(toNumber(value))));
  const texts = values.map(value => (value === null ? null : valueText(value)));
  const words = isWord ? [...new Set(texts.filter(text => text !== null))].sort(collator.compare) : null;
  const places = new Map(words?.map((word, place) => [word, place]));
  const numbers = words ? texts.map(text => places.get(text!) ?? NaN) : values.map(toNumber);
  let low = Infinity;
  let high = -Infinity;
  for (const number of numbers) {
    if (Number.isFinite(number)) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
  }
  return { key, name, words, numbers, low, high, isLog: !words && low > 0 && high / low >= WIDE };
}

/** Where a number stands between the ends of its axis: 0 to 1, NaN for what is not finite. */
export function shareOf({ low, high, isLog }: Field, number: number): number {
  if (!Number.isFinite(number)) {
    return NaN;
  }
  if (isLog) {
    return number > 0 ? Math.log(number / low) / Math.log(high / low) : -Infinity;
  }
  // halves, since the span of two numbers can be beyond the largest
  return low < high ? (number / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
}

/** The number that stands there. */
export function numberAt({ low, high, isLog }: Field, share: number): number {
  return isLog ? low * (high / low) ** share : low * (1 - share) + high * share;
}

export function textAt({ words }: Field, number: number): string {
  return words ? oneLine(words[number] ?? '') : numberText(number);
}

/** At most so many places of an axis to write a text at. */
export function ticksOf(field: Field, most: number): number[] {
  const { words, low, high } = field;
  if (words) {
    const stride = Math.ceil(words.length / most);
    return words.flatMap((_, place) => (place % stride === 0 ? [place] : []));
  }
  return low < high ? Array.from({ length: most }, (_, place) => numberAt(field, place / (most - 1))) : [low];
}
