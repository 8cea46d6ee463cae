// Rows, comparisons and a host for the tests of the table and the comparison.
import { readFileSync } from 'node:fs';
import { plainly } from '../../../src/ui/host';
import type { Host, Listener, Selection } from '../../../src/ui/host';
import type { Answers, Events, Questions } from '../../../src/contract.gen';
import type { CompareSnapshot, RunTableSnapshot } from '../../../src/ui/snapshot';
import { compareSnapshot } from '../../../src/screens/runs/comparison';
import type { RunRowView } from '../../../src/contract.gen';

const data = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
  string,
  string[]
>;
export const HOSTILE = [...data['markup']!, ...data['addresses']!, ...data['letters']!];

export function row(number: number, more: Partial<RunRowView> = {}): RunRowView {
  return {
    id: `run-${number}`,
    short_id: `r${number}`,
    number,
    name: `name ${number}`,
    experiment: 'digits',
    status: 'Completed',
    reason: '',
    starred: false,
    archived: false,
    started: '2024-05-01T10:00:00Z',
    elapsed: 12,
    params: {},
    tags: {},
    metrics: {},
    sparklines: {},
    ...more
  };
}

export function rows(
  count: number,
  more: (number: number) => Partial<RunRowView> = () => ({})
): RunRowView[] {
  return Array.from({ length: count }, (_, at) => row(count - at, more(count - at)));
}

export function tableOf(of: RunRowView[], more = 0): RunTableSnapshot {
  return {
    version: 1,
    workspace: 'ws',
    query: {},
    view: { params: [], metrics: [], rows: of, more }
  };
}

export function comparisonOf(of: RunRowView[]): CompareSnapshot {
  return compareSnapshot('ws', of);
}

export class SampleSelection implements Selection {
  ids: string[] = [];
  told: string[][] = [];
  listener: ((ids: string[]) => void) | null = null;

  get(): string[] {
    return this.ids;
  }

  set(ids: string[]): void {
    this.ids = ids;
    this.told.push(ids);
  }

  subscribe(changed: (ids: string[]) => void): () => void {
    this.listener = changed;
    return () => (this.listener = null);
  }
}

/** A host that is told what to answer, and through which a test tells the screen. */
export class SampleHost implements Host {
  readonly t = plainly;
  readonly asked: unknown[] = [];
  readonly followed: unknown[] = [];
  stopped = 0;
  answers: ((question: Questions['runs']) => Answers['runs'] | Promise<Answers['runs']>) | null =
    null;
  openRun?: (run: string) => void;
  openCompare?: (runs: string[]) => void;
  toNotebook?: (runs: string[]) => void;
  readonly selection?: Selection;
  private readonly listeners = new Map<string, Listener<never>>();

  constructor(more: Partial<Host> = {}) {
    Object.assign(this, more);
  }

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.asked.push([kind, question]);
    if (!this.answers) {
      throw new Error('the server is away');
    }
    return (await this.answers(question as Questions['runs'])) as Answers[K];
  }

  follow(
    kind: keyof Events,
    subject: unknown,
    _token: string | null,
    listener: Listener<never>
  ): { stop(): void } {
    this.followed.push(subject);
    this.listeners.set(kind, listener);
    return { stop: () => (this.stopped += 1) };
  }

  to<K extends keyof Events>(kind: K): Listener<Events[K]> {
    return this.listeners.get(kind) as unknown as Listener<Events[K]>;
  }
}

export function press(target: Element, key: string, more: KeyboardEventInit = {}): boolean {
  return target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  );
}

export function focused(): HTMLElement {
  return document.activeElement as HTMLElement;
}
