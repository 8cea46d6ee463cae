// What can be done to the inputs and outputs of steps.
import type { PortEnd } from '../../ui/graph';
import { given, mapInputs, mapSteps, omit, withStep, words } from './change';
import {
  asName,
  destinationOf,
  freeName,
  inputsOf,
  outputsOf,
  reaches,
  sourceOf,
  stepOf,
  takenNames,
  type Input,
  type Step,
  type Tree
} from './document';

/** The port of a step from which a new output is drawn. */
export const NEW = '+';

/** The kinds whose arguments say where their data is. */
const PASSES = new Set(['PythonScriptStep', 'CommandStep']);

/** Set an input of a step; one that is new is told to its script, too. */
export function setInput(tree: Tree, key: string, name: string, input: Input): Tree {
  const step = stepOf(tree, key);
  if (!step) {
    return tree;
  }
  const isNew = !inputsOf(step).some(([one]) => one === name);
  const side = step.side_inputs && name in step.side_inputs ? 'side_inputs' : 'inputs';
  const set = withStep(tree, key, { [side]: { ...step[side], [name]: given(input) } });
  return isNew ? told(set, key, name, 'input') : set;
}

/** The key of an output or an input that a step does not have yet. */
function freePort(step: Step, wanted: string): string {
  const names = [...inputsOf(step), ...outputsOf(step)].map(([name]) => name);
  return freeName(asName(wanted), new Set(names));
}

export function addInput(tree: Tree, key: string, source?: string): Tree {
  const step = stepOf(tree, key);
  return step ? setInput(tree, key, freePort(step, source ?? 'data'), { source }) : tree;
}

/** Add an output to a step; returns its name, too. */
export function addOutput(tree: Tree, key: string): [Tree, string] {
  const step = stepOf(tree, key);
  if (!step) {
    return [tree, ''];
  }
  const name = freePort(step, 'output');
  const destination = freeName(asName(`${key}_${name}`), takenNames(tree));
  const outputs = { ...step.outputs, [name]: { destination } };
  return [told(withStep(tree, key, { outputs }), key, name, 'output'), name];
}

/** Tell the script of a step where its data is. */
function told(tree: Tree, key: string, name: string, side: 'input' | 'output'): Tree {
  const step = stepOf(tree, key)!;
  if (!PASSES.has(step.type)) {
    return tree;
  }
  return withStep(tree, key, {
    arguments: [...(step.arguments ?? []), `--${name}`, `${side}:${name}`]
  });
}

/** Whether an output may be connected to an input: no step waits for itself. */
export function canConnect(tree: Tree, from: PortEnd, to: PortEnd): boolean {
  return (
    stepOf(tree, to.node) !== undefined &&
    from.port !== null &&
    from.node !== to.node &&
    !reaches(tree, to.node, from.node)
  );
}

/** Connect an output, or a new one, to an input, or to a new one. */
export function connect(tree: Tree, from: PortEnd, to: PortEnd): Tree {
  if (!canConnect(tree, from, to)) {
    return tree;
  }
  const [written, port] = from.port === NEW ? addOutput(tree, from.node) : [tree, from.port!];
  const source = sourceOf(written, from.node, port);
  const step = stepOf(written, to.node)!;
  if (source === null) {
    return tree;
  }
  const there = inputsOf(step).find(([name]) => name === to.port);
  return there
    ? setInput(written, to.node, there[0], { ...there[1], source })
    : addInput(written, to.node, source);
}

/** Take an input or an output away, with the words of the arguments that stand for it. */
export function removePort(tree: Tree, key: string, name: string, side: 'input' | 'output'): Tree {
  const step = stepOf(tree, key);
  if (!step) {
    return tree;
  }
  const field =
    side === 'output' ? 'outputs' : name in (step.side_inputs ?? {}) ? 'side_inputs' : 'inputs';
  const without = withStep(tree, key, {
    [field]: omit(step[field] ?? {}, name),
    ...words(step, (word, before) =>
      word === `${side}:${name}` || (before === `${side}:${name}` && word === `--${name}`)
        ? null
        : word
    )
  });
  const output = side === 'output' && outputsOf(step).find(([one]) => one === name);
  return output ? unread(without, new Set([destinationOf(...output)])) : without;
}

/** Inputs without what is not written any more: they stay, and say that they have no data. */
export function unread(tree: Tree, gone: ReadonlySet<string>): Tree {
  const steps = mapSteps(tree, step => ({
    ...step,
    ...mapInputs(step, input =>
      input.source !== undefined && gone.has(input.source) ? { ...input, source: undefined } : input
    )
  }));
  return { ...tree, pipeline: { ...tree.pipeline, steps } };
}

export function disconnect(tree: Tree, to: PortEnd): Tree {
  const input = inputsOf(stepOf(tree, to.node) ?? { type: '' }).find(([name]) => name === to.port);
  return input ? setInput(tree, to.node, input[0], { ...input[1], source: undefined }) : tree;
}
