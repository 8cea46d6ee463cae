// A pipeline's file in a tab, drawn by the designer once its text is there.
import { ABCWidgetFactory, DocumentWidget, type DocumentRegistry } from '@jupyterlab/docregistry';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Front } from '../front';
import { sayNotLoaded } from '../show';

type Context = DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;

class DesignerWidget extends Widget {
  #drawn: { dispose(): void } | null = null;

  constructor(front: Front, context: Context, openText: (path: string) => void) {
    super();
    this.addClass('aml-lab-designer');
    this.node.tabIndex = -1;
    void context.ready
      .then(() => this.#draw(front, context, openText))
      .catch((error: unknown) => sayNotLoaded(front, this.node, error));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#drawn?.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  async #draw(front: Front, context: Context, openText: (path: string) => void): Promise<void> {
    const { draw } = await import('./open');
    const drawn = await draw(front, this.node, context, openText);
    if (this.isDisposed) {
      drawn.dispose();
    } else {
      this.#drawn = drawn;
    }
  }
}

export class DesignerFactory extends ABCWidgetFactory<
  DocumentWidget<DesignerWidget, DocumentRegistry.ICodeModel>,
  DocumentRegistry.ICodeModel
> {
  readonly #front: Front;
  readonly #openText: (path: string) => void;

  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions,
    front: Front,
    openText: (path: string) => void
  ) {
    super(options);
    this.#front = front;
    this.#openText = openText;
  }

  protected override createNewWidget(
    context: Context
  ): DocumentWidget<DesignerWidget, DocumentRegistry.ICodeModel> {
    const content = new DesignerWidget(this.#front, context, this.#openText);
    const widget = new DocumentWidget({ content, context });
    widget.toolbar.hide(); // The designer has its own.
    return widget;
  }
}
