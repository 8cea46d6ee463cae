// Lines of code that go into a notebook. A line of `%aml` is cut as a shell cuts it, and `$name` and
// `{expression}` in its words are filled in: what an id holds must be none of that.

/** A word of the line of a magic that stands for `text` and nothing else. */
export function quoted(text: string): string {
  if (/^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/.test(text)) {
    return text;
  }
  const literal = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ') // a line ends with its magic
    .replace(/\$(?=[\p{L}\p{N}_.])/gu, '$$$$')
    .replace(/[{}]/g, '$&$&');
  return `'${literal.replace(/'/g, `'"'"'`)}'`;
}

/** Code that makes a DataFrame of runs. */
export function runsCode(ids: readonly string[]): string {
  const words = ids.map(quoted);
  if (ids.some(id => id.startsWith('-'))) {
    words.unshift('--');
  }
  return ['runs = %aml runs', ...words].join(' ');
}

/** The start of a cell that is a run. */
export const RUN_CELL = '%%aml_run\n\nrun.log("metric", 0.0)\n';
