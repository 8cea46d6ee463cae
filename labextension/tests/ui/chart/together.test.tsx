import { render } from 'preact';
import { act } from 'preact/test-utils';
import { useState } from 'preact/hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Chart } from '../../../src/ui/chart/chart';
import type { ChartProps, Range } from '../../../src/ui/chart/contract';
import { canvas } from '../chart_canvas';
import { ChartPage, props, room, series } from '../chart_page';

let parent: HTMLElement;
let page: ChartPage | null = null;

const figures = (): HTMLElement[] => [...parent.querySelectorAll<HTMLElement>('figure')];
const tips = (): string[] =>
  figures().map(one => one.querySelector('.aml-chart-tip')?.textContent ?? '');
const plot = (at: number): HTMLElement => figures()[at]!.querySelector('.aml-chart-plot')!;
const press = (at: number, key: string): void =>
  void act(() => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    plot(at).dispatchEvent(event);
  });
const resets = (): number => figures().filter(one => one.textContent.includes('Reset zoom')).length;

async function point(at: number, type: string, clientX: number): Promise<void> {
  const event = new MouseEvent(type, { clientX, clientY: 40, bubbles: true });
  Object.defineProperty(event, 'movementX', { value: 1 });
  await act(async () => {
    figures()[at]!.querySelector('canvas')!.dispatchEvent(event);
    await new Promise(done => requestAnimationFrame(done));
  });
}

/** Charts that share where they are zoomed to and where their cursor is, as those of a screen do. */
function Together({ charts }: { charts: Partial<ChartProps>[] }) {
  const [zoom, onZoom] = useState<Range | null>(null);
  const [cursor, onCursor] = useState<number | null>(null);
  return (
    <>
      {charts.map((one, at) => (
        <Chart
          key={at}
          {...props({ title: `chart ${at}`, ...one })}
          {...{ zoom, onZoom }}
          {...{ cursor, onCursor }}
        />
      ))}
    </>
  );
}
const show = (...charts: Partial<ChartProps>[]): void =>
  void act(() => render(<Together charts={charts} />, parent));

beforeEach(() => {
  room.state.width = 400;
  room.state.isSeen = true;
  parent = document.body.appendChild(document.createElement('div'));
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => canvas().context);
});
afterEach(() => {
  void act(() => render(null, parent));
  parent.remove();
  page?.remove();
  page = null;
  vi.restoreAllMocks();
});

describe('charts that stand together', () => {
  const long = series(Array.from({ length: 11 }, (_, at) => at * 10));

  it('read out the same x, and only the one under the pointer says which it is', async () => {
    show({ curves: [long] }, { curves: [series([5, 6, 7, 8])] }, { curves: [] });
    await point(0, 'pointermove', 150);
    const [own, other, none] = tips();
    const x = Number(/^step (\d)/.exec(own!)![1]);
    expect(own).toBe(`step ${x}${x * 10}`);
    expect(other).toBe(x <= 3 ? String(5 + x) : '');
    expect(none).toBe('');
    expect(figures().map(one => one.querySelector('.aml-chart-cross') !== null)[0]).toBe(true);
    await point(0, 'pointerleave', 150);
    expect(tips()).toEqual(['', '', '']);
  });

  it('are zoomed in step by a drag over one of them, and shown whole by Escape in another', async () => {
    show({ curves: [long] }, { curves: [long] });
    await point(0, 'pointerdown', 100);
    await point(0, 'pointermove', 200);
    await point(0, 'pointerup', 200);
    expect(resets()).toBe(2);
    press(1, 'Escape');
    expect(resets()).toBe(0);
  });

  it('follow the keys of one of them, and its cursor goes with the focus', () => {
    show({ curves: [long] }, { curves: [long] });
    plot(1).focus();
    press(1, 'Home');
    press(1, 'ArrowRight');
    expect(tips()).toEqual(['10', 'step 110']);
    press(1, '+');
    expect(resets()).toBe(2);
    void act(() => plot(1).blur());
    expect(tips()).toEqual(['', '']);
  });

  it('that have other steps are zoomed to the same x and say where they have no point', () => {
    show({ curves: [long] }, { curves: [series([1, 2], { x: [100, 200] })] });
    press(0, '+');
    const notes = figures().map(one => one.querySelector('.aml-chart-note')?.textContent);
    expect(notes).toEqual([undefined, 'There is no point in this stretch.']);
  });
});

