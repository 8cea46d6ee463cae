import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  ComputeJobView,
  ComputesEvent,
  ComputesView,
  ComputeView
} from '../../../src/contract.gen';
import entry from '../../../src/screens/computes';
import { mount } from '../../../src/screens/computes/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

let parent: HTMLElement;
let mounted: Mounted;
let listener: Listener<ComputesEvent>;
let followed: unknown;
const opened = vi.fn();
const ask = vi.fn();

const NOW = '2026-01-01T10:02:00Z';

const job = (name: string, fields: Partial<ComputeJobView> = {}): ComputeJobView => ({
  ...{ id: `id-${name}`, short_id: name, name, experiment: 'e', status: 'Running', place: null },
  ...{ nodes: 1, created: '2026-01-01T10:00:00Z', started: '2026-01-01T10:01:30Z' },
  ...fields
});

const row = (name: string, fields: Partial<ComputeView> = {}): ComputeView => ({
  ...{ name, kind: 'AmlCompute', state: 'Running', missing: '', min_nodes: 0, max_nodes: 4 },
  ...{ idle_seconds: 1800, current: 2, target: 2, busy: 1, allocation: 'Steady', waiting: 0 },
  ...{ jobs: [], more: 0, vm_size: 'STANDARD_DS11_V2', description: '', tags: {}, created: null },
  ...fields
});

const view = (rows: ComputeView[], only = ''): ComputesView => ({
  ...{ workspace: 'ws', host: 'here', only, rows }
});

const host = {
  ...{ t: plainly, workspace: 'ws', open: opened, ask },
  follow: (_kind: string, subject: object, _token: unknown, told: typeof listener) => {
    followed = subject;
    listener = told;
    return { stop: () => undefined };
  }
} as unknown as Host;

function show(rows: ComputeView[], only = ''): void {
  mounted = mount(parent, { version: 1, workspace: 'ws', view: view(rows, only) }, host);
  listener.link('live');
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
const text = (): string => parent.textContent ?? '';
const button = (words: string, at: ParentNode = parent): HTMLElement => {
  const found = [...at.querySelectorAll('button')].find(
    one => one.textContent === words || one.getAttribute('aria-label') === words
  );
  if (!found) {
    throw new Error(`no button ${words}`);
  }
  return found;
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(NOW) });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
  vi.resetAllMocks();
});

describe('the nodes of a target', () => {
  it('are boxes and words', () => {
    show([row('cpu', { waiting: 3, allocation: 'Resizing' })]);
    expect(parent.querySelectorAll('.aml-compute-node')).toHaveLength(4);
    expect(parent.querySelectorAll('.aml-busy')).toHaveLength(1);
    expect(parent.querySelectorAll('.aml-idle')).toHaveLength(1);
    expect(text()).toContain('1 of 4 nodes work, 1 idle, 3 in the queue');
    expect(text()).toContain('nodes are coming');
    expect(text()).toContain('idle nodes go after 30 min 00 s');
    expect(text()).toContain('AmlCompute · STANDARD_DS11_V2');
  });

  it('are words alone where there are many', () => {
    show([row('cpu', { max_nodes: 500 })]);
    expect(parent.querySelectorAll('.aml-compute-node')).toHaveLength(0);
    expect(text()).toContain('1 of 500 nodes work');
  });

  it('are none where no run can go', () => {
    show([
      row('ssh', { missing: 'a connection by SSH, which is not made here', state: 'Attached' })
    ]);
    expect(text()).toContain('A run would need a connection by SSH');
    expect(text()).not.toContain('nodes work');
  });

  it('of this machine cannot be changed', () => {
    show([row('local', { kind: 'This machine' })]);
    expect(() => button('Delete')).toThrow();
    expect(text()).toContain('No compute targets yet.');
  });
});

describe('the runs of a target', () => {
  const waiting = { status: 'Queued', place: 1, started: null };

  it('have nodes or a place in the queue', async () => {
    show([row('cpu', { jobs: [job('a'), job('b', waiting)], more: 7 })]);
    const lines = [...parent.querySelectorAll('tbody tr')].map(one => one.textContent);
    expect(lines[0]).toContain('● Running');
    expect(lines[0]).toContain('30.0 s');
    expect(lines[1]).toContain('place 1');
    expect(lines[1]).toContain('2 min 00 s');
    expect(text()).toContain('and 7 more in the queue');
    expect(text()).not.toContain('Nodes');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(text()).toMatch(/3[45]\.0 s/);
  });

  it('say how many nodes they take where one takes several', () => {
    show([row('cpu', { jobs: [job('a', { nodes: 3 })] })]);
    expect(parent.querySelector('td.aml-number')!.textContent).toBe('3');
  });

  it('are opened', () => {
    show([row('cpu', { jobs: [job('a')] })]);
    button('a').click();
    expect(opened).toHaveBeenCalledWith({ kind: 'run', run: 'id-a' });
  });

  it('end by a click, and say so at once', async () => {
    ask.mockResolvedValue({ status: 'Canceled', reason: '' });
    show([row('cpu', { jobs: [job('b', waiting)] })]);
    button('Cancel b').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('cancel', { run: 'id-b' });
    expect(text()).toContain('Canceling…');
  });

  it('that took long end by a second click', async () => {
    ask.mockResolvedValue({ status: 'CancelRequested', reason: '' });
    show([row('cpu', { jobs: [job('a', { started: '2026-01-01T09:00:00Z' })] })]);
    button('Cancel a').click();
    await settle();
    expect(ask).not.toHaveBeenCalled();
    button('No').click();
    await settle();
    button('Cancel a').click();
    await settle();
    button('Yes, cancel').click();
    await settle();
    expect(ask).toHaveBeenCalledOnce();
  });

  it('that cannot be ended say why, at their target', async () => {
    ask.mockRejectedValue(new Error('read only'));
    show([row('cpu', { jobs: [job('a')] }), row('gpu')]);
    button('Cancel a').click();
    await settle();
    expect(parent.querySelector('[role=alert]')!.textContent).toContain('read only');
    expect(parent.querySelectorAll('[role=alert]')).toHaveLength(1);
    expect(() => button('Cancel a')).not.toThrow();
    expect(text()).not.toContain('Canceling…');
  });
});

