// Words that are looked for in the rows.
import { valueText } from '../../ui/format';
import type { JsonScalar, RunRowView } from '../../contract.gen';

export type Condition = (row: RunRowView) => boolean;

const texts = new WeakMap<RunRowView, string>();

/** Whether a row has all words; null where there are none. */
export function wordsIn(text: string): Condition | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length > 0 ? row => words.every(word => textOf(row).includes(word)) : null;
}

/** All that a row can be found by, kept since every key that is typed asks for it. */
function textOf(row: RunRowView): string {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [
      `#${row.number}`,
      row.name,
      row.short_id,
      row.experiment,
      row.status,
      ...pairs(row.params),
      ...pairs(row.tags)
    ];
    text = parts.join('\n').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

function pairs(values: Record<string, JsonScalar>): string[] {
  return Object.entries(values).map(([name, value]) => `${name} ${valueText(value)}`);
}
