// Lines of code that go into a notebook. A line of `%aml` is cut as a shell cuts it, and `$name` and
// `{expression}` in its words are filled in: what an id holds must be none of that.

/** A word of the line of a magic that stands for `text` and nothing else. */
export function quoted(text: string): string {
  if (/^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/.test(text)) {
    return text;
  }
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' '); // it ends with its magic
  if (/[${}]/.test(line)) {
    // No way of doubling them holds beside a quote, so the word is an expression: a text, as Python writes it.
    return `{"${line.replace(/[^\p{L}\p{N} _.-]/gu, escaped)}"}`;
  }
  return `'${line.replace(/'/g, `'"'"'`)}'`;
}

/** Code that makes a DataFrame of runs. */
export function runsCode(ids: readonly string[]): string {
  const words = ids.map(quoted);
  if (ids.some(id => id.startsWith('-'))) {
    words.unshift('--');
  }
  return ['runs = %aml runs', ...words].join(' ');
}

/** A text as Python writes it; nothing hides in it. */
function literal(text: string): string {
  const hidden = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
  return JSON.stringify(text).replace(hidden, escaped);
}

function escaped(letter: string): string {
  const code = letter.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** Code that gets a version of a dataset. */
export function datasetCode(workspace: string, name: string, version: number): string {
  return [
    'from aml_magics import Dataset, Workspace',
    '',
    `ws = Workspace.get(name=${literal(workspace)})`,
    `dataset = Dataset.get_by_name(ws, ${literal(name)}, version=${version})`
  ].join('\n');
}

/** Code that gets a version of a model. */
export function modelCode(workspace: string, name: string, version: number): string {
  return [
    'from aml_magics import Workspace',
    'from aml_magics.sdk.model.model import Model',
    '',
    `ws = Workspace.get(name=${literal(workspace)})`,
    `model = Model(ws, ${literal(name)}, version=${version})`
  ].join('\n');
}

/** The start of a cell that is a run. */
export const RUN_CELL = '%%aml_run\n\nrun.log("metric", 0.0)\n';
