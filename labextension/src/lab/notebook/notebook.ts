// The notebooks of the page: code goes into them, and their kernels hear what is selected.
import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookActions } from '@jupyterlab/notebook';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IMimeBundle } from '@jupyterlab/nbformat';
import { KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { Notebooks } from '../front';
import type { KernelListener, KernelSession } from './kernel';
import { setView, type OutputModel } from './kept';
import { Memory, type Held, type HeldView, type ViewOfType, type Where } from './memory';
import { subjectOfBundle } from './bundle';

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
  readonly #memory = new Memory<Held>(window.sessionStorage, 'aml-magics:outputs');
  readonly #views = new Memory<HeldView>(window.sessionStorage, 'aml-magics:views');

  constructor(tracker: INotebookTracker, documents: Pick<IDocumentManager, 'autosave'> | null) {
    this.#tracker = tracker;
    this.#documents = documents;
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

  hold(node: Node, subject: string, data: Readonly<Record<string, unknown>>): (() => void) | null {
    const found = this.#cellOf(node);
    if (!found) {
      return null;
    }
    const { path, count, ...where } = found;
    const held = { ...where, subject, count, data };
    this.#memory.hold(path, held);
    return () => this.#memory.drop(path, held);
  }

  holdView(node: Node, subject: string, { mime, view }: ViewOfType): void {
    const found = this.#cellOf(node);
    if (found) {
      const { cell, place, source } = found;
      this.#views.hold(found.path, { cell, place, source, subject, mime, view });
    }
  }

  /** The cell that a node is in. */
  #cellOf(node: Node): (Omit<Where, 'subject'> & { path: string; count: number | null }) | null {
    const panel = this.#holding(node);
    const place = panel?.content.widgets.findIndex(cell => cell.node.contains(node)) ?? -1;
    const model = panel?.content.widgets[place]?.model;
    if (!panel || !model) {
      return null;
    }
    const source = model.sharedModel.getSource();
    const count = (model as ICodeCellModel).executionCount;
    return { path: panel.context.path, cell: model.id, place, source, count };
  }

  /** Put back what the page has shown before it was loaded again, and what the file does not hold. */
  async #restore({ context, content }: NotebookPanel): Promise<void> {
    await context.ready;
    const cellAt = ({ cell, place, source }: Where): ICodeCellModel | null => {
      const cells = [...(content.model?.cells ?? [])];
      const model = cells.find(({ id }) => id === cell) ?? cells[place];
      const isSame = model?.type === 'code' && model.sharedModel.getSource() === source;
      return isSame ? (model as ICodeCellModel) : null;
    };
    for (const held of this.#memory.of(context.path)) {
      bringBack(cellAt(held), held);
    }
    for (const held of this.#views.of(context.path)) {
      bringViewBack(cellAt(held), held);
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

/** The place of the output that is of a subject; -1 where there is none. */
function placeOf({ outputs }: ICodeCellModel, subject: string): number {
  return Array.from({ length: outputs.length }, (_, place) => outputs.get(place)).findIndex(
    ({ data }) => subjectOfBundle(data) === subject
  );
}

/** Add an output, unless there is one of the same. Outputs of an earlier execution give way to it. */
function bringBack(cell: ICodeCellModel | null, { subject, data, count }: Held): void {
  if (cell === null || placeOf(cell, subject) >= 0) {
    return;
  }
  const { outputs } = cell;
  if (cell.executionCount !== count) {
    outputs.clear();
    cell.executionCount = count;
  }
  outputs.add({ output_type: 'display_data', data: data as IMimeBundle, metadata: {} });
}

/** Show an output as it was, where it is there. */
function bringViewBack(cell: ICodeCellModel | null, { subject, mime, view }: HeldView): void {
  const place = cell === null ? -1 : placeOf(cell, subject);
  if (place >= 0) {
    setView(cell!.outputs.get(place) as OutputModel, mime, view);
  }
}
