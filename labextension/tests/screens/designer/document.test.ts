// Edits of a pipeline's document, each of which makes a new one.
import { describe, expect, it } from 'vitest';
import {
  EMPTY,
  inputsOf,
  outputsOf,
  reaches,
  sourcesOf,
  stepOf,
  writerOf,
  type Tree
} from '../../../src/screens/designer/document';
import {
  addDataset,
  addParameter,
  addStep,
  laidOutAgain,
  remove,
  renameParameter,
  setAfter,
  setReference
} from '../../../src/screens/designer/edits';
import { edgesOf, nodesOf, placesOf } from '../../../src/screens/designer/graph';
import { paste } from '../../../src/screens/designer/paste';
import {
  addInput,
  addOutput,
  canConnect,
  connect,
  disconnect,
  NEW,
  removePort
} from '../../../src/screens/designer/ports';
import { withPipeline, withStep } from '../../../src/screens/designer/change';
import { plainly } from '../../../src/ui/host';

const SCRIPT = { type: 'PythonScriptStep', title: 'Python script' };

function two(): Tree {
  const [one] = addStep(EMPTY, SCRIPT, { source_directory: '.' }, { x: 1.4, y: 2 });
  const [both] = addStep(one, SCRIPT, {});
  return connect(
    both,
    { node: 'python_script', port: NEW },
    { node: 'python_script_2', port: null }
  );
}

const step = (tree: Tree, key: string) => stepOf(tree, key)!;

describe('steps', () => {
  it('get a key and a name that no other has, and stand where they were put', () => {
    const tree = two();

    expect(Object.keys(tree.pipeline.steps!)).toEqual(['python_script', 'python_script_2']);
    expect(step(tree, 'python_script_2').name).toBe('Python script_2');
    expect(placesOf(tree)).toEqual(new Map([['python_script', { x: 1, y: 2 }]]));
    expect(laidOutAgain(tree).layout).toBeUndefined();
    expect(EMPTY.pipeline.steps).toEqual({});
  });

  it('are not made of names that an object has by itself', () => {
    expect(stepOf(EMPTY, 'constructor')).toBeUndefined();
    const [tree, key] = addStep(EMPTY, { type: 'X', title: '__proto__' }, {});
    expect(stepOf(tree, key)?.type).toBe('X');
  });

  it('are taken away with what leads from them', () => {
    const tree = setAfter(two(), 'python_script_2', 'python_script', true);
    const left = remove(tree, ['python_script']);

    expect(Object.keys(left.pipeline.steps!)).toEqual(['python_script_2']);
    expect(inputsOf(step(left, 'python_script_2'))).toEqual([['python_script_output', {}]]);
    expect(step(left, 'python_script_2').run_after).toEqual([]);
    expect(left.layout).toBeUndefined();
  });
});

describe('connections', () => {
  it('make the output and the input that they need, and tell the scripts', () => {
    const tree = two();

    expect(outputsOf(step(tree, 'python_script'))).toEqual([
      ['output', { destination: 'python_script_output' }]
    ]);
    expect(step(tree, 'python_script').arguments).toEqual(['--output', 'output:output']);
    expect(inputsOf(step(tree, 'python_script_2'))).toEqual([
      ['python_script_output', { source: 'python_script_output' }]
    ]);
    expect(step(tree, 'python_script_2').arguments).toEqual([
      '--python_script_output',
      'input:python_script_output'
    ]);
    expect(edgesOf(tree)).toEqual([
      {
        from: { node: 'python_script', port: 'output' },
        to: { node: 'python_script_2', port: 'python_script_output' }
      }
    ]);
  });

  it('lead to no step that is waited for, nor to itself, nor to data', () => {
    const [tree] = addDataset(two(), 'people');
    const from = { node: 'python_script_2', port: NEW };

    expect(reaches(tree, 'python_script', 'python_script_2')).toBe(true);
    expect(canConnect(tree, from, { node: 'python_script', port: null })).toBe(false);
    expect(canConnect(tree, from, { node: 'python_script_2', port: null })).toBe(false);
    expect(canConnect(tree, from, { node: 'data:people', port: null })).toBe(false);
    expect(connect(tree, from, { node: 'python_script', port: null })).toBe(tree);
    expect(sourcesOf(tree, 'python_script').map(([source]) => source)).toEqual(['people']);
  });

  it('go to another source when one is drawn to an input that has one', () => {
    const [tree] = addDataset(two(), 'people');
    const to = { node: 'python_script_2', port: 'python_script_output' };
    const moved = connect(tree, { node: 'data:people', port: 'people' }, to);

    expect(inputsOf(step(moved, 'python_script_2'))).toEqual([
      ['python_script_output', { source: 'people' }]
    ]);
    expect(writerOf(moved, 'people')).toEqual({ node: 'data:people', port: 'people' });
    expect(inputsOf(step(disconnect(moved, to), 'python_script_2'))[0]![1].source).toBeUndefined();
  });

  it('take their words from the arguments when a port is taken away', () => {
    const tree = removePort(two(), 'python_script', 'output', 'output');

    expect(step(tree, 'python_script').arguments).toEqual([]);
    expect(step(tree, 'python_script').outputs).toBeUndefined();
    expect(inputsOf(step(tree, 'python_script_2'))[0]![1].source).toBeUndefined();
    const without = removePort(tree, 'python_script_2', 'python_script_output', 'input');
    expect(step(without, 'python_script_2').inputs).toBeUndefined();
  });

  it('order steps without data', () => {
    const [both] = addStep(two(), SCRIPT, {});
    const tree = setAfter(both, 'python_script_3', 'python_script', true);

    expect(edgesOf(tree).at(-1)).toMatchObject({ isOrder: true });
    expect(
      step(setAfter(tree, 'python_script_3', 'python_script', false), 'python_script_3').run_after
    ).toBeUndefined();
  });
});

