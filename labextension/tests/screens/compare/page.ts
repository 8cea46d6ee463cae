// The page that a test of the comparison looks at, and a host that the test speaks for.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, vi } from 'vitest';
import { mount as mountScreen } from '../../../src/screens/compare/screen';
import type { CompareSnapshot } from '../../../src/screens/compare/state';
import { directionOf } from '../../../src/screens/run/direction';
import { plainly } from '../../../src/ui/host';
import type { Host, Link, Listener, Selection } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import type {
  Answers,
  ComparedMetricView,
  ComparedRunView,
  ComparedValueView,
  CompareEvent,
  CompareView,
  JsonScalar,
  PointsView,
  Questions
} from '../../../src/contract.gen';

const data = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
  string,
  string[]
>;
export const HOSTILE = [...data['markup']!, ...data['addresses']!, ...data['letters']!];

export interface Trial extends ComparedRunView {
  params: Record<string, JsonScalar>;
  tags: Record<string, JsonScalar>;
  metrics: Record<string, JsonScalar>;
}

export function run(number: number, more: Partial<Trial> = {}): Trial {
  return {
    id: `run-${number}`,
    short_id: `r${number}`,
    number,
    name: `name ${number}`,
    experiment: 'digits',
    status: 'Completed',
    elapsed: 12,
    started: new Date(Date.UTC(2026, 0, 1, 10, number)).toISOString(),
    params: {},
    tags: {},
    metrics: {},
    ...more
  };
}

export function trial(
  number: number,
  lr: number,
  acc: JsonScalar,
  more: Partial<Trial> = {}
): Trial {
  const params = { lr, opt: number % 2 ? 'sgd' : 'adam', fixed: 1 };
  return run(number, { params, metrics: { acc }, ...more });
}
export const TRIALS = [trial(1, 0.1, 0.5), trial(2, 0.2, 0.9), trial(3, 0.3, 0.7)];

export function viewOf(trials: Trial[], more: Partial<CompareView> = {}): CompareView {
  return {
    // what else a trial holds, a view does not know
    runs: trials,
    params: compared(trials.map(({ params }) => params)),
    tags: compared(trials.map(({ tags }) => tags)),
    metrics: compared(trials.map(({ metrics }) => metrics)).map(marked),
    overlays: [],
    objective: null,
    images: [],
    more: 0,
    ...more
  };
}

function compared(all: Record<string, JsonScalar>[]): ComparedValueView[] {
  return [...new Set(all.flatMap(values => Object.keys(values)))].map(name => {
    const values = all.map(each => (Object.hasOwn(each, name) ? each[name]! : null));
    return { name, values, differs: new Set(values).size > 1 };
  });
}

function marked(value: ComparedValueView): ComparedMetricView {
  const numbers = value.values.filter(one => typeof one === 'number');
  const at = (wanted: number): number[] =>
    value.values.flatMap((one, place) => (one === wanted && numbers.length > 1 ? [place] : []));
  const [low, high] = [at(Math.min(...numbers)), at(Math.max(...numbers))];
  const direction = directionOf(value.name);
  const best = direction === 'higher' ? high : direction === 'lower' ? low : [];
  return { ...value, direction, low, high, best };
}

export function points(...values: JsonScalar[]): PointsView {
  return { steps: values.map((_, at) => at), times: values.map((_, at) => at * 10), values };
}

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
