import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('@jupyterlab/docmanager', () => ({ IDocumentManager: 'documents' }));
vi.mock('@jupyterlab/notebook', () => ({ INotebookTracker: 'tracker' }));
vi.mock('@jupyterlab/rendermime', () => ({ IRenderMimeRegistry: 'rendermime' }));
vi.mock('../../src/lab/front_plugin', () => ({ IFront: 'front' }));
vi.mock('../../src/lab/notebook/notebook', () => ({ LabNotebooks: class {} }));
vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));

const RUN = 'application/vnd.test.run+json';

interface Renderer {
  node: HTMLElement;
  dispose(): void;
  renderModel(model: object): Promise<void>;
}
interface Factory {
  safe: boolean;
  mimeTypes: string[];
  createRenderer(options: { mimeType: string }): Renderer;
}

const html = {
  node: document.createElement('p'),
  renderModel: vi.fn(async () => undefined),
  dispose: vi.fn()
};
const front = {
  t: (text: string) => text,
  notebooks: null as unknown,
  focus: { mark: () => undefined }
};
const added: [Factory, number][] = [];
const registry = {
  addFactory: (factory: Factory, rank: number) => added.push([factory, rank]),
  createRenderer: vi.fn(() => html)
};

async function activate(tracker: object | null): Promise<Factory> {
  const { renderer } = await import('../../src/lab/notebook/renderer');
  (renderer.activate as unknown as (...all: unknown[]) => void)({}, registry, front, tracker);
  return added.at(-1)![0];
}

describe('the renderer', () => {
  // jsdom lacks it, and Lumino derives from it.
  beforeAll(() => vi.stubGlobal('DragEvent', class extends Event {}));

  beforeEach(() => vi.clearAllMocks());

  it('is ahead of that of widgets, safe, and for all screens that outputs hold', async () => {
    const factory = await activate(null);
    expect(added.at(-1)![1]).toBe(-20);
    expect(factory.safe).toBe(true);
    expect(factory.mimeTypes).toEqual([
      RUN,
      'application/vnd.test.compare+json',
      'application/vnd.test.plain+json'
    ]);
  });

  it('works without a tracker of notebooks, and uses one that is there', async () => {
    await activate(null);
    expect(front.notebooks).toBeNull();
    await activate({});
    expect(front.notebooks).not.toBeNull();
  });

  it('draws the screen of its type', async () => {
    const made = (await activate(null)).createRenderer({ mimeType: RUN });
    await made.renderModel({
      data: { [RUN]: { version: 1, workspace: 'w', view: { id: 'r' } } }
    });
    expect(made.node.textContent).toBe('screen run');
    made.dispose();
    expect(registry.createRenderer).not.toHaveBeenCalled();
  });

  it('leaves a newer version to the renderer of HTML, which knows whether it is trusted', async () => {
    const made = (await activate(null)).createRenderer({ mimeType: RUN });
    const model = {
      trusted: false,
      data: { [RUN]: { version: 99 }, 'text/html': '<b>run</b>' }
    };
    await made.renderModel(model);
    expect(registry.createRenderer).toHaveBeenCalledWith('text/html');
    expect(html.renderModel).toHaveBeenCalledWith(model);
    expect(made.node.contains(html.node)).toBe(true);
    made.dispose();
    expect(html.dispose).toHaveBeenCalled();
  });

  it('keeps shift-clicks from the notebook, which would select cells', async () => {
    const made = (await activate(null)).createRenderer({ mimeType: RUN });
    const { node } = made;
    document.body.append(node);
    const reached: boolean[] = [];
    document.body.addEventListener('mousedown', event => reached.push(event.shiftKey));
    for (const shiftKey of [true, false]) {
      node.firstElementChild!.dispatchEvent(
        new MouseEvent('mousedown', { bubbles: true, shiftKey })
      );
    }
    expect(reached).toEqual([false]);
    made.dispose();
  });
});
