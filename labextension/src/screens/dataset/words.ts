// Values of data as people read them.
import { numberText, oneLine, shortened, toNumber } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ColumnView, JsonScalar } from '../../contract.gen';

const NUMBERS = new Set(['integer', 'decimal']);
const MOMENTS = new Set(['datetime', 'date']);
/** Letters of a text that a cell, or the words below the pointer, take. */
const CELL = 300;
const TITLE = 2_000;
const SHORT = 40;
const WHOLE = /^-?\d{1,30}$/;

export function isNumeric(type: string): boolean {
  return NUMBERS.has(type);
}

function isMoment(type: string): boolean {
  return MOMENTS.has(type);
}

/** What a value is of: the word for its type, and the time zone of timestamps. */
export interface TypeOf {
  readonly type: string;
  readonly zone?: string;
}

/** A value of a row as it is, all of its digits: nothing is rounded in data. */
export function wholeText(value: JsonScalar | undefined): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'boolean'
    ? value
      ? 'True'
      : 'False'
    : Object.is(value, -0)
      ? '-0'
      : String(value);
}

/** The same on one line, as long as a cell needs it. */
export function cellText(value: JsonScalar | undefined): string {
  return oneLine(shortened(wholeText(value), CELL));
}

/** What is said of a type: its word, and the time zone of timestamps. */
export function typeText({ type, zone = '' }: TypeOf): string {
  return oneLine(zone ? `timestamp[${zone}]` : type);
}

/**
 * The same for a column: a decimal has a point, and a moment a day and its time, unless it is a midnight. A
 * timestamp of a zone says which.
 */
export function valueText(value: JsonScalar | undefined, { type, zone = '' }: TypeOf): string {
  const text = cellText(value);
  if (type === 'decimal' && /^-?\d+$/.test(text)) {
    return `${text}.0`;
  }
  if (!isMoment(type)) {
    return text;
  }
  const moment = text.replace(/^([-+\d]+)T(?=\d)/, '$1 ');
  return zone && /\d/.test(moment)
    ? `${moment} ${oneLine(zone)}`
    : moment.replace(/^([-+\d]+) 00:00:00$/, '$1');
}

/** The same for the words below the pointer. */
export function titleText(value: JsonScalar | undefined): string {
  return oneLine(shortened(wholeText(value), TITLE));
}

/** A figure of a column: decimals rounded, moments short. */
export function figureText(value: JsonScalar | undefined, of: TypeOf): string {
  const { type, zone = '' } = of;
  if (isMoment(type)) {
    return typeof value === 'number'
      ? secondsMoment(value, zone)
      : zone
        ? valueText(value, of)
        : shortMoment(cellText(value));
  }
  if (type === 'integer' && WHOLE.test(String(value))) {
    return BigInt(String(value)).toLocaleString('en-US');
  }
  const number = toNumber(value);
  if (isNumeric(type) && isFinite(number)) {
    return numberText(number, 5);
  }
  return shortened(cellText(value), SHORT);
}

/** An edge of a histogram, which is seconds since the epoch for moments. */
export function edgeText(edge: number, { type, zone = '' }: TypeOf): string {
  if (isMoment(type)) {
    return secondsMoment(edge, zone);
  }
  return type === 'integer' && Number.isSafeInteger(edge)
    ? edge.toLocaleString('en-US')
    : numberText(edge, 5);
}

/** Whether the values of a column all differ: yes, no, or nothing where nobody knows. */
export function uniqueText({ is_unique }: ColumnView, t: Translate): string {
  return typeof is_unique !== 'boolean' ? '' : is_unique ? t('yes') : t('no');
}

export function countText(count: number | null): string {
  return count === null ? '–' : numberText(count);
}

/** How many different values there are: `≈ 1,234` where nobody counted exactly. */
export function distinctText({ distinct, is_exact }: ColumnView): string {
  return distinct === null ? '–' : is_exact ? countText(distinct) : `≈ ${countText(distinct)}`;
}

/** A part as per cent; what is there is never 0 %, and what lacks something never 100 %. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) {
    return '0 %';
  }
  const share = (100 * part) / whole;
  if (part >= whole) {
    return '100 %';
  }
  return share < 0.1
    ? '< 0.1 %'
    : share > 99.9
      ? '> 99.9 %'
      : `${share.toFixed(1).replace(/\.0$/, '')} %`;
}

export function rowsText(rows: number | null, t: Translate): string {
  return rows === null
    ? t('rows not counted')
    : rows === 1
      ? t('1 row')
      : t('%1 rows', numberText(rows));
}

/** `many` is the form for all numbers but one. */
export function countedText(count: number, one: string, many: string, t: Translate): string {
  return count === 1 ? t(one) : t(many, numberText(count));
}

function secondsMoment(seconds: number, zone: string): string {
  const moment = new Date(seconds * 1_000);
  if (isNaN(moment.getTime())) {
    return numberText(seconds);
  }
  return zone ? inZone(moment, zone) : shortMoment(moment.toISOString());
}

/** A moment on the clocks of a zone; of one that the browser does not know it is in UTC, and says so. */
function inZone(moment: Date, zone: string): string {
  try {
    // Sweden writes dates as ISO 8601 does.
    const text = moment.toLocaleString('sv-SE', { timeZone: zone });
    return `${text} ${oneLine(zone)}`;
  } catch {
    return `${shortMoment(moment.toISOString())} UTC`;
  }
}

/** ISO 8601 without what says nothing: `2024-05-01T00:00:00.000Z` is `2024-05-01`. */
function shortMoment(text: string): string {
  return text
    .replace(/\.\d+/, '')
    .replace(/(?:Z|\+00:?00)$/, '')
    .replace(/T00:00:00$/, '')
    .replace('T', ' ');
}
