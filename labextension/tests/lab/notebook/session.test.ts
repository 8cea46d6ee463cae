import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { KernelListener, KernelSession } from '../../../src/lab/notebook/kernel';
import { LabNotebooks } from '../../../src/lab/notebook/notebook';

const actions = vi.hoisted(() => ({ insertBelow: vi.fn(), run: vi.fn(async () => true) }));
vi.mock('@jupyterlab/notebook', () => ({ NotebookActions: actions }));
vi.mock('@jupyterlab/services', () => ({
  KernelMessage: {
    createMessage: (options: object) => ({ ...options, header: { msg_id: 'm1' } }),
    isCommMsgMsg: ({ header }: { header: { msg_type: string } }) => header.msg_type === 'comm_msg'
  }
}));

class Signal {
  readonly slots = new Set<(sender: unknown, told: unknown) => void>();
  connect(slot: (sender: unknown, told: unknown) => void): void {
    this.slots.add(slot);
  }
  disconnect(slot: (sender: unknown, told: unknown) => void): void {
    this.slots.delete(slot);
  }
  emit(told: unknown): void {
    this.slots.forEach(slot => slot(null, told));
  }
}

function panel() {
  const setSource = vi.fn();
  const node = document.createElement('div');
  node.append(document.createElement('p'));
  return {
    node,
    setSource,
    content: {
      mode: 'command',
      activeCell: { model: { sharedModel: { setSource } } },
      widgets: []
    },
    context: { path: 'a.ipynb', ready: Promise.resolve(), saveState: new Signal() },
    sessionContext: {
      session: {
        kernel: {
          ...{ isDisposed: false, status: 'idle', clientId: 'c', username: 'ada' },
          sendShellMessage: vi.fn()
        }
      } as {
        kernel: Record<string, unknown> & { sendShellMessage: ReturnType<typeof vi.fn> };
      } | null,
      iopubMessage: new Signal(),
      statusChanged: new Signal(),
      kernelChanged: new Signal()
    }
  };
}

type Panel = ReturnType<typeof panel>;

let first: Panel;
let second: Panel;
let current: Panel | null;
let notebooks: LabNotebooks;

beforeEach(() => {
  vi.clearAllMocks();
  sessionStorage.clear();
  [first, second] = [panel(), panel()];
  current = first;
  const tracker = {
    find: (is: (one: Panel) => boolean) => [first, second].find(is),
    forEach: () => undefined,
    widgetAdded: new Signal(),
    get currentWidget() {
      return current;
    }
  };
  notebooks = new LabNotebooks(tracker as never, null);
});

describe('code for a notebook', () => {
  it('goes below the active cell of the notebook in use, to be edited and not run', () => {
    expect(notebooks.insert(null, 'x = 1', false)).toBe(true);
    expect(actions.insertBelow).toHaveBeenCalledExactlyOnceWith(first.content);
    expect(first.setSource).toHaveBeenCalledExactlyOnceWith('x = 1');
    expect(first.content.mode).toBe('edit');
    expect(actions.run).not.toHaveBeenCalled();
  });

  it('is run where that was asked for', () => {
    notebooks.insert(null, 'x = 1', true);
    expect(actions.run).toHaveBeenCalledExactlyOnceWith(first.content, first.sessionContext);
    expect(first.content.mode).toBe('command');
  });

  it('goes into the notebook that holds the panel rather than into the one in use', () => {
    notebooks.insert(second.node.firstChild, 'x = 1', false);
    expect(second.setSource).toHaveBeenCalledOnce();
    expect(first.setSource).not.toHaveBeenCalled();
    notebooks.insert(document.createElement('div'), 'y = 1', false);
    expect(first.setSource).toHaveBeenCalledExactlyOnceWith('y = 1');
  });

  it('has nowhere to go in a page without an open notebook', () => {
    current = null;
    expect(notebooks.insert(null, 'x = 1', true)).toBe(false);
    expect(actions.insertBelow).not.toHaveBeenCalled();
  });
});

describe('the kernel of a notebook', () => {
  let session: KernelSession;
  let heard: unknown[][];
  let changed: number;
  let listener: KernelListener;

  beforeEach(() => {
    session = notebooks.session(first.node.firstChild!)!;
    [heard, changed] = [[], 0];
    listener = { heard: (...all) => void heard.push(all), changed: () => (changed += 1) };
  });

  it('is that of the notebook which holds the panel', () => {
    expect(notebooks.session(document.createElement('div'))).toBeNull();
    session.send('model', { method: 'update' });
    const { kernel } = first.sessionContext.session!;
    expect(kernel.sendShellMessage).toHaveBeenCalledOnce();
    expect(kernel.sendShellMessage.mock.calls[0]![0]).toMatchObject({
      ...{ msgType: 'comm_msg', channel: 'shell', session: 'c', username: 'ada' },
      content: { comm_id: 'model', data: { method: 'update' } }
    });
    expect(second.sessionContext.session!.kernel.sendShellMessage).not.toHaveBeenCalled();
  });

  it.each([
    ['there is none', (one: Panel) => (one.sessionContext.session = null)],
    ['it is put away', (one: Panel) => (one.sessionContext.session!.kernel['isDisposed'] = true)],
    ['it is dead', (one: Panel) => (one.sessionContext.session!.kernel['status'] = 'dead')]
  ])('is told nothing where %s', (_, spoil) => {
    const send = first.sessionContext.session!.kernel.sendShellMessage;
    spoil(first);
    expect(session.send('model', {})).toBeNull();
    expect(send).not.toHaveBeenCalled();
  });

  it('is heard by the messages of comms, with what they answer', () => {
    const stop = session.subscribe(listener);
    const message = (type: string, parent: object): object => ({
      header: { msg_type: type },
      parent_header: parent,
      content: { comm_id: 'model', data: { method: 'update' } }
    });
    const { iopubMessage } = first.sessionContext;
    iopubMessage.emit(message('comm_msg', { msg_id: 'm1' }));
    iopubMessage.emit(message('comm_msg', {}));
    iopubMessage.emit(message('stream', { msg_id: 'm2' }));
    expect(heard).toEqual([
      ['model', { method: 'update' }, 'm1'],
      ['model', { method: 'update' }, '']
    ]);
    stop();
    iopubMessage.emit(message('comm_msg', {}));
    expect(heard).toHaveLength(2);
  });

  it('says when it starts anew or is another one, and not when it is busy', () => {
    const { statusChanged, kernelChanged } = first.sessionContext;
    const stop = session.subscribe(listener);
    ['busy', 'idle', 'starting'].forEach(status => statusChanged.emit(status));
    expect(changed).toBe(0);
    ['restarting', 'autorestarting', 'dead'].forEach(status => statusChanged.emit(status));
    expect(changed).toBe(3);
    kernelChanged.emit(null);
    expect(changed).toBe(4);
    stop();
    statusChanged.emit('restarting');
    kernelChanged.emit(null);
    expect(changed).toBe(4);
  });
});
