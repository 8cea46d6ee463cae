// The page that a test of the table looks at.
import { afterEach, beforeEach, vi } from 'vitest';
import { mount as mountTable } from '../../../src/screens/runs/screen';
import type { Host } from '../../../src/ui/host';
import type { RunTableSnapshot } from '../../../src/screens/runs/state';
import type { Mounted } from '../../../src/ui/screen';
import { press, SampleHost } from './sample';

export let parent: HTMLElement;
export let host: SampleHost;
export let mounted: Mounted;

export function mount(snapshot: RunTableSnapshot, more: Partial<Host> = {}): void {
  host = new SampleHost(more);
  mounted = mountTable(parent, snapshot, host);
}
export const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
export const findAll = (selector: string): HTMLElement[] => [
  ...parent.querySelectorAll<HTMLElement>(selector)
];
export const lines = (): HTMLElement[] => findAll('.aml-rows [role=row]');
export const keys = (): string[] => lines().map(line => line.dataset['key']!);
export const line = (number: number): HTMLElement => find(`[data-key="run-${number}"]`);
export const cell = (number: number, column: number): HTMLElement =>
  line(number).children[column] as HTMLElement;
export const head = (title: string): HTMLElement =>
  findAll('[role=columnheader]').find(one => one.textContent.startsWith(title))!;
export const button = (text: string): HTMLButtonElement =>
  findAll('button').find(one => one.textContent.startsWith(text)) as HTMLButtonElement;
export const count = (): string => find('.aml-count').textContent;
export function type(text: string): void {
  const box = find('.aml-filter') as HTMLInputElement;
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}
/** Type, and ask at once. */
export function enter(text: string): void {
  type(text);
  press(find('.aml-filter'), 'Enter');
}
export const menu = (): string[] => findAll('[role^=menuitem]').map(one => one.textContent);
export const item = (text: string): HTMLElement =>
  findAll('[role^=menuitem]').find(one => one.textContent.endsWith(text))!;

/** Wait until something holds: what is told is drawn when there is time. */
export async function until(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000, interval: 5 });
}
/** What a click or a key changed is drawn. */
export async function drawn(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

beforeEach(() => {
  localStorage.clear();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(() => {
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});
