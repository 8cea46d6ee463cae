// The page that a test of the screen of a run looks at.
import { afterEach, beforeEach, vi } from 'vitest';
import { mount } from '../../../src/screens/run/screen';
import type { RunView } from '../../../src/contract.gen';
import type { Host, Link } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { run, settle, snapshot, START, TestHost } from './scene';

export * from './scene';
export let parent: HTMLElement;
export let host: TestHost;
export let mounted: Mounted;

/** Shows a run through a host of these answers, whose link is this. */
export async function open(
  view: RunView = run(),
  answers: TestHost['answers'] = {},
  { link = view.is_terminal ? 'ended' : 'live', ...more }: Partial<Host> & { link?: Link } = {}
): Promise<void> {
  host = Object.assign(new TestHost(answers), more);
  mounted = mount(parent, snapshot(view), host);
  host.link(link);
  await settle();
}

export const find = <E extends HTMLElement>(selector: string): E =>
  parent.querySelector<E>(selector)!;
export const findAll = <E extends HTMLElement>(selector: string): E[] => [
  ...parent.querySelectorAll<E>(selector)
];
/** The tab that is open. */
export const shown = (): HTMLElement => find('[role=tabpanel]:not([hidden])');

export async function openTab(id: string): Promise<void> {
  find(`[data-tab=${id}]`).click();
  await settle();
}

export async function type(
  box: HTMLInputElement | HTMLTextAreaElement,
  text: string
): Promise<void> {
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
}

export async function press(target: Element, key: string): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  await settle();
  return event;
}

export async function update(fields: object): Promise<void> {
  host.tell({ type: 'update', token: '', update: fields });
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle(); // What is put off must not wait for timers that are gone.
  vi.useRealTimers();
  vi.restoreAllMocks();
  parent.remove();
});
