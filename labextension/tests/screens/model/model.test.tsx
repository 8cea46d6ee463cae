import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelView } from '../../../src/contract.gen';
import entry from '../../../src/screens/model';
import { HEIGHT, laidOut, WIDTH } from '../../../src/screens/model/layout';
import { mount } from '../../../src/screens/model/screen';
import { otherOf } from '../../../src/screens/model/versions';
import type { Host } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { model, models, P, row } from '../models/sample';
import { button, settle, TestHost } from '../run/scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;
type Replies = ConstructorParameters<typeof TestHost>[0];

async function show(
  view: ModelView = model(),
  answers: Replies = {},
  more: Partial<Host> = {}
): Promise<void> {
  host = Object.assign(new TestHost({ model: () => view, ...answers }), more);
  mounted = mount(parent, { version: 1, workspace: 'ws', view }, host);
  await settle();
}

const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
const text = (selector = 'section'): string => find(selector).textContent ?? '';

async function tab(id: string): Promise<void> {
  find(`[data-tab=${id}]`).click();
  await settle();
}

function fill(selector: string, value: string): void {
  const box = find(selector) as HTMLTextAreaElement;
  box.value = value;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

async function submit(): Promise<void> {
  await settle();
  find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});

describe('the head of a model', () => {
  it('tells which version it is and what is known of it', async () => {
    await show();
    for (const words of [
      ...['digits', '@champion', 'Production', 'ScikitLearn 1.5', '1 file', '2.0 kB', 'ada'],
      ...['all of 2024', 'team: blue', 'sample input: digits-in:1', 'cpu: 1']
    ]) {
      expect(text('header')).toContain(words);
    }
  });

  it('shows another version in its place, and says why one cannot be shown', async () => {
    const other = model({ id: 'digits:1', version: 1, description: 'the first' });
    await show(model(), {
      model: ({ version }) => {
        if (version === 3) {
          throw new Error('deleted');
        }
        return version === 1 ? other : model();
      }
    });
    const pick = async (value: string): Promise<void> => {
      const select = find('header select') as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
      await settle();
    };
    await pick('1');
    expect(text('header')).toContain('the first');
    await pick('3');
    expect(text('header')).toContain('Version 3 cannot be shown: deleted');
  });

  it('puts code and a line that deploys into the notebook', async () => {
    const insert = vi.fn();
    await show(model(), {}, { insert });
    button(parent, 'Insert code').click();
    expect(insert.mock.calls[0]![0]).toContain('model = Model(ws, "digits", version=2)');
    button(parent, 'Deploy…').click();
    expect(insert).toHaveBeenLastCalledWith("%aml deploy 'digits:2' --entry score.py", false);
    insert.mockImplementation(() => {
      throw new Error('no notebook is open');
    });
    button(parent, 'Deploy…').click();
    expect(text('header')).toContain('no notebook is open');
  });

  it('deletes after a question, and says why it cannot', async () => {
    let isUsed = true;
    await show(model(), {
      delete_model: () => {
        if (isUsed) {
          throw new Error("Model digits:2 is used by service 'scorer'");
        }
        return { id: 'digits:2', name: 'digits', version: 2 };
      }
    });
    for (const words of ["is used by service 'scorer'", 'deleted']) {
      button(parent, 'Delete…').click();
      button(parent, 'Yes, delete').click();
      await settle();
      expect(text()).toContain(words);
      isUsed = false;
    }
    expect(host.questions('delete_model')[0]).toEqual({ model: 'digits', version: 2 });
    expect(() => button(parent, 'Edit')).toThrow('no button');
  });
});

describe('the form', () => {
  it('saves what differs and nothing else', async () => {
    await show(model(), { update_model: () => model({ description: 'new' }) });
    button(parent, 'Edit').click();
    await settle();
    fill('form textarea', 'new');
    fill('form input', 'champion, @best');
    await submit();
    expect(host.questions('update_model')).toEqual([
      {
        ...{ model: 'digits:2', description: 'new', was: 'all of 2024' },
        aliases: ['champion', 'best']
      }
    ]);
    expect(parent.querySelector('form')).toBeNull();
    expect(text('header')).toContain('new');
  });

  it('asks nothing where nothing differs, and says what is refused', async () => {
    await show(model(), {
      update_model: () => {
        throw new Error('changed meanwhile');
      }
    });
    button(parent, 'Edit').click();
    await submit();
    expect(host.questions('update_model')).toEqual([]);
    button(parent, 'Edit').click();
    await settle();
    fill('form textarea', 'new');
    await submit();
    expect(text('form')).toContain('The model could not be changed: changed meanwhile');
    fill('form label:nth-of-type(3) textarea', '');
    await submit();
    expect(text('form')).toContain('The property “origin” cannot be taken away');
    button(parent, 'Leave as it was').click();
    expect(parent.querySelector('form')).toBeNull();
  });
});

