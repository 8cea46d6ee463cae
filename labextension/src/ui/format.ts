// Values as people read them; the words are those of `aml_magics/views/text/format.py`.
import type { JsonScalar } from '../contract.gen';
import type { Translate } from './host';

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const UNITS: [number, string, number, string][] = [
  [86_400, 'd', 3_600, 'h'],
  [3_600, 'h', 60, 'min'],
  [60, 'min', 1, 's']
];

// Made at the first use, and once: to make one takes as long as to write a hundred texts with it.
let wholes: Intl.NumberFormat | undefined;
let moments: Intl.DateTimeFormat | undefined;
let days: Intl.DateTimeFormat | undefined;

function wholeText(value: number): string {
  wholes ??= new Intl.NumberFormat('en-US');
  return wholes.format(value);
}

/** The number that a value stands for; NaN where it stands for none. */
export function toNumber(value: JsonScalar | undefined): number {
  if (typeof value === 'number') {
    return value;
  }
  // Infinities and whole numbers beyond 2**53 come as text; so do words, which are no numbers.
  return typeof value === 'string' && /^-?(?:\d+|0x[\da-f]+|Infinity)$/i.test(value)
    ? Number(value)
    : NaN;
}

/** Whether a value is one that only words can say. */
export function isWord(value: JsonScalar | undefined): boolean {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'string' && value !== 'NaN' && isNaN(toNumber(value)))
  );
}

/** The lowest and the highest of the numbers that are finite; `[Infinity, -Infinity]` where none is. */
export function extentOf(numbers: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (isFinite(number)) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
  }
  return [low, high];
}

/** A number to some significant digits: 0.9473, 1.2e-5, 1,234, NaN. */
export function numberText(value: number, digits = 4): string {
  if (!isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e10) {
    return wholeText(value);
  }
  if (size >= 1e-4 && size < 1_000) {
    return String(Number(value.toPrecision(digits)));
  }
  if (size >= 1_000 && size < 1e10) {
    return wholeText(Math.round(value));
  }
  // Never by way of another number: the largest ones would be rounded to infinity.
  return value.toExponential(digits - 1).replace(/(?:\.?0+)?e\+?/, 'e');
}

/** Any value: numbers by `numberText`, nothing for null. */
export function valueText(value: JsonScalar | undefined): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return numberText(value);
  }
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : value;
}

/** A number without separators, to be copied: whole numbers whole, others to four digits. */
export function plainText(value: JsonScalar | undefined): string {
  return typeof value === 'number' ? valueText(value).replaceAll(',', '') : valueText(value);
}

/** A value as it was given, to be copied: a number with all of its digits. */
export function exactText(value: JsonScalar | undefined): string {
  return typeof value === 'number' ? String(value).replace('e+', 'e') : valueText(value);
}

/** A duration: 12 ms, 1.2 s, 3 min 04 s, 2 h 05 min. */
export function secondsText(seconds: number | null): string {
  if (seconds === null || !isFinite(seconds)) {
    return '';
  }
  if (seconds < 0.9995) {
    return `${Math.round(seconds * 1_000)} ms`;
  }
  if (seconds < 59.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const [large, name, small, smallName] = UNITS.find(([size]) => whole >= size) ?? UNITS[2]!;
  const rest = Math.floor((whole % large) / small);
  return `${Math.floor(whole / large)} ${name} ${String(rest).padStart(2, '0')} ${smallName}`;
}

/** A number of bytes in decimal units: 512 B, 1.4 kB. */
export function bytesText(size: number): string {
  let amount = size;
  let unit = 0;
  while (amount >= 999.95 && unit < SIZES.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return unit === 0 ? `${wholeText(size)} B` : `${amount.toFixed(1)} ${SIZES[unit]}`;
}

/** A moment of the views (ISO 8601, UTC) in the reader's own time zone. */
export function momentText(iso: string | null): string {
  if (iso === null) {
    return '';
  }
  const moment = new Date(iso);
  moments ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return isNaN(moment.getTime()) ? iso : moments.format(moment);
}

// Controls, and what turns the direction of the text around it. Joiners stay: emoji and Persian are made with them.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text on one line in which nothing hides: control and direction characters are shown as �. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(HIDDEN, '\ufffd').trim();
}

const LONGEST_NAME = 60;

/** A run, or what else has a name, as it is called in one short line. */
export function nameOf(named: { name: string; short_id: string }): string {
  return shortened(oneLine(named.name) || named.short_id, LONGEST_NAME);
}

/** Text of at most so many letters; none of them is cut in two. */
export function shortened(text: string, most: number): string {
  const letters = [...text.slice(0, 2 * most + 2)];
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .join('')
        .replace(/[\u200d\ufe0f]+$/, '')}…`;
}

/** Text that has lines, in which nothing hides. */
export function printable(text: string): string {
  return text.replace(HIDDEN, '\ufffd');
}

/** How long ago a moment was, for a glance: 2 min ago; one of another month as its date. */
export function agoText(iso: string | null, now: number, t: Translate): string {
  const moment = iso === null ? NaN : Date.parse(iso);
  if (isNaN(moment)) {
    return oneLine(iso ?? '');
  }
  const minutes = Math.floor((now - moment) / 60_000);
  if (minutes < 1) {
    return t('just now');
  }
  if (minutes < 60) {
    return t('%1 min ago', minutes);
  }
  if (minutes < 48 * 60) {
    return t('%1 h ago', Math.floor(minutes / 60));
  }
  if (minutes < 31 * 24 * 60) {
    return t('%1 d ago', Math.floor(minutes / (24 * 60)));
  }
  days ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
  return days.format(moment);
}

/** The same in little room, for a column of ages: `2 min`. */
export function ageText(iso: string | null, now: number, t: Translate): string {
  const minutes = Math.floor((now - Date.parse(iso ?? '')) / 60_000);
  if (isNaN(minutes)) {
    return oneLine(iso ?? '');
  }
  if (minutes < 1) {
    return t('now');
  }
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / (24 * 60))];
  return minutes < 60
    ? t('%1 min', minutes)
    : hours < 48
      ? t('%1 h', hours)
      : days < 1_000
        ? t('%1 d', days)
        : t('%1 y', Math.floor(days / 365));
}

/** The words of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
