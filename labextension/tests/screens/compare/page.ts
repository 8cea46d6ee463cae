// The page that a test of the comparison looks at.
import { afterEach, beforeEach } from 'vitest';
import { mountCompare } from '../../../src/screens/compare/mount';
import type { Host } from '../../../src/ui/host';
import type { CompareSnapshot, Mounted } from '../../../src/ui/snapshot';
import type { JsonScalar, PointsView, RunRowView } from '../../../src/contract.gen';
import { comparisonOf, row, SampleHost } from '../runs/sample';

export let parent: HTMLElement;
export let host: SampleHost;
export let mounted: Mounted<CompareSnapshot>;

export const find = <E extends Element = HTMLElement>(selector: string): E =>
  parent.querySelector<E>(selector)!;
export const findAll = <E extends Element = HTMLElement>(selector: string): E[] => [
  ...parent.querySelectorAll<E>(selector)
];
export const panel = (): HTMLElement => find('[role=tabpanel]:not([hidden])');
export const labelled = <E extends HTMLElement>(text: string): E =>
  [...panel().querySelectorAll('label')]
    .find(one => one.textContent!.trim().startsWith(text))!
    .querySelector<E>('input, select')!;
export const tab = (name: string): void =>
  findAll('[role=tab]')
    .find(one => one.textContent === name)!
    .click();
export const button = (text: string): HTMLElement =>
  [...panel().querySelectorAll('button')].find(one => one.textContent!.startsWith(text))!;
export const cells = (): string[][] =>
  [...panel().querySelectorAll('table tr')].map(line =>
    [...line.children].map(one => one.textContent!)
  );

export function change(input: HTMLInputElement | HTMLSelectElement, value: string): void {
  input.value = value;
  input.dispatchEvent(
    new Event(input instanceof HTMLInputElement && input.type === 'range' ? 'input' : 'change')
  );
}
export function points(...values: JsonScalar[]): PointsView {
  return { steps: values.map((_, at) => at), times: values.map((_, at) => at * 10), values };
}
export function trial(
  number: number,
  lr: number,
  acc: JsonScalar,
  more: Partial<RunRowView> = {}
): RunRowView {
  return row(number, {
    params: { lr, opt: number % 2 ? 'sgd' : 'adam', fixed: 1 },
    metrics: { acc },
    ...more
  });
}
export const TRIALS = [trial(1, 0.1, 0.5), trial(2, 0.2, 0.9), trial(3, 0.3, 0.7)];

export function mount(of: RunRowView[] = TRIALS, more: Partial<Host> = {}): void {
  const snapshot = comparisonOf(of);
  snapshot.view.overlays = [
    { name: 'acc', curves: of.map((_, at) => (at === 2 ? null : points(0, 'NaN', at))) }
  ];
  host = new SampleHost(more);
  mounted = mountCompare(parent, snapshot, host);
}

beforeEach(() => {
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(() => {
  mounted.dispose();
  parent.remove();
});
