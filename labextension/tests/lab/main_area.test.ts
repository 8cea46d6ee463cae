import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type * as Lumino from '@lumino/widgets';
import type { Front } from '../../src/lab/front';
import type { MainArea } from '../../src/lab/main_area';
import { Reload } from '../../src/lab/reload';
import { frontOf } from './front';
import { Server } from './server';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));
vi.mock('../../src/lab/icons', () => ({ iconOf: () => undefined, runsIcon: undefined }));
vi.mock('@jupyterlab/apputils', async () => {
  const { BoxPanel } = await import('@lumino/widgets');
  let count = 0;
  class MainAreaWidget extends BoxPanel {
    readonly content: Lumino.Widget;
    readonly toolbar = { hide: (): void => undefined };
    constructor({ content }: { content: Lumino.Widget }) {
      super();
      this.id = `tab-${(count += 1)}`;
      this.content = content;
      this.addWidget(content);
      content.title.changed.connect(() => (this.title.label = content.title.label));
    }
  }
  class WidgetTracker {
    readonly #tabs: MainAreaWidget[] = [];
    add(tab: MainAreaWidget): void {
      this.#tabs.push(tab);
      tab.disposed.connect(() => this.#tabs.splice(this.#tabs.indexOf(tab), 1));
    }
    find(is: (tab: MainAreaWidget) => boolean): MainAreaWidget | undefined {
      return this.#tabs.find(is);
    }
    forEach(call: (tab: MainAreaWidget) => void): void {
      this.#tabs.forEach(call);
    }
  }
  return { MainAreaWidget, WidgetTracker };
});

let lumino: typeof Lumino;
let front: Front;
beforeAll(async () => {
  vi.stubGlobal('DragEvent', class extends Event {});
  lumino = await import('@lumino/widgets');
});

/** A shell as Notebook 7 has it: one document, and what is below and beside it. */
class Shell {
  readonly currentWidget: Lumino.Widget;
  readonly below = new lumino.TabPanel();
  readonly split = new lumino.SplitPanel({ orientation: 'vertical' });
  readonly areas: string[];
  readonly added: [string, string][] = [];
  readonly activated: string[] = [];
  readonly expandLeft = (): void => undefined;
  readonly leftHandler = { has: (id: string) => id === 'side', show: vi.fn() };

  constructor(areas = ['down', 'right']) {
    this.areas = areas;
    this.currentWidget = new lumino.Widget();
    this.currentWidget.id = 'document';
    this.split.addWidget(this.currentWidget);
    this.split.addWidget(this.below);
    this.below.hide();
    lumino.Widget.attach(this.split, document.body);
  }

  add(widget: Lumino.Widget, area: string): void {
    if (this.areas.includes(area)) {
      this.added.push([widget.id, area]);
      this.below.addWidget(widget);
    }
  }

  activateById(id: string): void {
    this.activated.push(id);
    this.below.show();
  }
}

async function open(shell: Shell, lab: Shell | null = null): Promise<MainArea> {
  const { ScreenShell } = await import('../../src/lab/shell');
  const { MainArea: Area } = await import('../../src/lab/main_area');
  const asShell = shell as unknown as JupyterFrontEnd.IShell;
  return new Area(ScreenShell.of(asShell, lab as never)!, front);
}

const A = { kind: 'run', id: 'a' };
const B = { kind: 'compare', id: 'b' };

beforeEach(() => {
  sessionStorage.clear();
  document.body.replaceChildren();
  front = frontOf(new Server());
});

describe('screens beside a document', () => {
  it('are tabs below it, each subject once, the newest in front', async () => {
    const shell = new Shell();
    const area = await open(shell);
    const a = area.show('w', A);
    const b = area.show('w', B);
    expect(shell.added).toEqual([
      [a.id, 'down'],
      [b.id, 'down']
    ]);
    expect(shell.below.currentWidget).toBe(b);
    expect(area.show('w', { ...A })).toBe(a);
    expect(shell.below.currentWidget).toBe(a);
    expect(shell.below.widgets).toHaveLength(2);
    expect(a.title.closable).toBe(true);
    a.dispose();
    expect(area.show('w', A)).not.toBe(a);
  });

  it('have room: half of the page, where they had none', async () => {
    const shell = new Shell();
    shell.split.setRelativeSizes([1, 0]);
    const area = await open(shell);
    area.show('w', A);
    expect(shell.split.relativeSizes()).toEqual([0.5, 0.5]);
    shell.split.setRelativeSizes([0.7, 0.3]);
    area.show('w', B);
    expect(shell.split.relativeSizes()[1]).toBeCloseTo(0.3);
  });

  it('stand at the right of a shell that has nothing below', async () => {
    const shell = new Shell(['right']);
    const a = (await open(shell)).show('w', A);
    expect(shell.added).toEqual([[a.id, 'right']]);
  });

  it('are in the main area of JupyterLab', async () => {
    const shell = new Shell(['main']);
    const area = await open(shell, shell);
    const a = area.show('w', A);
    expect(shell.added).toEqual([[a.id, 'main']]);
    expect(shell.activated).toEqual([a.id]);
    expect(area.node).toBeNull();
    Object.assign(shell, { currentWidget: a });
    expect(area.node).toBe(a.content.node);
  });

  it('are there again after a reload, without the focus', async () => {
    const before = await open(new Shell());
    before.remember(new Reload());
    before.show('w', A);
    before.show('v', B);
    before.show('w', A);
    window.dispatchEvent(new Event('pagehide'));

    const shell = new Shell();
    const area = await open(shell);
    area.remember(new Reload());
    expect(shell.below.widgets).toHaveLength(2);
    expect(shell.activated.at(-1)).toBe('document');
    expect(shell.below.currentWidget).toBe(area.show('w', A));
    area.show('v', B);
    expect(shell.below.widgets).toHaveLength(2);
  });

  it('are none after a reload of a page that had none, or that is damaged', async () => {
    const shell = new Shell();
    (await open(shell)).remember(new Reload());
    sessionStorage.setItem(`aml-magics:screens:${location.pathname}`, '{"a":1}');
    (await open(shell)).remember(new Reload());
    expect(shell.below.widgets).toEqual([]);
    expect(shell.activated).toEqual([]);
  });
});

describe('a shell', () => {
  it('that shows a document alone has no place for screens', async () => {
    const { ScreenShell } = await import('../../src/lab/shell');
    expect(ScreenShell.of({ add: () => undefined } as never, null)).toBeNull();
  });

  it('keeps open the side at which something is shown', async () => {
    const { ScreenShell } = await import('../../src/lab/shell');
    const shell = new Shell();
    const panel = new lumino.Widget();
    panel.id = 'side';
    ScreenShell.of(shell as never, null)!.activate(panel);
    expect(shell.activated).toEqual(['side']);
    expect(shell.leftHandler.show).toHaveBeenCalledTimes(1);
  });
});
