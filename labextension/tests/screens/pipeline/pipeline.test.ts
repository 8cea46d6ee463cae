import { describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/pipeline';
import type { RunView } from '../../../src/contract.gen';
import { plainly } from '../../../src/ui/host';
import {
  ask,
  bed,
  button,
  edge,
  host,
  looked,
  nodeOf,
  opened,
  openTab,
  over,
  press,
  settle,
  show,
  step,
  text,
  useBed,
  view
} from './bed';

useBed();

const WAITING = { status: 'NotStarted', started: null, seconds: null, decision: 'waiting' };
const RUNNING = { status: 'Running', seconds: null };

describe('the head of a pipeline', () => {
  it('says how far it is, and counts', async () => {
    show(view([step('a'), step('b', RUNNING)], { running: 1, reused: 1 }));
    expect(text()).toMatch(/1 of 2 steps have ended, 1 reused, 1 running, 2 min 0\d s so far/u);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(text()).toMatch(/2 min 0[1-9] s so far/u);
  });

  it('asks once more before it cancels', async () => {
    ask.mockResolvedValue({ status: 'CancelRequested', reason: '' });
    show(view([step('a', RUNNING)]));
    button('Cancel').click();
    await settle();
    button('No').click();
    await settle();
    expect(ask).not.toHaveBeenCalled();
    button('Cancel').click();
    await settle();
    button('Yes, cancel').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('cancel', { run: 'P1' });
    expect(text()).toContain('Canceling…');
  });

  it('says why it could not be canceled', async () => {
    ask.mockRejectedValue(new Error('is Completed already'));
    show(view([step('a', RUNNING)]));
    button('Cancel').click();
    await settle();
    button('Yes, cancel').click();
    await settle();
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toContain('is Completed already');
  });

  it('runs the rest of a failed one again', async () => {
    ask.mockResolvedValue(view([], { id: 'P2' }));
    show(view([step('a'), step('b', { status: 'Failed' })], over('Failed')));
    button('Run the rest again').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('pipeline_rerun', { run: 'P1', step: undefined });
    expect(opened).toHaveBeenCalledWith({ kind: 'pipeline', run: 'P2' });
  });

  it('offers nothing where nothing can be asked', async () => {
    show(view([step('a', RUNNING)]));
    bed.listener.link('still');
    await settle();
    expect(() => button('Cancel')).toThrow();
    expect(text()).toContain('as it was when it was saved');
  });

  it('leads to what it came of', () => {
    const origins = [
      { kind: 'schedule' as const, id: 'S', name: 'each night' },
      { kind: 'rerun' as const, id: 'P0', name: 'first' }
    ];
    show(view([step('a')], { origins, goes_on_after_failure: true }));
    expect(text()).toContain('started by the schedule each night');
    expect(text()).toContain('goes on after a step has failed');
    button('first').click();
    expect(opened).toHaveBeenLastCalledWith({ kind: 'pipeline', run: 'P0' });
    button('each night').click();
    expect(opened).toHaveBeenLastCalledWith({ kind: 'pipelines' });
  });
});

describe('the graph of a pipeline', () => {
  const steps = [
    step('a', { decision: 'reused', reused_from: 'old', reuse: 'reused: outputs of run old' }),
    step('b', RUNNING),
    step('c', WAITING)
  ];
  const edges = [edge('a', 'b'), edge('b', 'c')];

  it('shows names as text', () => {
    show(view([step('a', { name: '<img src=x onerror=alert(1)>' })]));
    expect(bed.parent.querySelector('img')).toBeNull();
    expect(nodeOf('a').getAttribute('aria-label')).toContain('<img src=x');
  });

  it('says what each step does, and counts the time of those that go on', async () => {
    show(view(steps, { edges }));
    expect(nodeOf('a').textContent).toContain('Python script · reused');
    expect(nodeOf('b').textContent).toMatch(/2 min 0\d s/u);
    expect(nodeOf('c').textContent).toContain('waits');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(nodeOf('b').textContent).toMatch(/2 min 0[1-9] s/u);
  });

  it('takes over the steps that changed', async () => {
    show(view(steps, { edges }));
    const done = step('b', { seconds: 3, tries: 2 });
    const newer = view([done], { done: 2, edges: [] });
    bed.listener.event({ type: 'steps', token: 't', view: newer });
    await settle();
    expect(nodeOf('b').textContent).toContain('3.0 s · try 2');
    expect(nodeOf('c')).toBeDefined();
    await press('b', 'ArrowDown');
    expect(document.activeElement).toBe(nodeOf('c'));
  });

  it('tells of the step that is chosen, and what it waits for', async () => {
    show(view(steps, { edges }));
    await press('c', ' ');
    expect(looked).toHaveBeenLastCalledWith({ kind: 'run', run: 'run-c' });
    expect(text()).toContain('Waits forb');
    await press('a', ' ');
    expect(text()).toContain('Reused: outputs of run old');
    expect(bed.followed.at(-1)).toEqual(['run', { run: 'old' }]);
    button('Open the original').click();
    expect(opened).toHaveBeenLastCalledWith({ kind: 'run', run: 'old' });
    button('Open run').click();
    expect(opened).toHaveBeenLastCalledWith({ kind: 'run', run: 'run-a' });
  });

  it('shows the end of the log and the metrics of the step, as they come', async () => {
    show(view(steps, { edges }));
    await press('b', ' ');
    expect(text()).toContain('Nothing printed yet.');
    const metric = { name: 'acc', last: 0.5 };
    const told = { log_tail: ['one'], metrics: [metric] } as unknown as RunView;
    bed.run.event({ type: 'view', token: 't', view: told });
    bed.run.event({ type: 'update', token: 't', update: { log_tail: ['two'] } });
    await settle();
    expect(bed.parent.querySelector('.aml-pipeline-log')!.textContent).toBe('two');
    expect(text()).toContain('acc 0.5');
    bed.run.event({ type: 'gone', token: 't', message: 'deleted meanwhile' });
    await settle();
    expect(text()).toContain('deleted meanwhile');
  });

  it('opens the run of a step by Enter, below where there is no other place', async () => {
    show(view(steps, { edges }));
    await press('b', 'Enter');
    expect(opened).toHaveBeenCalledWith({ kind: 'run', run: 'run-b' });
    bed.mounted.dispose();
    show(view(steps, { edges }), { ...host, open: undefined });
    await press('b', 'Enter');
    expect(text()).toContain('{"kind":"run","run":"run-b"}');
  });

  it('begins at the step that failed, which runs again from there', async () => {
    ask.mockRejectedValueOnce(new Error('has forgotten its secrets'));
    const failed = step('b', { status: 'Failed', reason: 'ValueError: broken' });
    show(view([step('a'), failed], over('Failed')));
    expect(text()).toContain('ValueError: broken');
    button('Run again from here').click();
    await settle();
    expect(ask).toHaveBeenCalledWith('pipeline_rerun', { run: 'P1', step: 'b' });
    expect(bed.parent.querySelector('[role=alert]')!.textContent).toContain(
      'forgotten its secrets'
    );
  });

  it('says that a pipeline is gone', async () => {
    show(view(steps, { edges }));
    bed.listener.event({ type: 'gone', token: 't', message: 'No run P1.' });
    await settle();
    expect(text()).toContain('deleted: No run P1.');
    expect(() => button('Cancel')).toThrow();
  });

  it('says so where there are no steps', () => {
    show(view([]));
    expect(text()).toContain('The pipeline has no steps.');
  });
});

describe('the table of steps', () => {
  it('has a row for each, with a bar where it ran', async () => {
    show(view([step('a'), step('b', { decision: 'reused' })], over('Completed')));
    await openTab('steps');
    expect(bed.parent.querySelectorAll('.aml-pipeline-grid [role=row]').length).toBe(3);
    expect(bed.parent.querySelectorAll('.aml-pipeline-bar').length).toBe(1);
  });
});

describe('the parameters', () => {
  it('are shown with their defaults', async () => {
    const parameters = [{ name: 'rate', type: 'float', value: 0.25, default: 0.5 }];
    show(view([step('a')], { parameters }));
    await openTab('parameters');
    expect(text()).toContain('ratefloat0.250.5');
  });
});

describe('what hosts know of it', () => {
  const snapshot = { version: 1, workspace: 'ws', view: view([]) };

  it('is its name, its subject, and whether it is over', async () => {
    ask.mockResolvedValue(snapshot.view);
    show(view([]));
    expect(entry.title(snapshot, { kind: 'pipeline' }, plainly)).toBe('Pipeline nightly');
    expect(entry.subjectOf(snapshot)).toEqual({ kind: 'pipeline', run: 'P1' });
    expect(entry.isOver!(snapshot)).toBe(false);
    expect(await entry.snapshot(host, { kind: 'pipeline', run: 'P1' })).toEqual(snapshot);
    expect(entry.command!.subjectOf({ run: 'P1' })).toEqual({ kind: 'pipeline', run: 'P1' });
    expect(entry.command!.subjectOf({})).toBeNull();
    expect(entry.command!.question!.answered(' P1 ')).toEqual({ kind: 'pipeline', run: 'P1' });
  });

  it('is a newer snapshot only as long as nothing fresher came', async () => {
    show(view([step('a')]));
    bed.mounted.update({ ...snapshot, view: view([step('z')]) });
    await settle();
    expect(nodeOf('z')).toBeUndefined();
    bed.listener.link('detached', 'away');
    bed.mounted.update({ ...snapshot, view: view([step('z')]) });
    await settle();
    expect(nodeOf('z')).toBeDefined();
  });
});