describe('data and parameters', () => {
  it('are there once, and named as nothing else is', () => {
    const [tree, id] = addDataset(
      withPipeline(EMPTY, { parameters: { people: { type: 'int' } } }),
      'people'
    );

    expect(id).toBe('data:people_2');
    expect(addDataset(tree, 'people')[1]).toBe(id);
    expect(
      setReference(tree, 'people_2', { dataset_name: 'x', dataset_version: '' }).pipeline
        .data_references
    ).toEqual({
      people_2: { dataset_name: 'x' }
    });
  });

  it('are renamed wherever they stand', () => {
    const tree = withStep(addParameter(two(), 'rate'), 'python_script', {
      arguments: ['--rate', 'parameter:rate', { text: 'parameter:rate' }]
    });
    const renamed = renameParameter(tree, 'rate', 'learning rate');

    expect(Object.keys(renamed.pipeline.parameters!)).toEqual(['learning_rate']);
    expect(step(renamed, 'python_script').arguments).toEqual([
      '--rate',
      'parameter:learning_rate',
      { text: 'parameter:rate' }
    ]);
    expect(step(remove(renamed, ['parameter:learning_rate']), 'python_script').arguments).toEqual([
      '--rate',
      { text: 'parameter:rate' }
    ]);
  });
});

describe('copies', () => {
  it('read each other, and else what the originals read', () => {
    const [tree] = addDataset(two(), 'people');
    const connected = addInput(tree, 'python_script', 'people');
    const clip = {
      steps: connected.pipeline.steps!,
      places: new Map([['python_script', { x: 0, y: 0 }]])
    };
    const [copied, keys] = paste(connected, clip);

    expect(keys).toEqual(['python_script_3', 'python_script_2_2']);
    expect(outputsOf(step(copied, 'python_script_3'))[0]![1].destination).toBe(
      'python_script_output_2'
    );
    expect(inputsOf(step(copied, 'python_script_2_2'))[0]![1].source).toBe(
      'python_script_output_2'
    );
    expect(inputsOf(step(copied, 'python_script_3'))[0]![1].source).toBe('people');
    expect(placesOf(copied).get('python_script_3')).toEqual({ x: 24, y: 24 });
  });

  it('have no source in a document that does not have it', () => {
    const tree = addInput(addDataset(two(), 'people')[0], 'python_script', 'people');
    const { python_script } = tree.pipeline.steps!;
    const [copied] = paste(EMPTY, { steps: { python_script: python_script! }, places: new Map() });

    expect(inputsOf(step(copied, 'python_script'))).toEqual([['people', {}]]);
  });
});

it('shows steps, data and problems as nodes', () => {
  const [tree] = addDataset(two(), 'people');
  const about = {
    titles: new Map([['PythonScriptStep', 'Python script']]),
    statuses: new Map([['python_script', 'Running']]),
    problems: new Map([
      ['python_script_2', "Step 'Python script_2': a PythonScriptStep needs script_name."]
    ])
  };
  const [people, first, second] = nodesOf(addOutput(tree, 'python_script_2')[0], about, plainly);

  expect(people).toMatchObject({
    title: 'people',
    note: 'Dataset people',
    outputs: [{ name: 'people' }]
  });
  expect(first).toMatchObject({ status: 'Running', note: 'Python script' });
  expect(second!.note).toBe('⚠ a PythonScriptStep needs script_name.');
  expect(second!.outputs.map(({ name }) => name)).toEqual(['output', NEW]);
});
