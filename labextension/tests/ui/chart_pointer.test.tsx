import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from 'preact/test-utils';
import type { ChartProps } from '../../src/ui/chart/contract';
import { ChartPage, room, series } from './chart_page';

let page: ChartPage;

function open(more: Partial<ChartProps> = {}): ChartPage {
  page = new ChartPage(more);
  return page;
}

beforeEach(() => {
  room.state.width = 400;
  room.state.isSeen = true;
});

afterEach(() => {
  page.remove();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the cursor', () => {
  it('reads out the nearest point beside the pointer, and goes with it', async () => {
    open();
    await page.pointer('pointermove', 395);
    expect(page.tip).toBe('step 30.21');
    expect([page.find('.aml-chart-cross'), page.find('.aml-chart-mark')]).not.toContain(null);
    await page.pointer('pointerleave', 500);
    expect([page.tip, page.find('.aml-chart-cross'), page.find('.aml-chart-mark')]).toEqual([
      '',
      null,
      null
    ]);
  });

  it('that keys lead stays when the pointer goes, and is spoken after a pause', async () => {
    open();
    page.press('End');
    page.press('ArrowLeft');
    await page.pointer('pointerleave', 500);
    expect(page.tip).toBe('step 20.2');
    await act(() => new Promise(done => setTimeout(done, 200)));
    expect(page.find('[aria-live]')!.textContent).toBe('step 2: loss 0.2');
    void act(() => void page.plot.dispatchEvent(new FocusEvent('blur')));
    expect(page.tip).toBe('');
  });

  it('of another chart has the values here, and no place', () => {
    open({ cursor: 1 });
    expect(page.tip).toBe('1');
    page.set({ cursor: 9 });
    expect(page.tip).toBe('');
    page.set({ cursor: null });
    expect(page.find('.aml-chart-cross')).toBeNull();
  });

  it('is told to who gave it', async () => {
    const onCursor = vi.fn();
    open({ cursor: null, onCursor });
    await page.pointer('pointermove', 395);
    expect(onCursor).toHaveBeenLastCalledWith(3);
    expect(page.tip).toBe('');
    await page.pointer('pointerleave', 395);
    expect(onCursor).toHaveBeenLastCalledWith(null);
  });

  it('says both the smoothed value and the one that was logged', () => {
    open({ smoothing: 0.5 });
    page.press('End');
    expect(page.tip).toMatch(/^step 30\.\d+ \(0\.21\)$/);
  });

  it('names curves from the highest to the lowest, the nearest where they are many', async () => {
    const many = Array.from({ length: 30 }, (_, place) =>
      series([place, place], { name: `c${place}`, color: place })
    );
    open({ curves: many });
    await page.pointer('pointermove', 390, 170);
    const names = [...page.parent.querySelectorAll('.aml-chart-read')].map(
      each => each.textContent
    );
    expect(names.at(-1)).toBe('c0');
    expect(names).toEqual([...names].sort((one, two) => +two.slice(1) - +one.slice(1)));
    expect(page.tip).toContain(`and ${30 - names.length} more`);
  });
});

describe('zoom', () => {
  it('is by keys, is told, and goes by Escape', () => {
    const onZoom = vi.fn();
    open({ onZoom });
    page.press('ArrowRight');
    page.press('+');
    expect(onZoom).toHaveBeenLastCalledWith([0, 1.5]);
    expect(page.button('Reset zoom')).toBeDefined();
    page.press('Escape');
    expect(onZoom).toHaveBeenLastCalledWith(null);
    expect(page.button('Reset zoom')).toBeUndefined();
    expect(page.press('Escape').defaultPrevented).toBe(false);
  });

  it('is what is dragged over, and goes by a double click', async () => {
    const onZoom = vi.fn();
    open({ onZoom });
    await page.pointer('pointermove', 40);
    await page.pointer('pointerdown', 40);
    await page.pointer('pointermove', 120);
    expect(page.find('.aml-chart-band')).not.toBeNull();
    await page.pointer('pointerup', 120);
    expect(page.find('.aml-chart-band')).toBeNull();
    const [low, high] = onZoom.mock.calls[0]![0] as [number, number];
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
    await page.pointer('dblclick', 60);
    expect(onZoom).toHaveBeenLastCalledWith(null);
  });

  it('is not by a click, nor by a finger that scrolls the page', async () => {
    const onZoom = vi.fn();
    open({ onZoom });
    await page.pointer('pointerdown', 40);
    await page.pointer('pointerup', 41);
    await page.pointer('pointerdown', 40);
    await page.pointer('pointermove', 120);
    await page.pointer('pointercancel', 120);
    await page.pointer('pointerup', 200);
    expect(onZoom).not.toHaveBeenCalled();
  });

  it('that is given is drawn, stays while data change, and says where nothing is', () => {
    const onZoom = vi.fn();
    open({ zoom: [1, 2], onZoom });
    page.set({ curves: [series([1, 2, 3, 4, 5, 6])] });
    expect(page.button('Reset zoom')).toBeDefined();
    expect(onZoom).not.toHaveBeenCalled();
    page.set({ zoom: [100, 200] });
    expect(page.find('.aml-chart-note')!.textContent).toBe('There is no point in this stretch.');
    page.click('Reset zoom');
    expect(onZoom).toHaveBeenCalledWith(null);
    expect(document.activeElement).toBe(page.plot);
  });

  it('leaves the wheel and other keys to the page', () => {
    open();
    const wheel = new WheelEvent('wheel', { bubbles: true, cancelable: true });
    page.plot.dispatchEvent(wheel);
    expect([
      wheel.defaultPrevented,
      page.press('Tab').defaultPrevented,
      page.press('j').defaultPrevented
    ]).toEqual([false, false, false]);
  });
});
