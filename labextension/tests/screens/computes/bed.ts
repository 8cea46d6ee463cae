// The screen of compute targets in a page, with a host that tells and answers what a test says.
import { afterEach, beforeEach, vi } from 'vitest';
import type {
  ComputeJobView,
  ComputesEvent,
  ComputesView,
  ComputeView
} from '../../../src/contract.gen';
import { mount } from '../../../src/screens/computes/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

const NOW = '2026-01-01T10:02:00Z';

export const opened = vi.fn();
export const ask = vi.fn();

export const job = (name: string, fields: Partial<ComputeJobView> = {}): ComputeJobView => ({
  ...{ id: `id-${name}`, short_id: name, name, experiment: 'e', status: 'Running', place: null },
  ...{ nodes: 1, created: '2026-01-01T10:00:00Z', started: '2026-01-01T10:01:30Z' },
  ...fields
});

export const row = (name: string, fields: Partial<ComputeView> = {}): ComputeView => ({
  ...{ name, kind: 'AmlCompute', state: 'Running', missing: '', min_nodes: 0, max_nodes: 4 },
  ...{ idle_seconds: 1800, current: 2, target: 2, busy: 1, allocation: 'Steady', waiting: 0 },
  ...{ jobs: [], more: 0, vm_size: 'STANDARD_DS11_V2', description: '', tags: {}, created: null },
  ...fields
});

export const view = (rows: ComputeView[], only = ''): ComputesView => ({
  ...{ workspace: 'ws', host: 'here', only, rows }
});

/** What a test looks at: made anew for each. */
export const bed = {} as {
  parent: HTMLElement;
  mounted: Mounted;
  listener: Listener<ComputesEvent>;
  followed: unknown;
};

export const host = {
  ...{ t: plainly, workspace: 'ws', open: opened, ask },
  follow: (_kind: string, followed: object, _token: unknown, listener: typeof bed.listener) => {
    Object.assign(bed, { followed, listener });
    return { stop: () => undefined };
  }
} as unknown as Host;

export function show(rows: ComputeView[], only = '', at: Host = host): void {
  const snapshot = { version: 1, workspace: 'ws', view: view(rows, only) };
  bed.mounted = mount(bed.parent, snapshot, at);
  bed.listener.link('live');
}

export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
export const text = (): string => bed.parent.textContent ?? '';
export const names = (): (string | null)[] =>
  [...bed.parent.querySelectorAll('h3')].map(one => one.textContent);
export const button = (words: string): HTMLElement => {
  const found = [...bed.parent.querySelectorAll('button')].find(
    one => one.textContent === words || one.getAttribute('aria-label') === words
  );
  if (!found) {
    throw new Error(`no button ${words}`);
  }
  return found;
};

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
