// The notebooks of the page: code goes into them, and their kernels hear what is selected.
import type { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookActions } from '@jupyterlab/notebook';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { Notebooks } from './front';
import type { KernelListener, KernelSession } from './kernel';

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

  constructor(tracker: INotebookTracker, documents: Pick<IDocumentManager, 'autosave'> | null) {
    this.#tracker = tracker;
    this.#documents = documents;
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

  #holding(node: Node): NotebookPanel | null {
    return this.#tracker.find(panel => panel.node.contains(node)) ?? null;
  }
}
