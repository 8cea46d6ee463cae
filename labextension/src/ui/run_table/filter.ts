// Filters typed above the table, read by a grammar and never evaluated; it is that of
// `aml_magics/services/filter/runs.py`, as far as a row of the table tells:
//   metrics.acc > 0.9 and (params.opt = adam or not status = 'Failed') and tags.note is null
import { oneLine, toNumber, valueText } from '../format';
import type { Translate } from '../host';
import type { JsonScalar, RunRowView } from '../view';
import { fieldOf } from './filter_field';
import type { Field } from './filter_field';

export type Condition = (row: RunRowView) => boolean;
type Kind = 'sign' | 'mark' | 'text' | 'number' | 'word';
interface Token {
  kind: Kind;
  text: string;
  at: number;
}

const TOKEN =
  /\s*(?:(?<sign><=|>=|!=|==|=|<|>)|(?<mark>[()])|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![^\s()=<>!'"`]))|(?<word>(?:`[^`]+`|[^\s()=<>!'"`])+))/sy;
const EXPRESSION =
  /[=<>]|^(?:[\s(]|not\s)*(?:(?:metric|param|tag)s?\.|(?:status|name|experiment|id|reason|number|started|duration)\s+(?:like|is)\s)/i;
const DEPTH = 50;
const TERMS = 200;

/** A filter that cannot be read; its message says where. The host, which is asked too, says why. */
export class FilterError extends Error {}

/** Whether the text is an expression, and not words to look for. */
export function isExpression(text: string): boolean {
  return EXPRESSION.test(text);
}

/** What meets an expression; throws a FilterError. */
export function parseFilter(text: string, t: Translate): Condition {
  return new Parser(text, t).filter();
}

class Parser {
  readonly #tokens: Token[] = [];
  #at = 0;
  #depth = 0;
  #terms = 0;
  readonly #text: string;

  constructor(text: string, private readonly t: Translate) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    const end = text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const groups = TOKEN.exec(text)?.groups;
      if (!groups) {
        this.#fail(from);
      }
      const [kind, found] = Object.entries(groups).find(([, one]) => one !== undefined)!;
      this.#tokens.push({ kind: kind as Kind, text: found, at: TOKEN.lastIndex - found.length });
    }
  }

  filter(): Condition {
    const found = this.#any();
    if (this.#at < this.#tokens.length) {
      this.#fail(this.#place());
    }
    return found;
  }

  #any(): Condition {
    const all = this.#joined('or', () => this.#every());
    return row => all.some(one => one(row));
  }

  #every(): Condition {
    const all = this.#joined('and', () => this.#each());
    return row => all.every(one => one(row));
  }

  #joined(word: string, read: () => Condition): Condition[] {
    const all = [read()];
    while (this.#take('word', word)) {
      all.push(read());
    }
    return all;
  }

  #each(): Condition {
    if (++this.#depth > DEPTH) {
      this.#fail(0);
    }
    const found = this.#term();
    this.#depth -= 1;
    return found;
  }

  #term(): Condition {
    if (this.#take('word', 'not')) {
      const found = this.#each();
      return row => !found(row);
    }
    if (this.#take('mark', '(')) {
      const found = this.#any();
      if (!this.#take('mark', ')')) {
        this.#fail(this.#place());
      }
      return found;
    }
    return this.#comparison();
  }

  #comparison(): Condition {
    if (++this.#terms > TERMS) {
      this.#fail(this.#place());
    }
    const { kind, text, at } = this.#next();
    const field = kind === 'word' ? fieldOf(text) : null;
    if (!field) {
      this.#fail(at);
    }
    if (this.#take('word', 'is')) {
      const negated = this.#take('word', 'not');
      if (!this.#take('word', 'null')) {
        this.#fail(this.#place());
      }
      return row => isMissing(field.of(row)) !== negated;
    }
    const sign = this.#next();
    if (sign.kind === 'word' && sign.text.toLowerCase() === 'like') {
      return like(field, this.#value().text);
    }
    if (sign.kind !== 'sign') {
      this.#fail(sign.at);
    }
    return compared(field, sign.text, wanted(field, this.#value()), text === 'status');
  }

  /** A number, a text without its quotes, or a word. */
  #value(): Token {
    const found = this.#next();
    if (found.kind === 'sign' || found.kind === 'mark') {
      this.#fail(found.at);
    }
    return found.kind === 'text' ? { ...found, text: found.text.slice(1, -1).replace(/\\(.)/gs, '$1') } : found;
  }

  #next(): Token {
    const found = this.#tokens[this.#at];
    if (!found) {
      this.#fail(this.#text.length);
    }
    this.#at += 1;
    return found;
  }

  #place(): number {
    return this.#tokens[this.#at]?.at ?? this.#text.length;
  }

  #take(kind: Kind, text: string): boolean {
    const found = this.#tokens[this.#at];
    const is = found?.kind === kind && found.text.toLowerCase() === text;
    this.#at += is ? 1 : 0;
    return is;
  }

  #fail(at: number): never {
    const rest = oneLine(this.#text.slice(at)).slice(0, 30);
    throw new FilterError(this.t('The filter cannot be read at “%1”.', rest || this.t('its end')));
  }
}

function wanted(field: Field, { kind, text }: Token): JsonScalar {
  if (kind === 'text' || field.isText) {
    return text;
  }
  if (kind === 'number') {
    return Number(text);
  }
  const word = text.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : text;
}

/** A run without the value meets no comparison, as in the database. */
function compared(field: Field, sign: string, right: JsonScalar, isStatus: boolean): Condition {
  const compare = SIGNS[sign]!;
  if (isStatus) {
    // in any letter case
    const status = String(right).trim().toLowerCase();
    return row => compare(row.status.toLowerCase(), status);
  }
  return row => {
    const value = field.of(row);
    if (isMissing(value)) {
      return false;
    }
    if (typeof right === 'number') {
      const left = toNumber(value);
      return !isNaN(left) && compare(left, right);
    }
    if (typeof right === 'string' && (typeof value === 'string' || !/^!?=/.test(sign))) {
      return compare(valueText(value), right);
    }
    return compare(value as string, right as string);
  };
}

const isSame = (left: unknown, right: unknown): boolean => left === right;
const SIGNS: Record<string, (left: number | string, right: number | string) => boolean> = {
  '=': isSame,
  '==': isSame,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right
};

/** `%` stands for any text, `_` for a letter. Matched by hand: a pattern with many `%` must not take for ever. */
function like(field: Field, pattern: string): Condition {
  const want = [...pattern.toLowerCase()];
  return row => {
    const value = field.of(row);
    return !isMissing(value) && meets([...valueText(value).toLowerCase()], want);
  };
}

function meets(text: string[], want: string[]): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let from = 0;
  while (at < text.length) {
    if (want[place] === '%') {
      star = place++;
      from = at;
    } else if (want[place] === '_' || want[place] === text[at]) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      at = ++from;
    } else {
      return false;
    }
  }
  return want.slice(place).every(one => one === '%');
}

function isMissing(value: JsonScalar | undefined): value is null | undefined {
  return value === null || value === undefined;
}
