// What is typed above a table: words to look for, or a filter.

/** A sign, a group of names, or a column with a word of the language: `aml_magics/services/filter/grammar.py`. */
const FILTER =
  /[=<>]|^(?:[\s(]|not\s)*(?:(?:metric|param|tag|propert)\w*\.|(?:status|reason|name|experiment|id|type|number|created|started|ended|duration|description|starred|archived)\s+(?:not\s+)?(?:like|is|in)\b)/i;

/** Whether the text is a filter, and not words to look for. */
export function isFilter(text: string): boolean {
  return FILTER.test(text);
}
