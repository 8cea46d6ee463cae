// The screen of a sweep in a page, with a host that tells and answers what a test says.
import { afterEach, beforeEach, vi } from 'vitest';
import type { SweepEvent, SweepTrialView, SweepView } from '../../../src/contract.gen';
import { mount } from '../../../src/screens/sweep/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

const NOW = '2026-01-01T10:02:00Z';

export const opened = vi.fn();
export const inserted = vi.fn();
export const ask = vi.fn();

export const trial = (
  number: number,
  metric: number | null = null,
  fields: Partial<SweepTrialView> = {}
): SweepTrialView => ({
  ...{ number, metric, status: 'Completed', is_early: false, seconds: 10, reason: '' },
  ...{ started: '2026-01-01T10:00:00Z', values: [number / 10, 'relu'] },
  ...fields
});

export const view = (trials: SweepTrialView[], fields: Partial<SweepView> = {}): SweepView => ({
  ...{ workspace: 'ws', id: 'HD_1', short_id: 'HD_1', name: 'tune', experiment: 'e' },
  ...{ status: 'Running', is_terminal: false, reason: '', metric: 'acc', goal: 'higher' },
  ...{ sampler: 'random', policy: 'bandit(slack_factor=0.1)', total: 20, there: trials.length },
  parameters: [
    { name: 'lr', expression: 'uniform(0, 1)' },
    { name: '--act', expression: 'choice(relu, tanh)' }
  ],
  ...{ done: 2, early: 0, running: 1, max_minutes: 60, created: null, ended: null },
  ...{ started: '2026-01-01T10:00:00Z', seconds_left: 125, best: trials[0] ?? null },
  ...{ trials, more: 0 },
  ...fields
});

/** What a test looks at: made anew for each. */
export const bed = {} as {
  parent: HTMLElement;
  mounted: Mounted;
  listener: Listener<SweepEvent>;
  followed: unknown;
};

export const host = {
  ...{ t: plainly, workspace: 'ws', open: opened, ask, insert: inserted },
  follow: (_kind: string, followed: object, _token: unknown, listener: typeof bed.listener) => {
    Object.assign(bed, { followed, listener });
    return { stop: () => undefined };
  }
} as unknown as Host;

export function show(shown: SweepView, at: Host = host): void {
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

export async function openTab(id: string): Promise<void> {
  bed.parent.querySelector<HTMLElement>(`[data-tab=${id}]`)!.click();
  await settle();
}

/** Give each test of a file a page of its own. */
export function useBed(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(NOW) });
    bed.parent = document.body.appendChild(document.createElement('div'));
  });
  afterEach(async () => {
    await settle();
    bed.mounted.dispose();
    bed.parent.remove();
    vi.useRealTimers();
    vi.resetAllMocks();
  });
}
