// The designer's state: edits, undo, what is checked, and a file that somebody else changes.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DesignView } from '../../../src/contract.gen';
import { EMPTY, stepsOf } from '../../../src/screens/designer/document';
import { addStep, remove } from '../../../src/screens/designer/edits';
import { Designer, type DesignedFile } from '../../../src/screens/designer/state';
import { yamlOf } from '../../../src/screens/designer/written/yaml';
import { plainly, type Host } from '../../../src/ui/host';

const TREE = { pipeline: { steps: { a: { type: 'CommandStep', command: ['ls'] } } } };
const KIND = { type: 'CommandStep', title: 'Command' };

class FakeFile implements DesignedFile {
  isReadOnly = false;
  readonly name = 'x';
  readonly path = 'f/x.amlpipeline';
  readonly folder = '/f';
  listener: () => void = () => undefined;
  constructor(public text: string) {}
  put(text: string): void {
    this.text = text;
    this.listener();
  }
  async save(): Promise<void> {}
  watch(changed: () => void): () => void {
    this.listener = changed;
    return () => (this.listener = () => undefined);
  }
  openText(): void {}
}

let asked: string[];
let answers: Map<string, Partial<DesignView>>;

function designerOf(file: FakeFile): Designer {
  const host = {
    t: plainly,
    workspace: 'w',
    ask: async (kind: string, { text = '' }: { text?: string }) => {
      if (kind === 'design_palette') {
        throw new Error('the server is away');
      }
      asked.push(text);
      return { tree: TREE, error: '', line: null, problems: [], ...answers.get(text) };
    }
  };
  return new Designer(host as unknown as Host, file);
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_000);

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = new Map();
});
afterEach(() => vi.useRealTimers());

it('reads a file, and an empty one without asking', async () => {
  const designer = designerOf(new FakeFile('pipeline: …'));
  const empty = designerOf(new FakeFile(' \n'));
  await settled();

  expect(designer.store.state.tree).toEqual(TREE);
  expect(designer.store.state.paletteError).toBe('the server is away');
  expect(empty.tree).toEqual(EMPTY);
  expect(asked).toEqual(['pipeline: …']);
});

it('writes each edit at once, checks the last, and undoes them in their order', async () => {
  const file = new FakeFile('');
  const designer = designerOf(file);
  await settled();
  const [one] = addStep(designer.tree, KIND, {});
  designer.edit(one, ['command']);
  expect(file.text).toBe(yamlOf(one));
  designer.edit(addStep(designer.tree, KIND, {})[0]);
  await settled();

  expect(asked).toEqual([file.text]);
  designer.undo();
  expect(file.text).toBe(yamlOf(one));
  designer.undo();
  designer.undo();
  expect(stepsOf(designer.tree)).toEqual([]);
  designer.redo();
  designer.redo();
  designer.redo();
  expect(stepsOf(designer.tree)).toHaveLength(2);
  designer.undo();
  designer.edit(remove(designer.tree, ['command']));
  expect(designer.store.state.future).toEqual([]);
});

it('changes nothing of a file that may only be read', async () => {
  const file = new FakeFile('');
  file.isReadOnly = true;
  const designer = designerOf(file);
  await settled();
  designer.edit(addStep(designer.tree, KIND, {})[0]);

  expect(file.text).toBe('');
});

it('shows what somebody else has written, which can be undone', async () => {
  const file = new FakeFile('');
  const designer = designerOf(file);
  await settled();
  file.put('by another');
  await settled();

  expect(designer.tree).toEqual(TREE);
  designer.undo();
  expect(designer.tree).toEqual(EMPTY);
});

it('says where a file is nonsense, and takes it over once it is mended', async () => {
  const file = new FakeFile('nonsense');
  answers.set('nonsense', { tree: null, error: 'Line 1: no.', line: 1 });
  const designer = designerOf(file);
  await settled();

  expect(designer.store.state).toMatchObject({ tree: null, error: 'Line 1: no.', line: 1 });
  file.put('mended');
  await settled();
  expect(designer.store.state).toMatchObject({ tree: TREE, error: '' });
});

it('keeps the canvas when an edit breaks a rule, and says which', async () => {
  const designer = designerOf(new FakeFile(''));
  await settled();
  const [tree] = addStep(designer.tree, KIND, { retries: 'often' });
  answers.set(yamlOf(tree), { tree: null, error: 'Line 5: retries.', line: 5 });
  designer.edit(tree);
  await settled();

  expect(designer.store.state).toMatchObject({ tree, error: 'Line 5: retries.' });
});

it('asks for nothing once it is put away', async () => {
  const file = new FakeFile('');
  const designer = designerOf(file);
  await settled();
  designer.edit(addStep(designer.tree, KIND, {})[0]);
  designer.dispose();
  file.put('later');
  await settled();

  expect(asked).toEqual([]);
});
