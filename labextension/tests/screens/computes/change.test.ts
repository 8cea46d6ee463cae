import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/ui/host';
import { ask, bed, button, host, job, row, settle, show, text, useBed, view } from './bed';

useBed();

describe('what is done with a target', () => {
  it('scales it', async () => {
    ask.mockResolvedValue(view([row('cpu', { max_nodes: 6 })], 'cpu'));
    show([row('cpu'), row('gpu')]);
    button('Scale').click();
    await settle();
    const [least, most] = [...bed.parent.querySelectorAll('input')];
    expect([least!.value, most!.value]).toEqual(['0', '4']);
    most!.value = '6';
    most!.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    bed.parent
      .querySelector('form')!
      .dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    const scale = { min_nodes: 0, max_nodes: 6, idle_seconds: 1800 };
    expect(ask).toHaveBeenCalledWith('compute_scale', { compute: 'cpu', ...scale });
    expect(text()).toContain('1 of 6 nodes work');
    expect(bed.parent.querySelector('form')).toBeNull();
  });

  it('keeps the form where the numbers cannot be', async () => {
    ask.mockRejectedValue(new Error('min_nodes is at most max_nodes'));
    show([row('cpu')]);
    button('Scale').click();
    await settle();
    bed.parent
      .querySelector('form')!
      .dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    expect(bed.parent.querySelector('form [role=alert]')!.textContent).toContain(
      'at most max_nodes'
    );
  });

  it('deletes it after a question', async () => {
    ask.mockResolvedValue(view([]));
    show([row('cpu'), row('gpu')]);
    button('Delete').click();
    await settle();
    expect(text()).toContain('Delete cpu? Its ended runs stay.');
    bed.parent.querySelector<HTMLElement>('.aml-compute-danger')!.click();
    await settle();
    expect(ask).toHaveBeenCalledWith('compute_state', { compute: 'cpu', state: 'delete' });
    expect(text()).not.toContain('cpu');
  });

  it('says why it could not be deleted', async () => {
    ask.mockRejectedValue(new Error('runs on it have not ended: a (Running)'));
    show([row('cpu')]);
    button('Delete').click();
    await settle();
    bed.parent.querySelector<HTMLElement>('.aml-compute-danger')!.click();
    await settle();
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toContain('a (Running)');
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

describe('what cannot be done', () => {
  it('is not offered where nobody can be asked', async () => {
    show([row('cpu', { jobs: [job('a')] })]);
    bed.listener.link('still');
    await settle();
    expect(text()).toContain('as it was when it was saved');
    expect(() => button('Scale')).toThrow();
    expect(() => button('Cancel a')).toThrow();
    expect(() => button('a')).not.toThrow();
  });

  it('says so of an instance with runs', async () => {
    ask.mockRejectedValue(new Error("'ci' is not stopped while runs on it have not ended"));
    show([row('ci', { kind: 'ComputeInstance' })]);
    button('Stop').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('compute_state', { compute: 'ci', state: 'stop' });
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toContain('is not stopped');
  });

  it('waits for a run that is ending already', () => {
    show([row('cpu', { jobs: [job('a', { status: 'CancelRequested' })] })]);
    expect(button('Cancel a').textContent).toBe('Canceling…');
    button('Cancel a').click();
    expect(ask).not.toHaveBeenCalled();
  });

  it('is no link where the host has no tabs', () => {
    const bare = { ...host, open: undefined } as unknown as Host;
    show([row('cpu', { jobs: [job('a')] })], '', bare);
    expect(bed.parent.querySelector('.aml-compute-run')).toBeNull();
    expect(bed.parent.querySelector('tbody th')!.textContent).toBe('a');
  });

  it('keeps a target whose deletion is not meant', async () => {
    show([row('cpu')]);
    button('Delete').click();
    await settle();
    button('Keep').click();
    await settle();
    expect(ask).not.toHaveBeenCalled();
    expect(() => button('Scale')).not.toThrow();
  });

  it('takes no text for a number, and closes by Escape', async () => {
    ask.mockResolvedValue(view([row('cpu')], 'cpu'));
    show([row('cpu')]);
    button('Scale').click();
    await settle();
    const [least] = [...bed.parent.querySelectorAll('input')];
    least!.value = '';
    least!.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    const form = bed.parent.querySelector('form')!;
    form.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(bed.parent.querySelector('form')).toBeNull();
    expect(ask).not.toHaveBeenCalled();
  });
});
