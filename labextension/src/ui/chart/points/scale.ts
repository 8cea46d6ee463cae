// Axes: from values to positions that ticks can be found for, and back.
import { numberText } from '../../format';

export interface Scale {
  readonly isLog: boolean;
  /** Not finite for what the axis cannot show. */
  to(value: number): number;
  from(position: number): number;
}

const HUGE = 1e12;
const TINY = 1e-9;
/** Digits that are left of a number when those that arithmetic adds are cut off. */
const EXACT = 12;

/** A scale for values up to `largest` in size: logarithms, or multiples of a power of ten where numbers are extreme. */
export function scaleFor(isLog: boolean, largest: number): Scale {
  if (isLog) {
    return {
      isLog,
      to: value => (value > 0 ? Math.log10(value) : NaN),
      from: position => 10 ** position
    };
  }
  const isExtreme = largest > HUGE || (largest > 0 && largest < TINY);
  const unit = isExtreme ? 10 ** Math.max(-300, Math.floor(Math.log10(largest))) : 1;
  return { isLog, to: value => value / unit, from: position => position * unit };
}

/**
 * About `most` round numbers from `low` to `high` that are no less than `least` apart: 1, 2 or 5 times a power of
 * ten, or where `isTime` such numbers of seconds, minutes or hours.
 */
export function linearTicks(
  low: number,
  high: number,
  most: number,
  least = 0,
  isTime = false
): number[] {
  const raw = Math.max((high - low) / most, least);
  const unit = isTime && raw > 1_200 ? 3_600 : isTime && raw > 20 ? 60 : 1;
  const power = 10 ** Math.floor(Math.log10(raw / unit));
  const share = raw / unit / power;
  const step = (share < 1.4 ? 1 : share < 3.1 ? 2 : share < 7 ? 5 : 10) * power * unit;
  const first = Math.ceil(low / step);
  // Counted, for of numbers that are large and close the next may be the same.
  const count = Math.min(Math.floor(high / step) - first + 1, 2 * most + 2);
  return Array.from({ length: Math.max(count, 0) }, (_, place) => (first + place) * step);
}

/** Where the ticks of a logarithmic axis stand: at decades, between them at 2 and 5 where there is room, or closer. */
export function logTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (span < 0.5) {
    return linearTicks(10 ** low, 10 ** high, most).map(Math.log10);
  }
  const stride = Math.ceil(span / most);
  const parts = 1.5 * span <= most ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let decade = Math.floor(low / stride) * stride; decade <= high; decade += stride) {
    ticks.push(...parts.map(part => decade + Math.log10(part)));
  }
  return ticks.filter(tick => tick >= low && tick <= high);
}

/** Numbers beside an axis, with more digits where two would read the same. */
export function tickTexts(values: number[], text: (value: number) => string = plainText): string[] {
  const exact = values.map(value => Number(value.toPrecision(EXACT)));
  const texts = exact.map(text);
  return new Set(texts).size === texts.length ? texts : exact.map(String);
}

/** A round number with all its digits. */
function plainText(value: number): string {
  return Math.abs(value) < 1_000 || Number.isInteger(value)
    ? numberText(value, EXACT)
    : String(value);
}
