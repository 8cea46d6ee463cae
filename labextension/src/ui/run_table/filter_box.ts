// What the box above the table means: an expression, or words to look for.
import type { Translate } from '../host';
import { valueText } from '../format';
import type { JsonScalar, RunRowView } from '../view';
import { isExpression, parseFilter } from './filter';
import type { Condition } from './filter';

const texts = new WeakMap<RunRowView, string>();

/** Null for an empty box; throws a FilterError. */
export function conditionOf(text: string, t: Translate): Condition | null {
  if (isExpression(text)) {
    return parseFilter(text, t);
  }
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length > 0
    ? row => {
        const all = textOf(row);
        return words.every(word => all.includes(word));
      }
    : null;
}

/** All that a row can be found by, kept since every key that is typed asks for it. */
function textOf(row: RunRowView): string {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [`#${row.number}`, row.name, row.short_id, row.experiment, row.status, ...pairs(row.params), ...pairs(row.tags)];
    text = parts.join('\n').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

function pairs(values: Record<string, JsonScalar>): string[] {
  return Object.entries(values).map(([name, value]) => `${name} ${valueText(value)}`);
}
