// Where screens stand: in JupyterLab's main area, and in Notebook 7, which shows one document, below the notebook.
import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import { SplitPanel, TabPanel } from '@lumino/widgets';
import type { Widget } from '@lumino/widgets';

/** Areas of Notebook 7, the best first: the one below is as wide as the page, and has tabs. Early versions lack it. */
const BESIDE = ['down', 'right'];
const RANK = 600;
/** Right of what Notebook 7 fills the bar of menus with. */
const AFTER_MENUS = 950;
/** The share of the page below which nothing can be read. */
const LEAST = 0.15;

/** What Notebook 7 has beyond any shell. */
interface Sides {
  leftHandler?: Side;
  rightHandler?: Side;
}

interface Side {
  has(id: string): boolean;
  show(): void;
}

export class ScreenShell {
  readonly #shell: JupyterFrontEnd.IShell;
  readonly #lab: ILabShell | null;

  /** @param lab the same, where it is JupyterLab's. */
  constructor(shell: JupyterFrontEnd.IShell, lab: ILabShell | null) {
    this.#shell = shell;
    this.#lab = lab;
  }

  /** Null where the shell shows a document and nothing beside it. */
  static of(shell: JupyterFrontEnd.IShell, lab: ILabShell | null): ScreenShell | null {
    return lab !== null || 'expandLeft' in shell ? new ScreenShell(shell, lab) : null;
  }

  /** The tab in use; in Notebook 7 that is the document. */
  get current(): Widget | null {
    return this.#shell.currentWidget;
  }

  addTab(tab: Widget): void {
    for (const area of this.#lab ? ['main'] : BESIDE) {
      if (tab.parent === null) {
        this.#shell.add(tab, area);
      }
    }
  }

  addAtSide(panel: Widget, side: 'left' | 'right'): void {
    this.#shell.add(panel, side, { rank: RANK, type: 'Azure ML runs' });
  }

  /** Of Notebook 7. */
  addBesideMenus(item: Widget): void {
    this.#shell.add(item, 'menu', { rank: AFTER_MENUS });
  }

  /** Bring a tab, or what stands at a side, to the front, and give it the focus. */
  activate(widget: Widget): void {
    this.#shell.activateById(widget.id);
    if (this.#lab) {
      return;
    }
    const { leftHandler, rightHandler } = this.#shell as Sides;
    // Else the side is hidden again as soon as another widget comes to it, or leaves it.
    [leftHandler, rightHandler].find(side => side?.has(widget.id))?.show();
    const panel = widget.parent?.parent;
    // Notebook 7 opens the area below, whichever of its tabs is in front.
    if (panel instanceof TabPanel) {
      panel.currentWidget = widget;
      giveRoom(panel);
    }
  }

  /** Show what was open before the page was loaded again; the document keeps the focus. */
  reopen(widget: Widget): void {
    this.activate(widget);
    if (this.current) {
      this.#shell.activateById(this.current.id);
    }
  }
}

/** Notebook 7 gives the area below no height: half of the page, unless the user has made it higher than nothing. */
function giveRoom(panel: Widget): void {
  const split = panel.parent;
  if (split instanceof SplitPanel) {
    const at = split.widgets.indexOf(panel);
    if (split.relativeSizes()[at]! < LEAST) {
      split.setRelativeSizes(split.widgets.map(() => 1));
    }
  }
}
