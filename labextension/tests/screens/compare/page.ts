// The page that a test of the comparison looks at, and a host that the test speaks for.
import { afterEach, beforeEach, vi } from 'vitest';
import { mount as mountScreen } from '../../../src/screens/compare/screen';
import type { CompareSnapshot } from '../../../src/screens/compare/state';
import { plainly } from '../../../src/ui/host';
import type { Host, Link, Listener, Selection } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import type { Answers, CompareEvent, CompareView, Questions } from '../../../src/contract.gen';
import { points, TRIALS, viewOf, type Trial } from './sample';

export * from './sample';

export class SampleSelection implements Selection {
  ids: string[] = [];
  told: string[][] = [];

  get(): string[] {
    return this.ids;
  }

  set(ids: string[]): void {
    this.ids = ids;
    this.told.push(ids);
  }

  subscribe(): () => void {
    return () => undefined;
  }
}

type Answering = { [K in keyof Questions]?: (question: Questions[K]) => unknown };

export class SampleHost implements Host {
  readonly t = plainly;
  readonly workspace = 'ws';
  readonly asked: [kind: string, question: Record<string, unknown>][] = [];
  readonly followed: unknown[] = [];
  readonly embedded: unknown[] = [];
  stopped = 0;
  answers: Answering = {};
  listener!: Listener<CompareEvent>;
  readonly selection?: Selection;

  constructor(more: Partial<Host> & { answers?: Answering } = {}) {
    Object.assign(this, more);
  }

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    this.asked.push([kind, question as Record<string, unknown>]);
    const answer = this.answers[kind];
    if (!answer) {
      throw new Error('the server is away');
    }
    return answer(question) as Answers[K];
  }

  follow(
    _: unknown,
    subject: unknown,
    __: string | null,
    listener: Listener<never>
  ): { stop(): void } {
    this.followed.push(subject);
    this.listener = listener;
    return { stop: () => (this.stopped += 1) };
  }

  embed(parent: HTMLElement, subject: unknown): { dispose(): void } {
    this.embedded.push(subject);
    parent.append('a run');
    return { dispose: () => this.embedded.push('gone') };
  }

  async tell(event: CompareEvent): Promise<void> {
    await shown(() => this.listener.event(event));
  }

  async view(view: CompareView): Promise<void> {
    await this.tell({ type: 'view', token: '1', view });
  }

  async link(link: Link, message?: string): Promise<void> {
    await shown(() => this.listener.link(link, message));
  }
}

export let parent: HTMLElement;
export let host: SampleHost;
export let mounted: Mounted;

/** Do something, and let all be drawn and answered that follows from it. */
export async function shown(change: () => void = () => undefined): Promise<void> {
  change();
  await vi.advanceTimersByTimeAsync(500);
}

export const find = <E extends Element = HTMLElement>(selector: string): E =>
  parent.querySelector<E>(selector)!;
export const findAll = <E extends Element = HTMLElement>(selector: string): E[] => [
  ...parent.querySelectorAll<E>(selector)
];
export const panel = (): HTMLElement => find('[role=tabpanel]');
export const labelled = <E extends HTMLElement = HTMLSelectElement>(text: string): E =>
  findAll('label')
    .find(one => one.textContent.trim().startsWith(text))!
    .querySelector<E>('input, select')!;
export const tab = (name: string): Promise<void> =>
  shown(() =>
    findAll('[role=tab]')
      .find(one => one.textContent === name)!
      .click()
  );
export const button = (text: string): HTMLElement =>
  findAll('button').find(one => one.textContent.startsWith(text))!;
export const click = (node: HTMLElement): Promise<void> => shown(() => node.click());
export const cells = (): string[][] =>
  [...panel().querySelectorAll('table tr')].map(line =>
    [...line.children].map(one => one.textContent)
  );
export const focused = (): HTMLElement => document.activeElement as HTMLElement;

export function change(input: HTMLInputElement | HTMLSelectElement, value: string): Promise<void> {
  return shown(() => {
    input.value = value;
    input.dispatchEvent(new Event(input.type === 'range' ? 'input' : 'change'));
  });
}

export function press(target: Element, key: string): Promise<void> {
  return shown(() =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  );
}

/** Open the table below a picture. */
export function unfold(): Promise<void> {
  return shown(() => {
    const details = panel().querySelector('details')!;
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  });
}

export async function mount(
  of: Trial[] = TRIALS,
  more: ConstructorParameters<typeof SampleHost>[0] = {},
  fields: Partial<CompareView> & { subject?: CompareSnapshot['subject'] } = {}
): Promise<void> {
  const { subject, ...rest } = fields;
  const overlays = [
    { name: 'acc', curves: of.map((_, at) => (at === 2 ? null : points(0, 'NaN', at))) }
  ];
  const view = viewOf(of, { overlays, ...rest });
  host = new SampleHost(more);
  await shown(() => {
    mounted = mountScreen(parent, { version: 1, workspace: 'ws', view, subject } as never, host);
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});
