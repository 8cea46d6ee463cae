// A service, and the page that its screen is drawn in.
import { afterEach, beforeEach, vi } from 'vitest';
import type { Answers, Questions, ServiceEvent, ServiceView } from '../../../src/contract.gen';
import { mount as mountScreen } from '../../../src/screens/service/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';

export const NOW = 1_780_000_000;

export function service(fields: Partial<ServiceView> = {}): ServiceView {
  return {
    ...{ name: 'digits', kind: 'ACI', state: 'Healthy', error: null, description: '', tags: {} },
    ...{ author: 'Ada', created: '2026-01-01T10:00:00Z', updated: '2026-01-01T10:00:00Z' },
    ...{ revision: 2, answering: 2, is_wanted: true, authentication: 'key' },
    ...{ scoring_uri: 'http://127.0.0.1:6789/score', swagger_uri: null },
    models: [{ name: 'digits', version: '3' }],
    replicas: [
      {
        ...{ pid: 41, revision: 2, version: '', state: 'ready', since: '2026-01-01T10:00:00Z' },
        ...{ restarts: 0, busy: 1, waiting: 5, memory: 80_000_000 }
      }
    ],
    revisions: [revision(2, ['models: digits:1 → digits:3']), revision(1, [])],
    ...{ traffic: [], log_size: 6, log_tail: ['hello'] },
    load: load([[NOW - 2, 4, 1, 0]]),
    ...fields
  };
}

export function revision(number: number, changes: string[]): ServiceView['revisions'][number] {
  return {
    ...{ number, created: '2026-01-01T10:00:00Z', author: 'Ada', version: '', changes },
    ...{ entry_script: 'score.py', models: [{ name: 'digits', version: '3' }] },
    ...{ environment: '', replicas: '1' }
  };
}

/** Stretches: time, requests, errors, refused. */
export function load(
  rows: [at: number, requests: number, errors: number, refused: number][],
  end = NOW,
  width = 1
): ServiceView['load'] {
  return {
    ...{ width, end, times: rows.map(row => row[0]), requests: rows.map(row => row[1]) },
    ...{ errors: rows.map(row => row[2]), refused: rows.map(row => row[3]) },
    latency: rows.map(() => [1.5, 20, 120])
  };
}

type Replies = {
  [K in keyof Questions]?: (question: Questions[K]) => Answers[K] | Promise<Answers[K]>;
};

export let parent: HTMLElement;
export let mounted: Mounted | undefined;
export let listener: Listener<ServiceEvent>;
export const asked = vi.fn();
export const followed = vi.fn();
export const opened = vi.fn();

export function mount(view = service(), replies: Replies = {}): void {
  const host = {
    ...{ t: plainly, workspace: 'ws', open: opened },
    embed: () => ({ dispose: () => undefined }),
    ask: async (kind: keyof Questions, question: never) => {
      asked(kind, question);
      const reply = replies[kind] as ((question: never) => unknown) | undefined;
      if (!reply) {
        throw new Error(`no answer to ${kind}`);
      }
      return reply(question);
    },
    follow: (kind: string, subject: object, _token: unknown, told: Listener<ServiceEvent>) => {
      followed(kind, subject);
      listener = told;
      return { stop: () => undefined };
    }
  } as unknown as Host;
  mounted = mountScreen(parent, { version: 1, workspace: 'ws', view }, host);
}

export const text = (): string => parent.textContent ?? '';
export const find = <E extends HTMLElement>(selector: string): E =>
  parent.querySelector<E>(selector)!;
export const button = (words: string): HTMLButtonElement =>
  [...parent.querySelectorAll('button')].find(one => one.textContent === words)!;

export async function press(words: string): Promise<void> {
  button(words).click();
  await settle();
}

export async function tab(id: string): Promise<void> {
  find(`[data-tab=${id}]`).click();
  await settle();
}

export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await settle();
  mounted?.dispose();
  parent.remove();
  vi.useRealTimers();
  vi.clearAllMocks();
});
