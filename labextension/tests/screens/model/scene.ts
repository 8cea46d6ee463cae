// A version of a model, and the page that its screen is drawn in.
import { afterEach, beforeEach, vi } from 'vitest';
import type { ModelView } from '../../../src/contract.gen';
import { mount } from '../../../src/screens/model/screen';
import type { Host } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { model } from '../models/sample';
import { settle, TestHost } from '../run/scene';

export let parent: HTMLElement;
export let host: TestHost;
export let mounted: Mounted;
type Replies = ConstructorParameters<typeof TestHost>[0];

export async function show(
  view: ModelView = model(),
  answers: Replies = {},
  more: Partial<Host> = {}
): Promise<void> {
  host = Object.assign(new TestHost({ model: () => view, ...answers }), more);
  mounted = mount(parent, { version: 1, workspace: 'ws', view }, host);
  await settle();
}

export const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
export const text = (selector = 'section'): string => find(selector).textContent ?? '';

export async function tab(id: string): Promise<void> {
  find(`[data-tab=${id}]`).click();
  await settle();
}

export function fill(selector: string, value: string): void {
  const box = find(selector) as HTMLTextAreaElement;
  box.value = value;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

export async function choose(selector: string, value: string): Promise<void> {
  const select = find(selector) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

export async function submit(): Promise<void> {
  await settle();
  find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});
