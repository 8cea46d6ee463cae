import { beforeEach, describe, expect, it } from 'vitest';
import type { CommData, KernelListener, KernelSession } from '../../src/lab/notebook/kernel';
import { KernelSelection } from '../../src/lab/notebook/kernel';

class Session implements KernelSession {
  readonly sent: { comm: string; data: CommData }[] = [];
  readonly listeners = new Set<KernelListener>();
  isAlive = true;

  send(comm: string, data: object): string | null {
    if (!this.isAlive) {
      return null;
    }
    this.sent.push({ comm, data: data });
    return `m${this.sent.length}`;
  }

  subscribe(listener: KernelListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  say(data: CommData, parent = '', comm = 'model'): void {
    this.listeners.forEach(listener => listener.heard(comm, data, parent));
  }
}

describe('the selection of a widget', () => {
  let session: Session;
  let selection: KernelSelection;
  let told: string[][];
  const answer: CommData = { method: 'custom', content: { link: 'live' } };
  const update = (selected: unknown): CommData => ({ method: 'update', state: { selected } });

  beforeEach(() => {
    session = new Session();
    selection = new KernelSelection('model', () => session);
    told = [];
    selection.subscribe(ids => told.push(ids));
    selection.connect();
  });

  it('goes to a kernel that knows the widget', () => {
    selection.set(['a']);
    expect(session.sent).toEqual([
      {
        comm: 'model',
        data: { method: 'custom', content: { hello: { token: null, quiet: true } } }
      }
    ]);
    selection.set(['a', 'b']);
    expect(session.sent).toHaveLength(1);
    session.say(answer);
    expect(session.sent[1]).toEqual({
      comm: 'model',
      data: { method: 'update', state: { selected: ['a', 'b'] }, buffer_paths: [] }
    });
    selection.set(['b']);
    expect(session.sent[2]!.data.state).toEqual({ selected: ['b'] });
    expect(told).toEqual([]);
  });

  it('stays in the page where no kernel knows the widget', () => {
    selection.set(['a']);
    session.say(answer, '', 'other');
    selection.set(['b']);
    expect(selection.get()).toEqual(['b']);
    expect(session.sent).toHaveLength(1);
  });

  it('says nothing to a kernel before the user selects something', () => {
    expect(session.sent).toEqual([]);
  });

  it('comes from the kernel', () => {
    session.say(update(['x', 7, 'y']));
    expect(selection.get()).toEqual(['x', 'y']);
    expect(told).toEqual([['x', 'y']]);
    session.say(update(['x', 'y']));
    session.say(update('nonsense'));
    expect(told).toHaveLength(1);
    session.say({ method: 'echo_update', state: { selected: ['z'] } }, 'of another page');
    expect(told[1]).toEqual(['z']);
  });

  it('is not set back by the echo of what this page said before', () => {
    selection.set(['a']);
    session.say(answer);
    selection.set(['a', 'b']);
    session.say({ method: 'echo_update', state: { selected: ['a'] } }, 'm2');
    expect(selection.get()).toEqual(['a', 'b']);
    expect(told).toEqual([]);
  });

  it('asks again after the kernel has started anew', () => {
    selection.set(['a']);
    session.say(answer);
    session.listeners.forEach(listener => listener.changed());
    selection.set(['b']);
    expect(session.sent[session.sent.length - 1]!.data.method).toBe('custom');
  });

  it('works without a kernel and without a notebook', () => {
    session.isAlive = false;
    selection.set(['a']);
    session.isAlive = true;
    selection.set(['b']);
    expect(session.sent).toHaveLength(1);
    const alone = new KernelSelection('model', () => null);
    alone.set(['c']);
    expect(alone.get()).toEqual(['c']);
  });

  it('hears nothing after it was put away', () => {
    selection.dispose();
    session.say(update(['x']));
    expect(told).toEqual([]);
    expect(session.listeners.size).toBe(0);
  });
});
