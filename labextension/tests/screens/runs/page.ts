// The page that a test of the table looks at.
import { afterEach, beforeEach, vi } from 'vitest';
import { mountRunTable } from '../../../src/screens/runs/mount';
import type { Host } from '../../../src/ui/host';
import type { Mounted, RunTableSnapshot } from '../../../src/ui/snapshot';
import { SampleHost } from './sample';

export let parent: HTMLElement;
export let host: SampleHost;
export let mounted: Mounted<RunTableSnapshot>;

export function mount(snapshot: RunTableSnapshot, more: Partial<Host> = {}): void {
  host = new SampleHost(more);
  mounted = mountRunTable(parent, snapshot, host);
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
  findAll('[role=columnheader]').find(one => one.textContent!.startsWith(title))!;
export const button = (text: string): HTMLButtonElement =>
  findAll('button').find(one => one.textContent!.startsWith(text)) as HTMLButtonElement;
export const count = (): string => find('.aml-count').textContent!;
export function type(text: string): void {
  const box = find('.aml-filter') as HTMLInputElement;
  box.value = text;
  box.dispatchEvent(new Event('input'));
}

beforeEach(() => {
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(() => {
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});