describe('what is done with a target', () => {
  it('scales it', async () => {
    ask.mockResolvedValue(view([row('cpu', { max_nodes: 6 })], 'cpu'));
    show([row('cpu'), row('gpu')]);
    button('Scale').click();
    await settle();
    const [least, most] = [...parent.querySelectorAll('input')];
    expect([least!.value, most!.value]).toEqual(['0', '4']);
    most!.value = '6';
    most!.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    parent
      .querySelector('form')!
      .dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    const scale = { min_nodes: 0, max_nodes: 6, idle_seconds: 1800 };
    expect(ask).toHaveBeenCalledWith('compute_scale', { compute: 'cpu', ...scale });
    expect(text()).toContain('1 of 6 nodes work');
    expect(parent.querySelector('form')).toBeNull();
  });

  it('keeps the form where the numbers cannot be', async () => {
    ask.mockRejectedValue(new Error('min_nodes is at most max_nodes'));
    show([row('cpu')]);
    button('Scale').click();
    await settle();
    parent
      .querySelector('form')!
      .dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    expect(parent.querySelector('form [role=alert]')!.textContent).toContain('at most max_nodes');
  });

  it('deletes it after a question', async () => {
    ask.mockResolvedValue(view([]));
    show([row('cpu'), row('gpu')]);
    button('Delete').click();
    await settle();
    expect(text()).toContain('Delete cpu? Its ended runs stay.');
    parent.querySelector<HTMLElement>('.aml-compute-danger')!.click();
    await settle();
    expect(ask).toHaveBeenCalledWith('compute_state', { compute: 'cpu', state: 'delete' });
    expect(text()).not.toContain('cpu');
  });

  it('says why it could not be deleted', async () => {
    ask.mockRejectedValue(new Error('runs on it have not ended: a (Running)'));
    show([row('cpu')]);
    button('Delete').click();
    await settle();
    parent.querySelector<HTMLElement>('.aml-compute-danger')!.click();
    await settle();
    expect(parent.querySelector('[role=alert]')!.textContent).toContain('a (Running)');
  });

  it('starts an instance that was stopped', async () => {
    const stopped = row('ci', { kind: 'ComputeInstance', state: 'Stopped', min_nodes: 4 });
    ask.mockResolvedValue(view([{ ...stopped, state: 'Running' }], 'ci'));
    show([stopped]);
    button('Start').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('compute_state', { compute: 'ci', state: 'start' });
    expect(() => button('Stop')).not.toThrow();
  });
});

describe('the screen', () => {
  it('goes on with what it is told, and keeps that', async () => {
    show([row('cpu')]);
    expect(followed).toEqual({ compute: '' });
    listener.event({ type: 'view', token: '', view: view([row('cpu'), row('gpu')]) });
    await settle();
    mounted.update({ version: 1, workspace: 'ws', view: view([]) });
    await settle();
    expect([...parent.querySelectorAll('h3')].map(one => one.textContent)).toEqual(['cpu', 'gpu']);
  });

  it('of one target says when that is gone', async () => {
    show([row('cpu')], 'cpu');
    expect(followed).toEqual({ compute: 'cpu' });
    listener.event({ type: 'gone', token: '', message: 'no compute target' });
    await settle();
    expect(text()).toContain('deleted: no compute target');
    expect(() => button('Scale')).toThrow();
  });

  it('draws a name as text', () => {
    show([row('<img src=x onerror=alert(1)>', { description: '<b>x</b>' })]);
    expect(parent.querySelector('img, b')).toBeNull();
  });

  it('is opened by its command, whole or of one', async () => {
    show([]);
    expect(entry.command!.subjectOf({})).toEqual({ kind: 'computes', compute: '' });
    expect(entry.command!.subjectOf({ compute: 'a' })).toEqual({ kind: 'computes', compute: 'a' });
    ask.mockResolvedValue(view([row('a')], 'a'));
    const snapshot = await entry.snapshot(host, { kind: 'computes', compute: 'a' });
    expect(entry.subjectOf(snapshot)).toEqual({ kind: 'computes', compute: 'a' });
    expect(entry.title(snapshot, entry.subjectOf(snapshot), plainly)).toBe('Compute a');
  });
});
