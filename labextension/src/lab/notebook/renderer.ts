// Draws the outputs that hold a snapshot of a screen.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { SCREENS } from '../../screens/registry';
import { keepKeys } from '../../ui/keys';
import type { Front } from '../front';
import { IFront } from '../front_plugin';
import { sayNotLoaded } from '../show';
import type { OutputModel } from './kept';
import { LabNotebooks } from './notebook';
import type { Output } from './output';

/** In a bundle that also has a widget, ipywidgets would draw it at -10. */
const RANK = -20;

export class OutputWidget extends Widget implements IRenderMime.IRenderer {
  readonly #front: Front;
  readonly #mime: string;
  /** What draws it, as soon as its code is loaded. */
  #output: Output | null = null;
  readonly #content = document.createElement('div');
  #html: IRenderMime.IRenderer | null = null;
  #model: IRenderMime.IMimeModel | null = null;
  readonly #rendermime: IRenderMimeRegistry;

  constructor(mime: string, front: Front, rendermime: IRenderMimeRegistry) {
    super();
    this.#mime = mime;
    this.#front = front;
    this.#rendermime = rendermime;
    this.addClass('aml-lab-output');
    this.node.append(this.#content);
    keepKeys(this.#content);
    this.#content.addEventListener('mousedown', event => {
      if (event.shiftKey) {
        event.stopPropagation(); // The notebook would select cells.
      }
    });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#model = model;
    try {
      const { Output } = await import('./output');
      this.#output ??= new Output(this.#content, this.#mime, this.#front, {
        show: () => this.#showHtml(),
        hide: () => this.#hideHtml()
      });
    } catch (error) {
      sayNotLoaded(this.#front, this.#content, error);
      return;
    }
    if (!this.isDisposed && model === this.#model) {
      await this.#output.render(model.data, model as OutputModel);
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#output?.dispose();
      this.#hideHtml();
      super.dispose();
    }
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.#output?.attached();
  }

  /** The registry's own renderer, which cleans what is not trusted. */
  async #showHtml(): Promise<void> {
    this.#html ??= this.#rendermime.createRenderer('text/html');
    await this.#html.renderModel(this.#model!);
    if (!this.isDisposed) {
      this.node.append(this.#html.node);
    }
  }

  #hideHtml(): void {
    this.#html?.dispose();
    this.#html = null;
  }
}

export const renderer: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:renderer',
  description: 'Draws screens in the outputs of notebooks.',
  autoStart: true,
  requires: [IRenderMimeRegistry, IFront],
  optional: [INotebookTracker, IDocumentManager],
  activate: (
    _app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    front: Front,
    tracker: INotebookTracker | null,
    documents: IDocumentManager | null
  ) => {
    if (tracker) {
      front.notebooks = new LabNotebooks(tracker, documents);
    }
    const factory: IRenderMime.IRendererFactory = {
      safe: true,
      mimeTypes: SCREENS.flatMap(({ mime }) => mime ?? []),
      defaultRank: RANK,
      createRenderer: ({ mimeType }) => new OutputWidget(mimeType, front, rendermime)
    };
    rendermime.addFactory(factory, RANK);
  }
};