describe('the lineage', () => {
  it('opens what is there, and not what is gone', async () => {
    const open = vi.fn();
    await show(model(), {}, { open });
    const nodes = [...parent.querySelectorAll<SVGElement>('.aml-lineage-node')];
    expect(nodes.map(node => node.getAttribute('role'))).toEqual([
      'button',
      'img',
      'button',
      'img',
      'button',
      'button',
      'button'
    ]);
    nodes.forEach(node => node.dispatchEvent(new MouseEvent('click', { bubbles: true })));
    nodes[0]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    expect(open.mock.calls.map(call => call[0] as unknown)).toEqual([
      { kind: 'dataset', dataset: 'd-1' },
      { kind: 'run', run: 'run-1' },
      { kind: 'service', service: 'scorer' },
      { kind: 'run', run: 'run-1' },
      { kind: 'run', run: 'run-1' },
      { kind: 'dataset', dataset: 'd-1' }
    ]);
    expect(nodes[6]!.getAttribute('aria-label')).toBe('environment, sk:1, 2 packages');
    expect(nodes[1]!.getAttribute('aria-label')).toBe('data, gone, gone');
    for (const words of ['accuracy', '0.91', 'rate', 'origin', 'lab']) {
      expect(text('[role=tabpanel]')).toContain(words);
    }
  });

  it('has a column a stage, and none for what is not there', () => {
    const { lineage } = model();
    const { nodes, paths, width, height } = laidOut(lineage);
    expect(new Set(nodes.map(({ x }) => x)).size).toBe(4);
    expect(nodes[2]!.y).toBeGreaterThan(nodes[0]!.y);
    expect([paths.length, height > 2 * HEIGHT, width > 4 * WIDTH]).toEqual([6, true, true]);
    const alone = laidOut({ nodes: lineage.nodes.slice(3, 4), edges: [[0, 9]] });
    expect([alone.width, alone.height, alone.paths]).toEqual([WIDTH, HEIGHT, []]);
    expect(laidOut({ nodes: [], edges: [] })).toMatchObject({ width: 0, height: 0 });
  });

  it('leads data of the model below the run that it passes', () => {
    const [data, , run, model_] = model().lineage.nodes;
    const { paths, height } = laidOut({ nodes: [data!, run!, model_!], edges: [[0, 2]] });
    const depths = paths[0]!
      .match(/C\S+ (\S+) \S+ (\S+)/)!
      .slice(1)
      .map(Number);
    expect(Math.min(...depths)).toBeGreaterThan(HEIGHT);
    expect(height).toBeGreaterThan(HEIGHT);
  });
});

describe('files and versions', () => {
  it('tells what a file holds, and what loading it can run', async () => {
    const content = {
      ...{
        name: 'outputs/m.pkl',
        kind: 'pickle',
        facts: [['protocol', '5']] as [string, string][]
      },
      ...{ imports: ['os.system', 'sklearn.svm.SVC'], risky: ['os.system'], notices: ['cut off'] },
      problem: ''
    };
    await show(model(), { model_contents: () => ({ files: [content], problem: '' }) });
    await tab('files');
    for (const words of [
      ...['outputs/m.pkl', '0123456789ab', 'pickle', 'protocol', 'sklearn.svm.SVC', 'cut off'],
      'Loading it can run anything: os.system'
    ]) {
      expect(text('[role=tabpanel]')).toContain(words);
    }
  });

  it('lists versions, and compares with the one before', async () => {
    const found = models([row({ version: 3 }), row()], { name: 'digits' });
    const diff = { first: 'digits:1', second: 'digits:2', sections: [], texts: [] };
    await show(model(), { models: () => found, model_diff: () => diff });
    await tab('versions');
    expect(text('[role=tabpanel]')).toContain('v3');
    expect(text('[role=tabpanel]')).toContain('The two versions are alike.');
    expect(host.questions('model_diff')).toEqual([{ model: 'digits:1', other: 'digits:2' }]);
    expect(otherOf(model(), 3)).toBe(3);
    expect(otherOf(model(), 9)).toBe(1);
    expect(otherOf(model({ versions: [] }), null)).toBeNull();
  });
});

it('shows all words as text, and keeps the snapshot where nobody answers', async () => {
  const view = model({ name: P, description: P, author: P, tags: { [P]: P }, aliases: [P] });
  await show(view, {
    model: () => {
      throw new Error('away');
    }
  });
  expect(parent.querySelector('img')).toBeNull();
  expect(text()).toContain('as it was when it was saved');
  expect(() => button(parent, 'Edit')).toThrow('no button');
  mounted.update({ version: 1, workspace: 'ws', view: model() });
  await settle();
  expect(text('h2')).toBe('digits');
});

it('a command opens it by name, and asks which', async () => {
  const { subjectOf, question } = entry.command!;
  expect(subjectOf({})).toBeNull();
  expect(subjectOf({ model: 'a', version: 2 })).toEqual({ kind: 'model', model: 'a', version: 2 });
  const asked = new TestHost({ models: () => models([row()]) });
  expect(await question!.choices!(asked)).toEqual(['digits']);
  expect(question!.answered('a@b')).toEqual({ kind: 'model', model: 'a@b' });
});
