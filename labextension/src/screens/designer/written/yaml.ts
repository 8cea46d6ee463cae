// A document as YAML. It is written here rather than by the server, so that a save at once has the last edit.

/** Words that a reader of YAML takes for something else than a text. */
const OTHER = /^(?:~|null|true|false|yes|no|on|off|y|n|\.nan|[-+]?\.inf|=|<<)$/i;
/** Words, options, paths, and names after a colon such as `input:raw`. */
const PLAIN = /^(?:--?[A-Za-z]|[\p{L}_]|\.{0,2}\/|\.{1,2}$)(?:[\p{L}\p{N}_ ./{}()$-]|:(?=\S))*$/u;
const HIDDEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

export function yamlOf(tree: object): string {
  return `${lines(tree, 0).join('\n')}\n`;
}

function lines(value: unknown, depth: number): string[] {
  const space = '  '.repeat(depth);
  if (Array.isArray(value)) {
    return value.flatMap(one => {
      if (!isCollection(one)) {
        return [`${space}- ${scalar(one)}`];
      }
      const [first = '', ...rest] = lines(one, depth + 1);
      return [`${space}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value as object).flatMap(([key, one]: [string, unknown]) =>
    one === undefined
      ? []
      : isCollection(one)
        ? [`${space}${text(key)}:`, ...lines(one, Array.isArray(one) ? depth : depth + 1)]
        : [`${space}${text(key)}: ${scalar(one)}`]
  );
}

/** Whether it is written over several lines; a point, and what is empty, is not. */
function isCollection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isPoint(value)) {
    return false;
  }
  return Object.values(value).some(one => one !== undefined);
}

function isPoint(value: object): value is number[] {
  return Array.isArray(value) && value.length === 2 && value.every(one => typeof one === 'number');
}

function scalar(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return numeral(value);
    case 'boolean':
      return String(value);
    default:
      return Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : value ? '{}' : 'null';
  }
}

function text(value: string): string {
  const isPlain = PLAIN.test(value) && !OTHER.test(value) && value.trim() === value;
  return isPlain ? value : JSON.stringify(value).replace(HIDDEN, escaped);
}

/** A number that every reader takes for one: an exponent stands after a point. */
function numeral(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  }
  return String(value)
    .replace(/^(-?\d+)e/, '$1.0e')
    .replace(/e(\d)/, 'e+$1');
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
