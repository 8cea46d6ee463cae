import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawChart } from '../../src/ui/chart/chart';
import type { Chart, ChartOptions, Series } from '../../src/ui/chart/contract';
import { plainly } from '../../src/ui/host';
import { canvas, type Call } from './chart_canvas';

const NAN = NaN;

function series(y: number[], more: Partial<Series> = {}): Series {
  return { name: 'loss', style: 'line', color: 0, x: y.map((_, place) => place), y, ...more };
}

function options(more: Partial<ChartOptions> = {}): ChartOptions {
  return {
    ...{
      title: 'Loss',
      xLabel: 'step',
      yLabel: 'value',
      height: 200,
      logX: false,
      logY: false,
      smoothing: 0
    },
    ...{ series: [series([2.3, 1, 0.2, 0.21])], xText: String, t: plainly, ...more }
  };
}

describe('a chart', () => {
  let parent: HTMLElement;
  let chart: Chart | null = null;
  let drawn: Call[];
  let width = 400;

  beforeEach(() => {
    width = 400;
    parent = document.body.appendChild(document.createElement('div'));
    const { calls, context } = canvas();
    drawn = calls;
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => width);
  });

  afterEach(() => {
    chart?.dispose();
    chart = null;
    parent.remove();
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const settle = async (): Promise<void> => void (await Promise.resolve());
  const plot = (): HTMLElement => parent.querySelector<HTMLElement>('.aml-chart-plot')!;
  const press = (key: string): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    plot().dispatchEvent(event);
    return event;
  };
  const pointer = (type: string, x: number): void => {
    const event = new MouseEvent(type, { clientX: x, clientY: 50, bubbles: true });
    Object.defineProperty(event, 'movementX', { value: 1 });
    parent.querySelector('canvas')!.dispatchEvent(event);
  };
  const button = (text: string): HTMLButtonElement =>
    [...parent.querySelectorAll('button')].find(one => one.textContent!.includes(text))!;
  const draws = (): number => drawn.filter(([name]) => name === 'clearRect').length;
  const strokes = (): number => drawn.filter(([name]) => name === 'lineTo').length;

  it('draws its curve', async () => {
    chart = drawChart(parent, options());
    await settle();
    const last = drawn.map(([name]) => name).lastIndexOf('clip');
    const path = drawn.slice(last).filter(([name]) => name === 'moveTo' || name === 'lineTo');
    expect(path.map(([name]) => name)).toEqual(['moveTo', 'lineTo', 'lineTo', 'lineTo']);
    expect(path.map(([, x]) => x as number)).toEqual(
      [...path.map(([, x]) => x as number)].sort((one, other) => one - other)
    );
    expect(drawn.some(([name, text]) => name === 'fillText' && text === '2')).toBe(true);
  });

  it('breaks the line at a gap and shows a point between gaps', async () => {
    chart = drawChart(parent, options({ series: [series([1, 2, NAN, 3, NAN, 4, 5])] }));
    await settle();
    const last = drawn.map(([name]) => name).lastIndexOf('clip');
    expect(drawn.slice(last).filter(([name]) => name === 'arc')).toHaveLength(1);
    expect(drawn.slice(last).filter(([name]) => name === 'lineTo')).toHaveLength(2);
  });

  it('draws bars, points and ghosts', async () => {
    const styles = [
      series([1, 2], { style: 'bars' }),
      series([1, 2], { style: 'points' }),
      series([1, 2], { style: 'ghost' })
    ];
    chart = drawChart(parent, options({ series: styles }));
    await settle();
    const names = drawn
      .slice(drawn.map(([name]) => name).lastIndexOf('clip'))
      .map(([name]) => name);
    expect(names.indexOf('lineTo')).toBeLessThan(names.indexOf('fillRect'));
    expect(names.filter(name => name === 'fillRect')).toHaveLength(2);
    expect(names.filter(name => name === 'arc')).toHaveLength(2);
  });

  it.each([[[1e308, -1e308]], [[5e-324, 0]], [[NAN, NAN]], [[]]])('draws %j', async values => {
    chart = drawChart(parent, options({ series: [series(values)] }));
    chart.set({ logX: true, logY: true });
    await settle();
    expect(parent.querySelector('canvas')).not.toBeNull();
  });

  it('waits for room', async () => {
    width = 0;
    const told: (() => void)[] = [];
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(told_: () => void) {
          told.push(told_);
        }
        observe(): void {}
        disconnect(): void {}
      }
    );
    chart = drawChart(parent, options());
    expect(draws()).toBe(0);
    width = 300;
    told.forEach(tell => tell());
    await settle();
    expect(parent.querySelector('canvas')!.width).toBe(300);
    told.forEach(tell => tell());
    await settle();
    expect(draws()).toBe(1);
    width = 500;
    told.forEach(tell => tell());
    expect(parent.querySelector('canvas')!.width).toBe(500);
    await settle();
    expect(draws()).toBe(2);
  });

  it('draws only the zoomed stretch, tells of it and comes back', async () => {
    const zoomed = vi.fn();
    chart = drawChart(parent, options({ zoomed }));
    press('ArrowRight');
    press('+');
    expect(zoomed).toHaveBeenLastCalledWith([0, 1.5]);
    expect(button('Reset zoom').hidden).toBe(false);
    press('Escape');
    expect(zoomed).toHaveBeenLastCalledWith(null);
    expect(button('Reset zoom').hidden).toBe(true);
    expect(press('Escape').defaultPrevented).toBe(false);
  });

  it('zooms to what is dragged over, and back by a double click', async () => {
    const zoomed = vi.fn();
    chart = drawChart(parent, options({ zoomed }));
    await settle();
    pointer('pointermove', 40);
    pointer('pointerdown', 40);
    pointer('pointermove', 120);
    expect(parent.querySelector<HTMLElement>('.aml-chart-band')!.hidden).toBe(false);
    pointer('pointerup', 120);
    expect(parent.querySelector<HTMLElement>('.aml-chart-band')!.hidden).toBe(true);
    const [low, high] = zoomed.mock.calls[0]![0] as [number, number];
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
    pointer('dblclick', 60);
    expect(zoomed).toHaveBeenLastCalledWith(null);
  });

  it('does not zoom by a click, nor by a finger that scrolls the page', () => {
    const zoomed = vi.fn();
    chart = drawChart(parent, options({ zoomed }));
    pointer('pointerdown', 40);
    pointer('pointerup', 41);
    pointer('pointerdown', 40);
    pointer('pointermove', 120);
    pointer('pointercancel', 120);
    pointer('pointerup', 200);
    expect(zoomed).not.toHaveBeenCalled();
  });

  it('follows the pointer with a crosshair that rings the nearest points', async () => {
    const frames = vi
      .spyOn(globalThis, 'requestAnimationFrame')
      .mockImplementation(frame => (frame(0), 0));
    chart = drawChart(parent, options());
    pointer('pointermove', 395);
    const [cross, mark] = ['.aml-chart-cross', '.aml-chart-mark'].map(name =>
      parent.querySelector<HTMLElement>(name)!
    );
    expect([cross!.hidden, mark!.hidden, frames.mock.calls.length]).toEqual([false, false, 1]);
    expect(parent.querySelector('.aml-chart-legend')!.textContent).toBe('step 3loss0.21');
    pointer('pointerleave', 500);
    expect([cross!.hidden, mark!.hidden]).toEqual([true, true]);
    press('Home');
    pointer('pointerleave', 500);
    expect(cross!.hidden).toBe(false);
    plot().dispatchEvent(new FocusEvent('blur'));
    expect(cross!.hidden).toBe(true);
  });

  it('draws the extremes of each column of pixels where points are many', () => {
    const many = series(
      Array.from({ length: 100_000 }, (_, place) => (place === 54_321 ? 1_000 : place % 7))
    );
    chart = drawChart(parent, options({ series: [many] }));
    const lines = drawn
      .slice(drawn.map(([name]) => name).lastIndexOf('clip'))
      .filter(([name]) => name === 'lineTo');
    expect(lines.length).toBeLessThan(4 * width);
    expect(Math.min(...lines.map(([, , y]) => y as number))).toBeLessThan(20);
  });

  it('keeps texts of an axis apart and within the canvas', () => {
    const long = series(Array.from({ length: 50 }, (_, place) => place));
    chart = drawChart(parent, options({ series: [long], xText: x => `a long text of ${x}` }));
    const texts = drawn
      .filter(([name, text]) => name === 'fillText' && String(text).startsWith('a long'))
      .map(([, , x]) => x as number);
    expect(texts.length).toBeGreaterThan(0);
    texts.forEach((x, place) => {
      expect(x).toBeGreaterThanOrEqual(70);
      expect(x).toBeLessThanOrEqual(width - 70);
      expect(place === 0 || x - texts[place - 1]! >= 140).toBe(true);
    });
  });

  it('does not draw where nothing changed', () => {
    chart = drawChart(parent, options());
    const before = draws();
    press('ArrowRight');
    pointer('pointermove', 100);
    window.dispatchEvent(new Event('resize'));
    expect(draws()).toBe(before);
  });

  it('keeps the zoom when the data change, and does not tell its owner what it was told', () => {
    const zoomed = vi.fn();
    chart = drawChart(parent, options({ zoomed }));
    chart.zoom([1, 2]);
    chart.set({ series: [series([1, 2, 3, 4, 5, 6])] });
    expect(button('Reset zoom').hidden).toBe(false);
    expect(zoomed).not.toHaveBeenCalled();
  });

  it('reads out values below, and aloud after a pause', () => {
    vi.useFakeTimers();
    chart = drawChart(parent, options());
    press('End');
    press('ArrowLeft');
    expect(parent.querySelector('.aml-chart-legend')!.textContent).toBe('step 2loss0.2');
    vi.runAllTimers();
    expect(parent.querySelector('[aria-live]')!.textContent).toBe('step 2: loss 0.2');
  });

  it('leaves the wheel and other keys to the page', () => {
    chart = drawChart(parent, options());
    const wheel = new WheelEvent('wheel', { bubbles: true, cancelable: true });
    plot().dispatchEvent(wheel);
    expect([
      wheel.defaultPrevented,
      press('Tab').defaultPrevented,
      press('j').defaultPrevented
    ]).toEqual([false, false, false]);
  });

  it('hides a curve at a click, and keeps the focus there while data come in', async () => {
    const both = [series([1, 2, 3]), series([4, 5, 6], { name: 'other', color: 1 })];
    chart = drawChart(parent, options({ series: both }));
    button('other').focus();
    button('other').click();
    await settle();
    const before = strokes();
    chart.set({
      series: [series([1, 2, 3, 4]), series([4, 5, 6, 7], { name: 'other', color: 1 })]
    });
    await settle();
    expect(document.activeElement).toBe(button('other'));
    expect(button('other').getAttribute('aria-pressed')).toBe('false');
    expect(button('other').textContent).toBe('other7');
    expect(strokes()).toBeGreaterThan(before);
  });

  it('is a table too, of at most 200 points', () => {
    const long = series(Array.from({ length: 1_000 }, (_, place) => place / 10));
    chart = drawChart(parent, options({ series: [long] }));
    button('Table').click();
    const rows = [...parent.querySelectorAll('tbody tr')];
    expect(rows).toHaveLength(200);
    expect([rows[0]!.textContent, rows[199]!.textContent]).toEqual(['00', '99999.9']);
    expect(parent.querySelector('.aml-chart-table')!.textContent).toContain('200 of 1000 points');
    expect(plot().hidden).toBe(true);
    button('Table').click();
    expect([plot().hidden, parent.querySelectorAll('tbody tr').length]).toEqual([false, 0]);
  });

  it('says what a logarithmic axis leaves out', () => {
    chart = drawChart(parent, options({ series: [series([-1, 0, 1])], logY: true }));
    expect(parent.querySelector('.aml-chart-note')!.textContent).toBe(
      'Points of 0 or less, which have no logarithm: 2'
    );
  });

  it('draws anew in the colours of another theme', async () => {
    chart = drawChart(parent, options());
    await settle();
    const before = strokes();
    // jsdom inherits no variables, so the innermost element has it itself.
    plot().style.setProperty('--aml-color-0', 'rgb(1, 2, 3)');
    document.body.setAttribute('data-jp-theme-light', 'false');
    await new Promise(resolve => setTimeout(resolve));
    document.body.removeAttribute('data-jp-theme-light');
    expect(strokes()).toBeGreaterThan(before);
    expect(drawn).toContainEqual(['strokeStyle=', 'rgb(1, 2, 3)']);
  });

  it('shows text as text', () => {
    const name = '<img src=x onerror="window.__pwned=1">';
    chart = drawChart(
      parent,
      options({ title: name, series: [series([1], { name }), series([2], { name: 'b' })] })
    );
    button('Table').click();
    expect(parent.querySelector('img')).toBeNull();
    expect(parent.querySelector('.aml-chart-title')!.textContent).toBe(name);
  });

  it('leaves nothing behind', () => {
    chart = drawChart(parent, options());
    chart.dispose();
    expect(parent.childElementCount).toBe(0);
    chart = null;
  });
});
