// The page that a test of the screen of a dataset looks at.
import { afterEach, beforeEach, vi } from 'vitest';
import { mount as mountScreen } from '../../../src/screens/dataset/screen';
import type { Host } from '../../../src/ui/host';
import type { Answers, Questions } from '../../../src/contract.gen';
import type { Mounted } from '../../../src/ui/screen';
import type { DatasetView } from '../../../src/contract.gen';
import { dataset, pageOf } from './scene_data';
import { TestHost } from '../run/scene';

export * from './scene_data';
export let parent: HTMLElement;
export let host: TestHost;
export let mounted: Mounted;

type Replies = {
  [K in keyof Questions]?: (question: Questions[K]) => Answers[K] | Promise<Answers[K]>;
};

export function mount(
  view: DatasetView = dataset(),
  answers: Replies = {},
  more: Partial<Host> = {}
): void {
  host = Object.assign(new TestHost({ dataset_rows: pageOf, ...answers }), more);
  mounted = mountScreen(parent, { version: 1, workspace: 'ws', view }, host);
}

export const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
export const findAll = (selector: string): HTMLElement[] => [
  ...parent.querySelectorAll<HTMLElement>(selector)
];
export const text = (): string => parent.textContent ?? '';
export const tab = (title: string): void =>
  findAll('[role=tab]')
    .find(one => one.textContent === title)!
    .click();
export const line = (row: number): HTMLElement => find(`.aml-rows [aria-rowindex="${row + 2}"]`);
/** What a cell of a column says to the pointer. */
export const titleOf = (row: number, col: number): string =>
  cell(row, col).querySelector('[title]')!.getAttribute('title')!;
/** The title and the type of a column. */
export const headText = (col: number): string =>
  ['.aml-head-text', '.aml-data-type']
    .map(one => cell(-1, col).querySelector(one)!.textContent)
    .join(' ');
export const cell = (row: number, col: number): HTMLElement =>
  (row < 0 ? find('.aml-head') : line(row)).querySelector<HTMLElement>(
    `[aria-colindex="${col + 2}"]`
  )!;
export const drawnRows = (): number[] =>
  findAll('.aml-rows [role=row]').map(one => Number(one.getAttribute('aria-rowindex')) - 2);

export function type(words: string): void {
  const box = find('.aml-filter') as HTMLInputElement;
  box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
}

export async function wait(milliseconds = 500): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(async () => {
  await wait(); // Effects that wait would keep those of the next test from running.
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
