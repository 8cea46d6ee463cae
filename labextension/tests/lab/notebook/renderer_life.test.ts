import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Widget } from '@lumino/widgets';
import { made } from '../../fake_screens';
import { LabPage } from '../lab_page';

vi.mock('@jupyterlab/docmanager', () => ({ IDocumentManager: 'documents' }));
vi.mock('@jupyterlab/notebook', () => ({ INotebookTracker: 'tracker', NotebookActions: {} }));
vi.mock('@jupyterlab/services', () => ({ KernelMessage: {} }));
vi.mock('@jupyterlab/rendermime', () => ({ IRenderMimeRegistry: 'rendermime' }));
vi.mock('../../../src/lab/front_plugin', () => ({ IFront: 'front' }));
vi.mock('../../../src/screens/registry.gen', () => import('../../fake_screens'));

const RUN = 'application/vnd.test.run+json';

interface Renderer extends Widget {
  renderModel(model: object): Promise<void>;
}

let page: LabPage;
let html: { node: HTMLElement; renderModel: () => Promise<void>; dispose: () => void };
let renderer: Renderer;

const bundle = (view: object, fields: object = {}): object => ({
  trusted: true,
  data: { [RUN]: { version: 1, workspace: 'w', view, ...fields }, 'text/html': '<b>run</b>' }
});

beforeEach(async () => {
  made.length = 0;
  page = new LabPage();
  html = {
    node: document.createElement('p'),
    renderModel: vi.fn(async () => undefined),
    dispose: vi.fn()
  };
  let create: ((options: { mimeType: string }) => Renderer) | null = null;
  const registry = {
    addFactory: ({ createRenderer }: { createRenderer: NonNullable<typeof create> }) => {
      create = createRenderer;
    },
    createRenderer: () => html
  };
  const { renderer: plugin } = await import('../../../src/lab/notebook/renderer');
  const { activate } = plugin as unknown as { activate: (...all: unknown[]) => void };
  activate({}, registry, page.front, null, null);
  renderer = create!({ mimeType: RUN });
});

describe('the renderer of an output', () => {
  it('changes what it has drawn in place, and puts it away once', async () => {
    await renderer.renderModel(bundle({ id: 'r', name: 'one' }));
    await renderer.renderModel(bundle({ id: 'r', name: 'two' }));
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toMatchObject([{ view: { name: 'two' } }]);
    renderer.dispose();
    renderer.dispose();
    expect(made[0]!.isDisposed).toBe(true);
    expect(renderer.isDisposed).toBe(true);
  });

  it('draws another run anew', async () => {
    await renderer.renderModel(bundle({ id: 'r' }));
    await renderer.renderModel(bundle({ id: 's' }));
    expect(made.map(({ isDisposed }) => isDisposed)).toEqual([true, false]);
    expect(renderer.node.textContent).toBe('screen run');
    renderer.dispose();
  });

  it('shows the HTML of a newer version, and the screen again where it comes back', async () => {
    const newer = bundle({ id: 'r' }, { version: 99 });
    await renderer.renderModel(newer);
    expect(html.renderModel).toHaveBeenCalledExactlyOnceWith(newer);
    expect(renderer.node.contains(html.node)).toBe(true);
    await renderer.renderModel(bundle({ id: 'r' }));
    expect(html.dispose).toHaveBeenCalledOnce();
    expect(renderer.node.textContent).toBe('screen run');
    renderer.dispose();
  });

  it('adds no HTML that comes after it was put away', async () => {
    let arrive = (): void => undefined;
    html.renderModel = () => new Promise(ready => (arrive = () => ready(undefined)));
    const drawn = renderer.renderModel(bundle({ id: 'r' }, { version: 99 }));
    renderer.dispose();
    arrive();
    await drawn;
    expect(html.node.parentNode).toBeNull();
  });

  it('shows the HTML where the screen cannot be drawn, and says why', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    await renderer.renderModel(bundle({ id: 'r', name: 'broken' }));
    expect(renderer.node.textContent).toContain('It broke.');
    expect(renderer.node.contains(html.node)).toBe(true);
    renderer.dispose();
    vi.restoreAllMocks();
  });

  it('keeps the keys of its screen from the shortcuts of the notebook, but for those of the page', async () => {
    await renderer.renderModel(bundle({ id: 'r' }));
    document.body.append(renderer.node);
    const field = made[0]!.parent.appendChild(document.createElement('input'));
    field.focus();
    const isKept = (key: string, more: KeyboardEventInit = {}): boolean => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
      return field.closest('[data-lm-suppress-shortcuts]') !== null;
    };
    expect([isKept('d'), isKept('s', { ctrlKey: true })]).toEqual([true, false]);
    renderer.dispose();
  });

  it('is remembered for a reload once it is in the page, and forgotten when it is put away', async () => {
    const forget = vi.fn();
    const hold = vi.fn(() => forget);
    page.front.notebooks = {
      insert: () => true,
      session: () => null,
      save: () => undefined,
      hold,
      holdView: () => undefined
    };
    const going = bundle({ id: 'r', isOver: false });
    await renderer.renderModel(going);
    expect(hold).not.toHaveBeenCalled();
    Widget.attach(renderer, document.body);
    expect(hold).toHaveBeenCalledOnce();
    renderer.dispose();
    expect(forget).toHaveBeenCalledOnce();
  });
});
