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
import { Memory, type Held } from './memory';
import { subjectOfBundle } from './output';

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
  readonly #memory: Memory;

  constructor(
    tracker: INotebookTracker,
    documents: Pick<IDocumentManager, 'autosave'> | null,
    memory = new Memory(window.sessionStorage)
  ) {
    this.#tracker = tracker;
    this.#documents = documents;
    this.#memory = memory;
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
    const panel = this.#holding(node);
    const place = panel?.content.widgets.findIndex(cell => cell.node.contains(node)) ?? -1;
    const model = panel?.content.widgets[place]?.model;
    if (!panel || !model) {
      return null;
    }
    const { path } = panel.context;
    const source = model.sharedModel.getSource();
    const count = (model as ICodeCellModel).executionCount;
    const held = { cell: model.id, place, source, count, subject, data };
    this.#memory.hold(path, held);
    return () => this.#memory.drop(path, held);
  }

  /** Put back what the page has shown before it was loaded again, and what the file does not hold. */
  async #restore({ context, content }: NotebookPanel): Promise<void> {
    await context.ready;
    for (const held of this.#memory.of(context.path)) {
      const cells = [...(content.model?.cells ?? [])];
      const model = cells.find(({ id }) => id === held.cell) ?? cells[held.place];
      if (model?.type === 'code' && model.sharedModel.getSource() === held.source) {
        bringBack(model as ICodeCellModel, held);
      }
    }
    context.saveState.connect((_, state) => {
      if (state.startsWith('completed')) {
        this.#memory.drop(context.path);
      }
    });
  }

  #holding(node: Node): NotebookPanel | null {
    return this.#tracker.find(panel => panel.node.contains(node)) ?? null;
  }
}

/** Add an output, unless there is one of the same. Outputs of an earlier execution give way to it. */
function bringBack(cell: ICodeCellModel, { subject, data, count }: Held): void {
  const { outputs } = cell;
  const known = Array.from({ length: outputs.length }, (_, place) => outputs.get(place).data);
  if (known.some(one => subjectOfBundle(one) === subject)) {
    return;
  }
  if (cell.executionCount !== count) {
    outputs.clear();
    cell.executionCount = count;
  }
  outputs.add({ output_type: 'display_data', data: data as IMimeBundle, metadata: {} });
}
