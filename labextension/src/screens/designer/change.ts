// Pieces that edits of a document are made of.
import type { Point } from '../../ui/graph';
import { stepOf, stepsOf, type Input, type Step, type Tree, type Word } from './document';

export function withPipeline(tree: Tree, fields: Readonly<Record<string, unknown>>): Tree {
  return { ...tree, pipeline: given({ ...tree.pipeline, ...fields }) };
}

export function withStep(tree: Tree, key: string, fields: Readonly<Record<string, unknown>>): Tree {
  const step = stepOf(tree, key);
  return step ? withSteps(tree, { [key]: given<Step>({ ...step, ...fields }) }) : tree;
}

export function withSteps(tree: Tree, steps: Readonly<Record<string, Step>>): Tree {
  return { ...tree, pipeline: { ...tree.pipeline, steps: { ...tree.pipeline.steps, ...steps } } };
}

/** Fields that have a value; those that are emptied are not written. */
export function given<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  ) as T;
}

export function placed(tree: Tree, places: ReadonlyMap<string, Point>): Tree {
  const moved = [...places].map(([id, { x, y }]) => [id, [Math.round(x), Math.round(y)]] as const);
  return { ...tree, layout: { ...tree.layout, ...Object.fromEntries(moved) } };
}

export function mapSteps(tree: Tree, change: (step: Step) => Step): Record<string, Step> {
  return Object.fromEntries(stepsOf(tree).map(([key, step]) => [key, change(step)]));
}

/** The inputs of a step, changed, as fields of it. */
export function mapInputs(step: Step, change: (input: Input) => Input): Partial<Step> {
  const mapped = (inputs: NonNullable<Step['inputs']>): Record<string, Input> =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, given(change(input ?? {}))])
    );
  return {
    ...(step.inputs && { inputs: mapped(step.inputs) }),
    ...(step.side_inputs && { side_inputs: mapped(step.side_inputs) })
  };
}

/** The words of the arguments, changed, as a field of the step; null takes a word away. */
export function words(
  step: Step,
  change: (word: Word, following?: Word) => Word | null
): Partial<Step> {
  const all = step.arguments;
  return all ? { arguments: all.flatMap((word, at) => change(word, all[at + 1]) ?? []) } : {};
}

export function omit<T>(
  fields: Readonly<Record<string, T>>,
  name: string
): Record<string, T> | undefined {
  return without(fields, one => one === name);
}

export function without<T>(
  fields: Readonly<Record<string, T>> | null | undefined,
  isGone: (name: string) => boolean
): Record<string, T> | undefined {
  const left = Object.entries(fields ?? {}).filter(([name]) => !isGone(name));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

export function renamed<T>(
  fields: Readonly<Record<string, T>>,
  name: string,
  to: string
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).map(([one, value]) => [one === name ? to : one, value])
  );
}

export function movedLayout(tree: Tree, ids: ReadonlyMap<string, string>): Tree {
  const entries = Object.entries(tree.layout ?? {}).map(
    ([id, at]) => [ids.get(id) ?? id, at] as const
  );
  return tree.layout ? { ...tree, layout: Object.fromEntries(entries) } : tree;
}
