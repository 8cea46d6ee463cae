import { describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/computes';
import { plainly } from '../../../src/ui/host';
import {
  ask,
  bed,
  button,
  host,
  job,
  names,
  opened,
  row,
  settle,
  show,
  text,
  useBed,
  view
} from './bed';

useBed();

describe('the nodes of a target', () => {
  it('are boxes and words', () => {
    show([row('cpu', { waiting: 3, allocation: 'Resizing' })]);
    expect(bed.parent.querySelectorAll('.aml-compute-node')).toHaveLength(4);
    expect(bed.parent.querySelectorAll('.aml-busy')).toHaveLength(1);
    expect(bed.parent.querySelectorAll('.aml-idle')).toHaveLength(1);
    expect(text()).toContain('1 of 4 nodes work, 1 idle, 3 in the queue');
    expect(text()).toContain('nodes are coming');
    expect(text()).toContain('idle nodes go after 30 min 00 s');
    expect(text()).toContain('AmlCompute · STANDARD_DS11_V2');
  });

  it('are words alone where there are many', () => {
    show([row('cpu', { max_nodes: 500 })]);
    expect(bed.parent.querySelectorAll('.aml-compute-node')).toHaveLength(0);
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
    const lines = [...bed.parent.querySelectorAll('tbody tr')].map(one => one.textContent);
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
    expect(bed.parent.querySelector('td.aml-number')!.textContent).toBe('3');
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
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toContain('read only');
    expect(bed.parent.querySelectorAll('[role=alert]')).toHaveLength(1);
    expect(() => button('Cancel a')).not.toThrow();
    expect(text()).not.toContain('Canceling…');
  });
});

describe('the screen', () => {
  it('takes a newer snapshot as long as nobody answers', async () => {
    show([row('cpu')]);
    bed.listener.link('detached', 'away');
    bed.mounted.update({ version: 1, workspace: 'ws', view: view([row('gpu')]) });
    await settle();
    expect(text()).toContain('detached');
    expect(names()).toEqual(['gpu']);
  });

  it('goes on with what it is told, and keeps that', async () => {
    show([row('cpu')]);
    expect(bed.followed).toEqual({ compute: '' });
    bed.listener.event({ type: 'view', token: '', view: view([row('cpu'), row('gpu')]) });
    await settle();
    bed.mounted.update({ version: 1, workspace: 'ws', view: view([]) });
    await settle();
    expect(names()).toEqual(['cpu', 'gpu']);
  });

  it('of one target says when that is gone', async () => {
    show([row('cpu')], 'cpu');
    expect(bed.followed).toEqual({ compute: 'cpu' });
    bed.listener.event({ type: 'gone', token: '', message: 'no compute target' });
    await settle();
    expect(text()).toContain('deleted: no compute target');
    expect(() => button('Scale')).toThrow();
  });

  it('draws a name as text', () => {
    show([row('<img src=x onerror=alert(1)>', { description: '<b>x</b>' })]);
    expect(bed.parent.querySelector('img, b')).toBeNull();
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
