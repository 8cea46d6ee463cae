// What can be done to a pipeline: each edit makes a new document of the one before.
import type { Point } from '../../ui/graph';
import {
  given,
  mapInputs,
  mapSteps,
  movedLayout,
  placed,
  renamed,
  without,
  withPipeline,
  withStep,
  withSteps,
  words
} from './change';
import {
  asName,
  DATA,
  destinationOf,
  freeName,
  outputsOf,
  PARAMETER,
  stepOf,
  stepsOf,
  takenNames,
  type Parameter,
  type Reference,
  type Tree
} from './document';
import { unread } from './ports';

/** Lay all out again. */
export function laidOutAgain(tree: Tree): Tree {
  return { ...tree, layout: undefined };
}

/** Add a step of a kind; returns its key, too. */
export function addStep(
  tree: Tree,
  kind: { type: string; title: string },
  fields: Readonly<Record<string, unknown>>,
  at?: Point
): [Tree, string] {
  const name = freeName(kind.title, new Set(stepsOf(tree).map(([, step]) => step.name ?? '')));
  const key = freeName(
    asName(kind.title).toLowerCase(),
    new Set(stepsOf(tree).map(([one]) => one))
  );
  const added = withSteps(tree, { [key]: { type: kind.type, name, ...fields } });
  return [at ? placed(added, new Map([[key, at]])) : added, key];
}

/** Add a dataset, once; returns the id of its node, too. */
export function addDataset(tree: Tree, dataset: string, at?: Point): [Tree, string] {
  const references = tree.pipeline.data_references ?? {};
  const there = Object.entries(references).find(([, one]) => one['dataset_name'] === dataset);
  const name = there?.[0] ?? freeName(asName(dataset), takenNames(tree));
  const reference: Reference = there?.[1] ?? { dataset_name: dataset };
  const added = withPipeline(tree, { data_references: { ...references, [name]: reference } });
  const id = DATA + name;
  return [at ? placed(added, new Map([[id, at]])) : added, id];
}

export function setReference(tree: Tree, name: string, reference: Reference): Tree {
  const references = { ...tree.pipeline.data_references, [name]: given(reference) };
  return withPipeline(tree, { data_references: references });
}

export function setParameter(tree: Tree, name: string, parameter: Parameter): Tree {
  return withPipeline(tree, { parameters: { ...tree.pipeline.parameters, [name]: parameter } });
}

/** Add a parameter of the pipeline with a name that is free. */
export function addParameter(tree: Tree, wanted: string): Tree {
  const name = freeName(asName(wanted), takenNames(tree));
  return setParameter(tree, name, { type: 'string', default: '' });
}

export function renameParameter(tree: Tree, name: string, to: string): Tree {
  const taken = takenNames(tree);
  taken.delete(name);
  const free = freeName(asName(to), taken);
  const parameters = renamed(tree.pipeline.parameters ?? {}, name, free);
  const steps = mapSteps(tree, step => ({
    ...step,
    ...words(step, word => (word === PARAMETER + name ? PARAMETER + free : word)),
    ...mapInputs(step, input => (input.source === name ? { ...input, source: free } : input))
  }));
  return movedLayout(
    { ...tree, pipeline: { ...tree.pipeline, parameters, steps } },
    new Map([[PARAMETER + name, PARAMETER + free]])
  );
}

/** Let a step run after another, or not any more. */
export function setAfter(tree: Tree, key: string, before: string, isOn: boolean): Tree {
  const after = (stepOf(tree, key)?.run_after ?? []).filter(one => one !== before);
  const all = isOn ? [...after, before] : after;
  return withStep(tree, key, { run_after: all.length > 0 ? all : undefined });
}

/** Take nodes away, and what leads from them. */
export function remove(tree: Tree, ids: Iterable<string>): Tree {
  const gone = new Set(ids);
  const isGone = (prefix: string) => (name: string) => gone.has(prefix + name);
  const lost = new Set<string>();
  for (const [key, step] of stepsOf(tree)) {
    if (gone.has(key)) {
      outputsOf(step).forEach(one => lost.add(destinationOf(...one)));
    }
  }
  for (const id of gone) {
    if (!stepOf(tree, id)) {
      lost.add(id.replace(/^(?:data|parameter):/, ''));
    }
  }
  const { pipeline } = tree;
  const parameters = without(pipeline.parameters, isGone(PARAMETER));
  const kept: Tree = {
    ...tree,
    pipeline: given({
      ...pipeline,
      parameters,
      data_references: without(pipeline.data_references, isGone(DATA)),
      steps: without(pipeline.steps, isGone('')) ?? {}
    }),
    layout: without(tree.layout, isGone(''))
  };
  const steps = mapSteps(kept, step => ({
    ...step,
    ...(step.run_after && { run_after: step.run_after.filter(one => !gone.has(one)) }),
    ...words(step, word =>
      typeof word === 'string' && gone.has(word) && word.startsWith(PARAMETER) ? null : word
    )
  }));
  return unread({ ...kept, pipeline: { ...kept.pipeline, steps } }, lost);
}
