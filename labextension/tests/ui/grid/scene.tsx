// A grid in a page, and what a reader does with it.
import { render, type JSX } from 'preact';
import { afterEach, beforeEach } from 'vitest';
import { plainly } from '../../../src/ui/host';
import { Grid, type GridColumn, type GridProps } from '../../../src/ui/grid';

export interface Sample {
  id: string;
  text: string;
}

export let parent: HTMLElement;

beforeEach(() => {
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(() => {
  render(null, parent);
  parent.remove();
});

export function columns(count: number): GridColumn[] {
  return Array.from({ length: count }, (_, at) => ({ key: `c${at}`, title: `C${at}`, width: 100 }));
}

export function samples(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({ id: `r${at}`, text: `text ${at}` }));
}

const cell = (row: Sample, column: GridColumn): JSX.Element => (
  <span>
    {row.text} {column.key}
  </span>
);

/** What grids of samples have in common: rows by key, of which `undefined` ones are still to come. */
export function propsOf(
  rows: readonly (Sample | undefined)[],
  more: Partial<GridProps<Sample>> = {}
): GridProps<Sample> {
  return {
    t: plainly,
    label: 'Samples',
    columns: columns(3),
    count: rows.length,
    rowAt: index => rows[index],
    keyOf: row => row.id,
    placeOf: key => {
      const at = rows.findIndex(row => row?.id === key);
      return at < 0 ? undefined : at;
    },
    cell,
    ...more
  };
}

export function draw(props: GridProps<Sample>): void {
  render(<Grid {...props} />, parent);
}

/** What was asked for is drawn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await Promise.resolve();
  }
}

export const grid = (): HTMLElement => parent.querySelector<HTMLElement>('.aml-grid')!;
export const lines = (): HTMLElement[] => [
  ...parent.querySelectorAll<HTMLElement>('.aml-rows > [role=row]')
];
export const at = (row: number, column: number): HTMLElement =>
  parent.querySelector<HTMLElement>(
    `[aria-rowindex="${row + 2}"] > [aria-colindex="${column + 1}"]`
  )!;

export async function scroll(top: number, left = 0): Promise<void> {
  grid().scrollTop = top;
  grid().scrollLeft = left;
  grid().dispatchEvent(new Event('scroll'));
  await settled();
}

export async function press(key: string, more: KeyboardEventInit = {}): Promise<boolean> {
  const isFree = document.activeElement!.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  );
  await settled();
  return isFree;
}