describe('a pointer over a chart', () => {
  it('that is lifted like a finger leaves what it reads', async () => {
    page = new ChartPage();
    await page.pointer('pointermove', 395);
    const leave = new MouseEvent('pointerleave', { clientX: 395 });
    Object.defineProperty(leave, 'pointerType', { value: 'touch' });
    void act(() => void page!.plot.dispatchEvent(leave));
    expect(page.tip).toBe('step 30.21');
  });

  it('that stands while something moves below it reads nothing', async () => {
    page = new ChartPage();
    const still = new MouseEvent('pointermove', { clientX: 395, bubbles: true });
    void act(() => void page!.find('canvas')!.dispatchEvent(still));
    await act(() => new Promise(done => requestAnimationFrame(() => done(undefined))));
    expect(page.tip).toBe('');
  });

  it('of another button drags nothing', async () => {
    const onZoom = vi.fn();
    page = new ChartPage({ onZoom });
    const down = new MouseEvent('pointerdown', { clientX: 40, button: 2, bubbles: true });
    void act(() => void page!.find('canvas')!.dispatchEvent(down));
    await page.pointer('pointermove', 200);
    await page.pointer('pointerup', 200);
    expect([onZoom.mock.calls, page.find('.aml-chart-band')]).toEqual([[], null]);
  });

  it('that leaves the chart in a drag zooms to its edge', async () => {
    const onZoom = vi.fn<(range: Range | null) => void>();
    page = new ChartPage({ onZoom });
    await page.pointer('pointerdown', 200);
    await page.pointer('pointermove', 9_000);
    await page.pointer('pointerup', 9_000);
    expect(onZoom.mock.lastCall![0]![1]).toBe(3);
  });

  it('drags to the left as well as to the right', async () => {
    const onZoom = vi.fn<(range: Range | null) => void>();
    page = new ChartPage({ onZoom });
    await page.pointer('pointerdown', 300);
    await page.pointer('pointerup', 100);
    const [low, high] = onZoom.mock.lastCall![0]!;
    expect(low).toBeLessThan(high);
  });
});

describe('a cursor', () => {
  it('reads the bounds of a band with its mean', () => {
    const band = { low: [1, 2], high: [5, 6] };
    page = new ChartPage({ curves: [series([3, 4], { band })], smoothing: 0 });
    page.press('End');
    expect(page.tip).toBe('step 14 (2 – 6)');
  });

  it('names curves as text, with as many marks as can be told apart', () => {
    const curves = Array.from({ length: 30 }, (_, at) =>
      series([at, at], { name: `<i>${at}\u202e`, color: at })
    );
    page = new ChartPage({ curves });
    page.press('End');
    expect(page.parent.querySelectorAll('.aml-chart-mark')).toHaveLength(20);
    expect(page.find('.aml-chart-tip i')).toBeNull();
    expect(page.tip).toContain('\ufffd');
    expect(page.tip).toMatch(/and \d+ more$/);
  });

  it('is not over a curve that is hidden, nor outside of the stretch that is shown', () => {
    page = new ChartPage({
      curves: [series([1, 2, 3]), series([7, 8, 9], { name: 'other', color: 1 })],
      cursor: 2
    });
    expect(page.tip).toContain('9');
    page.click('other');
    expect(page.tip).not.toContain('9');
    page.set({ zoom: [0, 1] });
    expect(page.tip).toBe('');
  });
});
