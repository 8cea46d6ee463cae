import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunView } from '../../../../src/contract.gen';
import { CurvesPage, drag } from '../curves_page';
import { metric, run, settle, START } from '../scene';

vi.mock('../../../../src/ui/chart/chart', async () => ({
  Chart: (await import('../fake_chart')).FakeChart
}));

let page: CurvesPage;

const of = (...names: string[]): RunView => run({ metrics: names.map(name => metric(name)) });

function open(...args: ConstructorParameters<typeof CurvesPage>): void {
  page = new CurvesPage(...args);
}

/** The words that the menu of a chart offers, and those that are on or off. */
const menu = (title: string): string[] =>
  page.chart(title).menu!()
    .flat()
    .map(({ label }) => label);
const item = (title: string, text: string) =>
  page.chart(title).menu!()
    .flat()
    .find(({ label }) => label === text)!;
const figure = (title: string): HTMLElement =>
  page.parent.querySelector(`.aml-run-curve[aria-label="${title}"]`)!;

/** An event of something that is dragged over a chart; returns whether the chart takes it. */
function over(title: string, type: string, kinds: string[], clientX = 50): boolean {
  const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX });
  const dataTransfer = { types: kinds, getData: () => 'a', setDragImage: () => undefined };
  Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
  vi.spyOn(figure(title), 'getBoundingClientRect').mockReturnValue({
    left: 0,
    width: 100
  } as DOMRect);
  figure(title).dispatchEvent(event);
  return event.defaultPrevented;
}
const CHART = 'application/x-aml-chart';

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
});
afterEach(async () => {
  page.remove();
  await settle(); // What is put off must not wait for timers that are gone.
  vi.useRealTimers();
});

describe('the menu of a chart, which keys open', () => {
  it('moves it to both sides, as far as there is one', () => {
    open(of('a', 'b', 'c'));
    expect(item('a', 'Move before').isDisabled).toBe(true);
    expect(item('c', 'Move behind').isDisabled).toBe(true);
    page.choose('a', 'Move behind');
    expect(page.titles).toEqual(['b', 'a', 'c']);
    page.choose('a', 'Move behind');
    expect(page.titles).toEqual(['b', 'c', 'a']);
    expect(item('a', 'Move behind').isDisabled).toBe(true);
    page.choose('a', 'Move before');
    expect(page.titles).toEqual(['b', 'a', 'c']);
  });

  it('says whether the chart is pinned, and takes the pin out again', () => {
    open(of('a', 'b', 'c'));
    page.choose('c', 'Pin to the top');
    expect([page.titles, item('c', 'Pin to the top').isOn]).toEqual([['c', 'a', 'b'], true]);
    page.choose('c', 'Pin to the top');
    expect([page.titles, item('c', 'Pin to the top').isOn]).toEqual([['a', 'b', 'c'], false]);
  });

  it('moves a pinned chart among those that are pinned', () => {
    open(of('a', 'b', 'c'));
    page.choose('b', 'Pin to the top');
    page.choose('c', 'Pin to the top');
    expect(page.titles).toEqual(['b', 'c', 'a']);
    page.choose('c', 'Move before');
    expect(page.titles).toEqual(['c', 'b', 'a']);
    expect(item('a', 'Move before').isDisabled).toBe(true);
  });

  it('splits a chart only where it has several metrics, and combines with the partner first', () => {
    open(of('x', 'loss', 'val_loss'));
    expect(menu('loss').some(text => text.startsWith('Split'))).toBe(false);
    expect(menu('loss').filter(text => text.startsWith('Combine'))).toEqual([
      'Combine with val_loss',
      'Combine with x'
    ]);
    page.choose('loss', 'Combine with x');
    expect(page.titles).toEqual(['loss + x', 'val_loss']);
    page.choose('loss + x', 'Split into 2 charts');
    expect(page.titles).toEqual(['x', 'loss', 'val_loss']);
  });

  it('offers eight partners at most', () => {
    open(of(...Array.from({ length: 30 }, (_, place) => `m${place}`)));
    expect(menu('m0').filter(text => text.startsWith('Combine'))).toHaveLength(8);
  });
});

describe('a chart that is dragged', () => {
  it('shows where it would come to stand, and no longer once it is dragged on', async () => {
    open(of('a', 'b'));
    for (const [x, side] of [
      [10, 'before'],
      [50, 'into'],
      [90, 'after']
    ] as const) {
      expect(over('b', 'dragover', [CHART], x)).toBe(true);
      await settle();
      expect(figure('b').className).toContain(`aml-drop-${side}`);
    }
    over('b', 'dragleave', [CHART]);
    await settle();
    expect(figure('b').className).not.toContain('aml-drop');
  });

  it('is told from a file or a text, which a chart does not take', async () => {
    open(of('a', 'b'));
    expect(over('b', 'dragover', ['Files'])).toBe(false);
    expect(over('b', 'drop', ['text/plain'])).toBe(false);
    await settle();
    expect(figure('b').className).not.toContain('aml-drop');
    expect(page.titles).toEqual(['a', 'b']);
  });

  it('of another panel changes nothing here', () => {
    open(of('b', 'c'));
    expect(over('b', 'drop', [CHART])).toBe(true);
    expect(page.titles).toEqual(['b', 'c']);
  });

  it('comes to stand in the section that it is dropped in', () => {
    open(of('a', 'b', 'c'));
    page.choose('a', 'Pin to the top');
    drag(page.parent, 'c', 'b', 0.1);
    expect(page.titles).toEqual(['a', 'c', 'b']);
  });
});

describe('charts that are hidden', () => {
  it('come back one by one, or all at once', async () => {
    open(of('a', 'b', 'c'));
    page.choose('a', 'Hide');
    const button = (): HTMLButtonElement =>
      page.parent.querySelector('button[aria-label="Hidden charts"]')!;
    expect(button().textContent).toBe('1 hidden');
    page.choose('c', 'Hide');
    expect([page.titles, button().textContent]).toEqual([['b'], '2 hidden']);
    button().click();
    await settle();
    const items = (): HTMLElement[] => [
      ...document.querySelectorAll<HTMLElement>('[role^=menuitem]')
    ];
    expect(items().map(one => one.textContent.trim())).toEqual(['Show all', 'Show a', 'Show c']);
    items()[2]!.click();
    await settle();
    expect(page.titles).toEqual(['b', 'c']);
    page.choose('b', 'Hide');
    button().click();
    await settle();
    items()[0]!.click();
    await settle();
    expect([page.titles, button()]).toEqual([['a', 'b', 'c'], null]);
  });

  it('are not found by their names, and say that they are there when nothing else is', () => {
    open(of('a'));
    page.choose('a', 'Hide');
    expect(page.titles).toEqual([]);
    expect(page.text).toContain('1 hidden');
  });
});
