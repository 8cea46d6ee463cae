// The notebooks of the page: code goes into them, and their kernels hear what is selected.
import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookActions } from '@jupyterlab/notebook';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IMimeBundle } from '@jupyterlab/nbformat';
import { KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { Notebooks } from '../front';
import type { KernelListener, KernelSession } from './kernel';
import { setView, type OutputModel } from './kept';
import { Memory, type Held, type HeldView, type ViewOfType, type Where } from './memory';

class PanelSession implements KernelSession {
  readonly #panel: NotebookPanel;

  constructor(panel: NotebookPanel) {
    this.#panel = panel;
  }

  send(comm: string, data: object): string | null {
    const kernel = this.#panel.sessionContext.session?.kernel;
    if (!kernel || kernel.isDisposed || kernel.status === 'dead') {
      return null;
    }
    const message = KernelMessage.createMessage({
      msgType: 'comm_msg',
      channel: 'shell',
      session: kernel.clientId,
      username: kernel.username,
      content: { comm_id: comm, data: data as JSONObject }
    });
    kernel.sendShellMessage(message, false, true);
    return message.header.msg_id;
  }

  subscribe(listener: KernelListener): () => void {
    const { sessionContext } = this.#panel;
    const heard = (_: unknown, message: KernelMessage.IMessage): void => {
      if (KernelMessage.isCommMsgMsg(message)) {
        const parent =
          'msg_id' in message.parent_header ? String(message.parent_header.msg_id) : '';
        listener.heard(message.content.comm_id, message.content.data, parent);
      }
    };
    const status = (_: unknown, now: string): void => {
      if (['restarting', 'autorestarting', 'dead'].includes(now)) {
        listener.changed();
      }
    };
    const changed = (): void => listener.changed();
    sessionContext.iopubMessage.connect(heard);
    sessionContext.statusChanged.connect(status);
    sessionContext.kernelChanged.connect(changed);
    return () => {
      sessionContext.iopubMessage.disconnect(heard);
      sessionContext.statusChanged.disconnect(status);
      sessionContext.kernelChanged.disconnect(changed);
    };
  }
}

export class LabNotebooks implements Notebooks {
  readonly #tracker: INotebookTracker;
  readonly #documents: Pick<IDocumentManager, 'autosave'> | null;
  readonly #memory: Memory<Held>;
  readonly #views: Memory<HeldView>;

  constructor(tracker: INotebookTracker, documents: Pick<IDocumentManager, 'autosave'> | null) {
    this.#tracker = tracker;
    this.#documents = documents;
    this.#memory = new Memory(window.sessionStorage, 'aml-magics:outputs');
    this.#views = new Memory(window.sessionStorage, 'aml-magics:views');
    tracker.forEach(panel => void this.#restore(panel));
    tracker.widgetAdded.connect((_, panel) => void this.#restore(panel));
  }

  insert(near: Node | null, code: string, isRun: boolean): boolean {
    const panel = (near && this.#holding(near)) ?? this.#tracker.currentWidget;
    if (!panel) {
      return false;
    }
    const notebook = panel.content;
    NotebookActions.insertBelow(notebook);
    notebook.activeCell?.model.sharedModel.setSource(code);
    if (isRun) {
      void NotebookActions.run(notebook, panel.sessionContext);
    } else {
      notebook.mode = 'edit';
    }
    return true;
  }

  session(node: Node): KernelSession | null {
    const panel = this.#holding(node);
    return panel ? new PanelSession(panel) : null;
  }

  save(node: Node): void {
    const context = this.#holding(node)?.context;
    if (
      context?.isReady &&
      context.model.dirty &&
      context.contentsModel?.writable &&
      this.#documents?.autosave !== false
    ) {
      // A dialog tells the user of what goes wrong.
      context
        .save()
        .catch(error => console.error('aml_magics: the notebook was not saved.', error));
    }
  }

  hold(node: Node, data: Readonly<Record<string, unknown>>): (() => void) | null {
    const found = this.#cellOf(node);
    if (!found) {
      return null;
    }
    const { path, where } = found;
    this.#memory.hold(path, { ...where, data });
    return () => this.#memory.drop(path, where.cell);
  }

  holdView(node: Node, model: OutputModel, { mime, view }: ViewOfType): void {
    const found = this.#cellOf(node);
    if (found) {
      const output = placeIn(found.outputs, model);
      this.#views.hold(found.path, { ...found.where, output, mime, view });
    }
  }

  /** The cell that a node is in. */
  #cellOf(node: Node): { path: string; where: Where; outputs: IOutputAreaModel } | null {
    const panel = this.#holding(node);
    const place = panel?.content.widgets.findIndex(cell => cell.node.contains(node)) ?? -1;
    const model = panel?.content.widgets[place]?.model;
    if (!panel || model?.type !== 'code') {
      return null;
    }
    const { outputs } = model as ICodeCellModel;
    const where = { cell: model.id, place, source: model.sharedModel.getSource() };
    return { path: panel.context.path, where, outputs };
  }

  /** Put back what the page has shown before it was loaded again, and what the file does not hold. */
  async #restore({ context, content }: NotebookPanel): Promise<void> {
    await context.ready;
    const outputsAt = ({ cell, place, source }: Where): IOutputAreaModel | null => {
      const cells = [...(content.model?.cells ?? [])];
      const model = cells.find(({ id }) => id === cell) ?? cells[place];
      return model?.type === 'code' && model.sharedModel.getSource() === source
        ? (model as ICodeCellModel).outputs
        : null;
    };
    for (const held of this.#memory.of(context.path)) {
      bringBack(outputsAt(held), held.data);
    }
    for (const held of this.#views.of(context.path)) {
      bringViewBack(outputsAt(held), held);
    }
    context.saveState.connect((_, state) => {
      if (state.startsWith('completed')) {
        this.#memory.drop(context.path);
        this.#views.drop(context.path);
      }
    });
  }

  #holding(node: Node): NotebookPanel | null {
    return this.#tracker.find(panel => panel.node.contains(node)) ?? null;
  }
}

/** Add an output, unless there is one of its type. */
function bringBack(
  outputs: IOutputAreaModel | null,
  data: Readonly<Record<string, unknown>>
): void {
  const types = Object.keys(data).filter(type => type.startsWith('application/vnd.'));
  for (let place = 0; place < (outputs?.length ?? 0); place += 1) {
    if (types.some(type => type in outputs!.get(place).data)) {
      return;
    }
  }
  outputs?.add({ output_type: 'display_data', data: data as IMimeBundle, metadata: {} });
}

/** Show an output as it was, where it still is one of its type. */
function bringViewBack(outputs: IOutputAreaModel | null, { output, mime, view }: HeldView): void {
  const model = outputs && output < outputs.length ? outputs.get(output) : null;
  if (model && mime in model.data) {
    setView(model as OutputModel, mime, view);
  }
}

/** Which of the outputs of a cell a model is; -1 where it is none. */
function placeIn(outputs: IOutputAreaModel, model: OutputModel): number {
  for (let place = 0; place < outputs.length; place += 1) {
    if ((outputs.get(place) as unknown) === model) {
      return place;
    }
  }
  return -1;
}
