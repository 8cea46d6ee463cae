// A document as a graph: steps, data and parameters that choose data are nodes.
import type { GraphEdge, GraphNode, Places, PortEnd } from '../../ui/graph';
import type { Translate } from '../../ui/host';
import {
  DATA,
  dataParametersOf,
  inputsOf,
  outputsOf,
  PARAMETER,
  referencesOf,
  stepOf,
  stepsOf,
  writerOf,
  type Reference,
  type Step,
  type Tree
} from './document';
import { NEW } from './ports';

/** What is known of a step beside its document. */
export interface About {
  /** What its kind is called. */
  readonly titles: ReadonlyMap<string, string>;
  readonly statuses: ReadonlyMap<string, string>;
  readonly problems: ReadonlyMap<string, string>;
}

export function nodesOf(tree: Tree, about: About, t: Translate): GraphNode[] {
  const data = referencesOf(tree).map(([name, reference]): GraphNode => ({
    id: DATA + name,
    title: name,
    note: dataText(reference, t),
    class: 'aml-designer-data',
    inputs: [],
    outputs: [{ name }]
  }));
  const parameters = dataParametersOf(tree).map(([name, { type }]): GraphNode => ({
    id: PARAMETER + name,
    title: name,
    note: t('Parameter (%1)', type),
    class: 'aml-designer-data',
    inputs: [],
    outputs: [{ name }]
  }));
  return [...data, ...parameters, ...stepsOf(tree).map(one => stepNode(one, about, t))];
}

function stepNode([key, step]: [string, Step], about: About, t: Translate): GraphNode {
  const problem = about.problems.get(key);
  const kind = about.titles.get(step.type) ?? step.type;
  const script = textOf(step['script_name']);
  const note = script ? `${kind} · ${script}` : kind;
  return {
    id: key,
    title: step.name ?? key,
    // Its own name stands above it.
    note: problem ? `⚠ ${problem.replace(/^Step '[^']*':? /, '')}` : note,
    status: about.statuses.get(key),
    class: problem ? 'aml-designer-step aml-designer-bad' : 'aml-designer-step',
    words: problem ? t('%1, problem: %2', note, problem) : note,
    inputs: inputsOf(step).map(([name]) => ({ name })),
    outputs: [...outputsOf(step).map(([name]) => ({ name })), { name: NEW }]
  };
}

export function edgesOf(tree: Tree): GraphEdge[] {
  return stepsOf(tree).flatMap(([key, step]) => {
    const data = inputsOf(step).flatMap(([name, { source }]): GraphEdge[] => {
      const from = source === undefined ? null : writerOf(tree, source);
      return from ? [{ from, to: { node: key, port: name } }] : [];
    });
    const order = (step.run_after ?? [])
      .filter(before => stepOf(tree, before))
      .map((before): GraphEdge => ({ from: end(before), to: end(key), isOrder: true }));
    return [...data, ...order];
  });
}

function end(node: string): PortEnd {
  return { node, port: null };
}

/** Where the document says that nodes stand. */
export function placesOf({ layout }: Tree): Places {
  return new Map(Object.entries(layout ?? {}).map(([id, [x, y]]) => [id, { x, y }]));
}

function dataText(reference: Reference, t: Translate): string {
  const {
    dataset_name: name,
    dataset_version: version,
    datastore,
    path_on_datastore: path
  } = reference;
  if (typeof name === 'string') {
    return typeof version === 'number'
      ? t('Dataset %1, version %2', name, version)
      : t('Dataset %1', name);
  }
  return [datastore, path].filter(Boolean).map(String).join('/') || t('Dataset');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
