// The pipelines and schedules of the side panel.
import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import type { PipelineRowView, ScheduleView } from '../../../src/contract.gen';
import type { PartProps } from '../../../src/screens/workspace/lists';
import { inText, Pipelines, Schedules } from '../../../src/screens/workspace/pipelines';
import { plainly } from '../../../src/ui/host';
import { button } from '../run/scene';

const parent = document.createElement('div');
const [open, keep] = [vi.fn(), vi.fn()];
afterEach(() => {
  render(null, parent);
  vi.clearAllMocks();
});

const P = '<img src=x onerror="window.__pwned=1">';
const run: PipelineRowView = {
  ...{ id: 'p1', name: P, number: 1, experiment: 'e', status: 'Running', created: null },
  ...{ started: null, seconds: 1, total: 3, done: 2, reused: 1, failed: 0 }
};
const schedule: ScheduleView = {
  ...{ id: 's', name: 'nightly', description: '', status: 'Active', when: 'Every day' },
  ...{ target: 'digits', experiment: 'e', next: null, last: '', last_state: '', last_run: null },
  problem: ''
};

function show(Part: typeof Schedules, lists: object | null, problem: string | null = null): void {
  const kept = { isPipelinesOpen: true, isSchedulesOpen: true };
  const pipelines = lists && { runs: [], schedules: [], published: [], endpoints: [], ...lists };
  const props = {
    scene: { t: plainly, all: { at: () => ({ t: plainly, open }) }, keep },
    state: { workspace: 'w', kept, pipelines, pipelinesProblem: problem }
  } as unknown as PartProps;
  render(<Part {...props} />, parent);
}

it('lists runs of pipelines with how far they are, which open', () => {
  show(Pipelines, { runs: [run] });
  expect(parent.querySelector('img')).toBeNull();
  expect(button(parent, /2\/3/).title).toBe(`${P} · e · 1 reused`);
  button(parent, /2\/3/).click();
  expect(open).toHaveBeenCalledWith({ kind: 'pipeline', run: 'p1' });
  button(parent, 'Open the table of pipelines').click();
  expect(open).toHaveBeenLastCalledWith({ kind: 'pipelines' });
  button(parent, /Pipelines 1$/).click();
  expect(keep).toHaveBeenCalledWith({ isPipelinesOpen: false });
});

it('lists schedules, which open their list, and marks one with a problem', () => {
  show(Schedules, { schedules: [schedule, { ...schedule, id: 't', name: P, problem: 'is gone' }] });
  button(parent, /nightly.*Every day/).click();
  expect(open).toHaveBeenCalledWith({ kind: 'pipelines', list: 'schedules' });
  expect(button(parent, /img/).textContent).toContain('Unhealthy');
  expect(button(parent, /img/).title).toContain('is gone');
  expect(parent.querySelector('img')).toBeNull();
});

it('says what is missing or wrong', () => {
  show(Schedules, null);
  expect(parent.textContent).toBe('');
  show(Pipelines, {});
  expect(parent.textContent).toContain('No pipeline has run yet.');
  show(Pipelines, null, 'away');
  expect(parent.textContent).toContain('away');
});

it('tells how long it is until the next run', () => {
  const at = (seconds: number): string =>
    inText(new Date(seconds * 1_000).toISOString(), 0, plainly);

  expect([at(0), at(61), at(7_140), at(7_201), at(172_801)]).toEqual([
    ...['now', 'in 2 min', 'in 119 min', 'in 2 h', 'in 2 d']
  ]);
});
