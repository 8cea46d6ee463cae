// The screen of a pipeline in a page, with a host that tells and answers what a test says.
import { afterEach, beforeEach, vi } from 'vitest';
import type {
  PipelineEvent,
  PipelineStepView,
  PipelineView,
  RunEvent
} from '../../../src/contract.gen';
import { mount } from '../../../src/screens/pipeline/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

export const NOW = '2026-01-01T10:02:00Z';
const START = '2026-01-01T10:00:00Z';

export const opened = vi.fn();
export const looked = vi.fn();
export const ask = vi.fn();

export const step = (id: string, fields: Partial<PipelineStepView> = {}): PipelineStepView => ({
  ...{ id, run: `run-${id}`, name: id, kind: 'Python script', status: 'Completed' },
  ...{ decision: 'queued', reuse: '', reused_from: null, target: 'local', tries: 1, reason: '' },
  ...{ started: START, seconds: 10, inputs: [], outputs: [], ...fields }
});

export const edge = (source: string, target: string): PipelineView['edges'][number] => ({
  ...{ source, target, output: null, input: null }
});

export const view = (
  steps: PipelineStepView[],
  fields: Partial<PipelineView> = {}
): PipelineView => ({
  ...{ workspace: 'ws', id: 'P1', short_id: 'P1', name: 'nightly', description: '' },
  ...{ experiment: 'e', status: 'Running', is_terminal: false, reason: '', created: START },
  ...{ started: START, ended: null, seconds: null, goes_on_after_failure: false },
  ...{ makes_all_again: false, total: steps.length, done: 1, reused: 0, running: 0, failed: 0 },
  ...{ parameters: [], origins: [], steps, edges: [], more: 0 },
  ...fields
});

export const over = (status: string, seconds = 90): Partial<PipelineView> => ({
  ...{ status, is_terminal: true, seconds, ended: '2026-01-01T10:01:30Z' }
});

/** What a test looks at: made anew for each. */
export const bed = {} as {
  parent: HTMLElement;
  mounted: Mounted;
  listener: Listener<PipelineEvent>;
  /** Of the run of the step that was chosen last. */
  run: Listener<RunEvent>;
  followed: unknown[];
};

export const host = {
  ...{ t: plainly, workspace: 'ws', open: opened, look: looked, ask },
  embed: (parent: HTMLElement, subject: object) => {
    parent.textContent = JSON.stringify(subject);
    return { dispose: () => undefined };
  },
  follow: (kind: string, followed: object, _token: unknown, listener: never) => {
    bed.followed.push([kind, followed]);
    Object.assign(bed, kind === 'run' ? { run: listener } : { listener });
    return { stop: () => undefined };
  }
} as unknown as Host;

export function show(shown: PipelineView, at: Host = host): void {
  bed.mounted = mount(bed.parent, { version: 1, workspace: 'ws', view: shown }, at);
  bed.listener.link('live');
}

export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
export const text = (): string => bed.parent.textContent ?? '';

export const button = (words: string): HTMLElement => {
  const found = [...bed.parent.querySelectorAll('button')].find(one => one.textContent === words);
  if (!found) {
    throw new Error(`no button ${words}`);
  }
  return found;
};

export const nodeOf = (id: string): Element =>
  [...bed.parent.querySelectorAll('[data-node]')].find(
    one => one.getAttribute('data-node') === id
  )!;

/** Press a key on a node. */
export async function press(id: string, key: string): Promise<void> {
  nodeOf(id).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await settle();
}

export async function openTab(id: string): Promise<void> {
  bed.parent.querySelector<HTMLElement>(`[data-tab=${id}]`)!.click();
  await settle();
}

/** Give each test of a file a page of its own. */
export function useBed(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(NOW) });
    bed.parent = document.body.appendChild(document.createElement('div'));
    bed.followed = [];
  });
  afterEach(async () => {
    await settle();
    bed.mounted.dispose();
    bed.parent.remove();
    vi.useRealTimers();
    vi.resetAllMocks();
  });
}
