// A pipeline's document as the canvas edits it: the tree of its YAML, with the keys that the file has.

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export interface Parameter {
  readonly type: string;
  readonly default?: Plain;
}

/** Where data comes from that no step writes. */
export interface Reference {
  readonly [key: string]: Plain;
}

export interface Input {
  /** The name of what it is: an output's destination, a data reference, or a parameter. */
  readonly source?: string;
  readonly [key: string]: Plain | undefined;
}

export interface Output {
  /** The name by which others read it; that of the output without it. */
  readonly destination?: string;
  readonly [key: string]: Plain | undefined;
}

/** A word that stands for itself, though it looks as if it stood for something. */
export type Word = string | { readonly text: string };

export interface Step {
  readonly type: string;
  readonly name?: string;
  readonly compute?: string;
  readonly source_directory?: string;
  readonly arguments?: readonly Word[] | null;
  readonly inputs?: Readonly<Record<string, Input | null>> | null;
  readonly side_inputs?: Readonly<Record<string, Input | null>> | null;
  readonly outputs?: Readonly<Record<string, Output | null>> | null;
  readonly run_after?: readonly string[] | null;
  readonly allow_reuse?: boolean;
  readonly [key: string]: unknown;
}

export interface Pipeline {
  readonly name?: string;
  readonly description?: string;
  readonly default_compute?: string;
  readonly parameters?: Readonly<Record<string, Parameter>> | null;
  readonly data_references?: Readonly<Record<string, Reference>> | null;
  readonly steps?: Readonly<Record<string, Step>> | null;
  readonly [key: string]: unknown;
}

export interface Tree {
  readonly aml_magics?: number;
  readonly pipeline: Pipeline;
  readonly layout?: Readonly<Record<string, readonly [number, number]>> | null;
}

export const EMPTY: Tree = { aml_magics: 1, pipeline: { name: '', steps: {} } };

/** The ids of nodes that are no steps begin so. */
export const [DATA, PARAMETER] = ['data:', 'parameter:'];

export function stepsOf({ pipeline }: Tree): [string, Step][] {
  return Object.entries(pipeline.steps ?? {});
}

export function stepOf({ pipeline }: Tree, key: string): Step | undefined {
  const steps = pipeline.steps ?? {};
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

export function parametersOf({ pipeline }: Tree): [string, Parameter][] {
  return Object.entries(pipeline.parameters ?? {});
}

/** Parameters that choose data. */
export function dataParametersOf(tree: Tree): [string, Parameter][] {
  return parametersOf(tree).filter(([, { type }]) => type === 'datapath' || type === 'dataset');
}

export function referencesOf({ pipeline }: Tree): [string, Reference][] {
  return Object.entries(pipeline.data_references ?? {});
}

export function inputsOf({ inputs, side_inputs }: Step): [string, Input][] {
  return Object.entries({ ...inputs, ...side_inputs }).map(([name, input]) => [name, input ?? {}]);
}

export function outputsOf({ outputs }: Step): [string, Output][] {
  return Object.entries(outputs ?? {}).map(([name, output]) => [name, output ?? {}]);
}

export function destinationOf(name: string, output: Output): string {
  return output.destination ?? name;
}

/** What writes a source, as a node and its port; null where nothing has the name. */
export function writerOf(tree: Tree, source: string): { node: string; port: string } | null {
  for (const [key, step] of stepsOf(tree)) {
    for (const [name, output] of outputsOf(step)) {
      if (destinationOf(name, output) === source) {
        return { node: key, port: name };
      }
    }
  }
  if (referencesOf(tree).some(([name]) => name === source)) {
    return { node: DATA + source, port: source };
  }
  return parametersOf(tree).some(([name]) => name === source)
    ? { node: PARAMETER + source, port: source }
    : null;
}

/** The name under which an input reads what a port of a node gives; null of a port that is not there. */
export function sourceOf(tree: Tree, node: string, port: string): string | null {
  const step = stepOf(tree, node);
  if (step) {
    const output = outputsOf(step).find(([name]) => name === port);
    return output ? destinationOf(...output) : null;
  }
  return node.startsWith(DATA)
    ? node.slice(DATA.length)
    : node.startsWith(PARAMETER)
      ? node.slice(PARAMETER.length)
      : null;
}

/** All that an input can read, by name, with what a form says of it. */
export function sourcesOf(tree: Tree, but: string): [source: string, text: string][] {
  const found: [string, string][] = referencesOf(tree).map(([name]) => [name, name]);
  for (const [name] of dataParametersOf(tree)) {
    found.push([name, `$${name}`]);
  }
  for (const [key, step] of stepsOf(tree)) {
    if (key !== but && !reaches(tree, but, key)) {
      for (const [name, output] of outputsOf(step)) {
        found.push([destinationOf(name, output), `${step.name ?? key} · ${name}`]);
      }
    }
  }
  return found;
}

/** The keys of the steps that one waits for. */
export function beforeOf(tree: Tree, key: string): string[] {
  const step = stepOf(tree, key);
  if (!step) {
    return [];
  }
  const writers = inputsOf(step).flatMap(([, { source }]) =>
    source === undefined ? [] : [writerOf(tree, source)?.node ?? '']
  );
  return [...writers, ...(step.run_after ?? [])].filter(one => stepOf(tree, one));
}

/** Whether `to` waits for `from`, at whatever remove. */
export function reaches(tree: Tree, from: string, to: string): boolean {
  const [seen, waiting] = [new Set<string>(), [to]];
  while (waiting.length > 0) {
    const key = waiting.pop()!;
    if (key === from) {
      return true;
    }
    if (!seen.has(key)) {
      seen.add(key);
      waiting.push(...beforeOf(tree, key));
    }
  }
  return false;
}

/** A name that is not taken: as it is, or with a number. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) {
    name = `${wanted}_${number}`;
  }
  return name;
}

/** A text as a name of data: letters, digits and `_`. */
export function asName(text: string): string {
  const name = text.replace(/\W+/g, '_').replace(/^_+|_+$/g, '');
  return name === '' ? 'data' : /^\d/.test(name) ? `_${name}` : name;
}

/** The names of all data and parameters: each is of one thing. */
export function takenNames(tree: Tree): Set<string> {
  const written = stepsOf(tree).flatMap(([, step]) =>
    outputsOf(step).map(([name, output]) => destinationOf(name, output))
  );
  const others = [...referencesOf(tree), ...parametersOf(tree)].map(([name]) => name);
  return new Set([...written, ...others]);
}
