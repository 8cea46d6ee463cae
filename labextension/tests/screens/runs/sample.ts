// Rows, comparisons and a host for the tests of the table and the comparison.
import { readFileSync } from 'node:fs';
import { plainly } from '../../../src/ui/host';
import type { Host, Listener, Selection, Subject } from '../../../src/ui/host';
import type { Answers, Events, Questions } from '../../../src/contract.gen';
import type { RunTableSnapshot } from '../../../src/screens/runs/state';
import type { RunQuery, RunRowView } from '../../../src/contract.gen';

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
    view: { params: [], metrics: [], rows: of, more, groups: null }
  };
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

/** A host with runs that it finds as the store would, and through which a test tells the screen. */
export class SampleHost implements Host {
  readonly t = plainly;
  readonly workspace = 'ws';
  readonly asked: [kind: string, question: unknown][] = [];
  readonly followed: unknown[] = [];
  readonly embedded: { subject: Subject; parent: HTMLElement; selection?: Selection }[] = [];
  stopped = 0;
  disposed = 0;
  /** All runs in their order; null where the server is away. */
  all: RunRowView[] | null = null;
  /** What the host says to questions of other kinds; an Error is thrown. */
  says: Record<string, unknown> = {};
  open?: (subject: Subject) => void;
  insert?: (code: string, isRun: boolean) => void;
  readonly selection?: Selection;
  readonly #listeners = new Map<string, Listener<never>>();

  constructor(more: Partial<Host> = {}) {
    Object.assign(this, more);
  }

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.asked.push([kind, question]);
    await Promise.resolve();
    const answer = kind in this.says ? this.says[kind] : this.#found(kind, question);
    if (answer instanceof Error) {
      throw answer;
    }
    return (await answer) as Answers[K];
  }

  #found(kind: string, question: unknown): unknown {
    const { query = {}, offset = 0, limit } = question as Partial<Questions['runs']>;
    if (this.all === null) {
      return new Error('the server is away');
    }
    const found = this.found(query);
    if (kind === 'run_ids') {
      return { ids: found.map(({ id }) => id) };
    }
    if (kind === 'runs_summary') {
      return { key: null, value: null, count: found.length, statuses: {}, metrics: {} };
    }
    const rows = found.slice(offset, offset + (limit ?? found.length));
    return { params: [], metrics: [], rows, more: found.length - offset - rows.length };
  }

  /** The runs of a query: those that have all words, or the number that a filter names, in the order of a parameter. */
  found({ words = '', find = '', sort = '', group }: RunQuery): RunRowView[] {
    const lost = (one: RunRowView): boolean =>
      words.split(' ').some(word => !`#${one.number} ${one.name} ${one.status}`.includes(word));
    const [, sign, number] = /number (>|=) (\d+)/.exec(find) ?? [];
    const meets = (one: RunRowView): boolean =>
      sign === undefined ||
      (sign === '>' ? one.number > Number(number) : one.number === Number(number));
    const found = this.all!.filter(one => !lost(one) && meets(one)).filter(
      one => !group || String(one.params[group.by.slice(7)]) === group.key
    );
    const [, name, way] = /^params\.(\w+) (asc|desc)$/.exec(sort) ?? [];
    const step = way === 'desc' ? -1 : 1;
    return name === undefined
      ? found
      : [...found].sort((a, b) => step * (Number(a.params[name]) - Number(b.params[name])));
  }

  follow(
    kind: keyof Events,
    subject: unknown,
    _token: string | null,
    listener: Listener<never>
  ): { stop(): void } {
    this.followed.push(subject);
    this.#listeners.set(kind, listener);
    return { stop: () => (this.stopped += 1) };
  }

  embed(parent: HTMLElement, subject: Subject, selection?: Selection): { dispose(): void } {
    parent.append(`screen of ${subject.kind}`);
    this.embedded.push({ subject, parent, selection });
    return { dispose: () => (this.disposed += 1) };
  }

  to<K extends keyof Events>(kind: K): Listener<Events[K]> {
    return this.#listeners.get(kind) as unknown as Listener<Events[K]>;
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
