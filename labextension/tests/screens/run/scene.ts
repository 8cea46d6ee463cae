// A run, and a host that a test speaks for.
import { vi, type Mock } from 'vitest';
import type { Host, Link, Listener } from '../../../src/ui/host';
import { plainly } from '../../../src/ui/host';
import type { Answers, Questions, RunEvent } from '../../../src/contract.gen';
import type { RunSnapshot } from '../../../src/screens/run/state';
import type { LogPageView, MetricView, PointsView, RunView } from '../../../src/contract.gen';

export const START = Date.parse('2026-01-01T10:00:00Z');

export function points(values: (number | string)[], from = 0): PointsView {
  return {
    steps: values.map((_, place) => from + place),
    times: values.map((_, place) => from + place + 1),
    values
  };
}

export function metric(
  name: string,
  values: (number | string)[] | null = [1, 2, 3],
  fields: Partial<MetricView> = {}
): MetricView {
  return {
    ...{
      name,
      kind: 'scalar',
      count: values?.length ?? 1,
      last: values?.at(-1) ?? 1,
      low: 1,
      high: 3
    },
    ...{ points: values && points(values), table: null, matrix: null, charts: [], files: [] },
    ...fields
  };
}

export function run(fields: Partial<RunView> = {}): RunView {
  return {
    ...{
      id: 'run-1-long-id',
      short_id: 'run-1',
      number: 7,
      name: 'quick fox',
      experiment: 'digits',
      type: null,
      target: 'local'
    },
    ...{
      status: 'Running',
      is_terminal: false,
      reason: '',
      starred: false,
      archived: false,
      error: null,
      description: '',
      attempt: 1,
      parent: null
    },
    ...{
      created: '2026-01-01T10:00:00Z',
      started: '2026-01-01T10:00:00Z',
      ended: null,
      elapsed: 5
    },
    ...{
      params: { lr: 0.1 },
      tags: { team: 'blue' },
      metrics: [metric('loss')],
      images: [],
      files: [],
      children: []
    },
    ...{ log_tail: ['hello'], log_size: 6, warnings: [] },
    ...fields
  };
}

export function done(fields: Partial<RunView> = {}): RunView {
  return run({
    status: 'Completed',
    is_terminal: true,
    ended: '2026-01-01T10:00:09Z',
    elapsed: 9,
    ...fields
  });
}

export function snapshot(view: RunView): RunSnapshot {
  return { version: 1, workspace: 'ws', view };
}

export function page(fields: Partial<LogPageView> = {}): LogPageView {
  return {
    file: 'std.txt',
    files: ['std.txt'],
    start: 0,
    end: 6,
    size: 6,
    lines: ['hello'],
    errors: [],
    times: (fields.lines ?? ['hello']).map(() => null),
    ...fields
  };
}

type Answer = (question: never) => unknown;

export class TestHost implements Host {
  readonly t = plainly;
  readonly workspace = 'ws';
  readonly embed = (): { dispose: () => void } => ({ dispose: () => undefined });
  readonly stop = vi.fn();
  readonly asked: Mock = vi.fn();
  listeners: Listener<RunEvent>[] = [];

  constructor(
    readonly answers: {
      [K in keyof Questions]?: (question: Questions[K]) => Answers[K] | Promise<Answers[K]>;
    } = {}
  ) {}

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.asked(kind, question);
    const answer = this.answers[kind] as Answer | undefined;
    if (!answer) {
      throw new Error(`no answer to ${kind}`);
    }
    return (await answer(question as never)) as Answers[K];
  }

  follow(...args: unknown[]): { stop: () => void } {
    this.listeners.push(args[3] as Listener<RunEvent>);
    return { stop: this.stop };
  }

  /** What watches edits of the run. */
  readonly edited = new Set<() => void>();

  watchEdits(_run: string, edited: () => void): () => void {
    this.edited.add(edited);
    return () => this.edited.delete(edited);
  }

  tell(event: RunEvent): void {
    this.listeners.at(-1)!.event(event);
  }

  link(link: Link, message?: string): void {
    this.listeners.at(-1)!.link(link, message);
  }

  questions(kind: keyof Questions): unknown[] {
    return this.asked.mock.calls.filter(call => call[0] === kind).map(call => call[1] as unknown);
  }
}

/** Let answers arrive and everything be drawn. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(250);
}

export function button(parent: ParentNode, text: string | RegExp): HTMLButtonElement {
  const matches = (each: Element): boolean =>
    [each.textContent ?? '', each.getAttribute('aria-label') ?? ''].some(words =>
      typeof text === 'string' ? words === text : text.test(words)
    );
  const found = [...parent.querySelectorAll('button')].find(matches);
  if (!found) {
    throw new Error(`no button ${String(text)}`);
  }
  return found;
}
