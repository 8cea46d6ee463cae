import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from 'preact/test-utils';
import type { ChartProps } from '../../src/ui/chart/contract';
import { paintDue, paintSoon } from '../../src/ui/chart/paint/due';
import { canvas } from './chart_canvas';
import { ChartPage, done, room, series } from './chart_page';

const NAN = NaN;
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

describe('a chart', () => {
  it('draws its curve', () => {
    const path = open().curves.filter(([name]) => name === 'moveTo' || name === 'lineTo');
    expect(path.map(([name]) => name)).toEqual(['moveTo', 'lineTo', 'lineTo', 'lineTo']);
    expect(path.map(([, x]) => x as number)).toEqual(
      [...path.map(([, x]) => x as number)].sort((one, other) => one - other)
    );
    expect(page.drawn.some(([name, text]) => name === 'fillText' && text === '2')).toBe(true);
  });

  it('breaks the line at a gap and shows a point between gaps', () => {
    const { curves } = open({ curves: [series([1, 2, NAN, 3, NAN, 4, 5])] });
    expect(curves.filter(([name]) => name === 'arc')).toHaveLength(1);
    expect(curves.filter(([name]) => name === 'lineTo')).toHaveLength(2);
  });

  it('draws bars, points and ghosts, the ghosts behind', () => {
    const styles = (['bars', 'points', 'ghost'] as const).map(style => series([1, 2], { style }));
    const names = open({ curves: styles }).curves.map(([name]) => name);
    expect(names.indexOf('lineTo')).toBeLessThan(names.indexOf('fillRect'));
    expect(names.filter(name => name === 'fillRect')).toHaveLength(2);
    expect(names.filter(name => name === 'arc')).toHaveLength(2);
  });

  it.each([[[1e308, -1e308]], [[5e-324, 0]], [[NAN, NAN]], [[]]])('draws %j', values => {
    const x = { label: 'x', text: String, isLog: true };
    open({ curves: [series(values)] }).set({ x, y: { isLog: true } });
    expect(page.find('canvas')).not.toBeNull();
  });

  it('waits for room, and draws at each other width', () => {
    room.state.width = 0;
    open();
    expect(page.draws).toBe(0);
    for (const [width, draws] of [
      [300, 1],
      [300, 1],
      [500, 2]
    ] as const) {
      room.state.width = width;
      done(() => room.tell());
      expect([page.parent.querySelector('canvas')!.width, page.draws]).toEqual([width, draws]);
    }
  });

  it('is drawn when it comes into sight, with what came in until then', () => {
    room.state.isSeen = false;
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({
      top: 9_000,
      bottom: 9_200
    } as DOMRect);
    open();
    page.set({ curves: [series([1, 2, 3, 4, 5, 6, 7])] });
    expect(page.draws).toBe(0);
    room.state.isSeen = true;
    done(() => room.tell());
    expect(page.draws).toBe(1);
    expect(page.curves.filter(([name]) => name === 'lineTo')).toHaveLength(6);
    room.state.isSeen = false;
    done(() => room.tell());
    page.set({ curves: [series([1, 2])] });
    expect(page.draws).toBe(1);
    expect(page.find('canvas')).not.toBeNull();
  });

  it('draws the extremes of each column of pixels where points are many', () => {
    const many = series(
      Array.from({ length: 100_000 }, (_, place) => (place === 54_321 ? 1_000 : place % 7))
    );
    const lines = open({ curves: [many] }).curves.filter(([name]) => name === 'lineTo');
    expect(lines.length).toBeLessThan(4 * room.state.width);
    expect(Math.min(...lines.map(([, , y]) => y as number))).toBeLessThan(20);
  });

  it('keeps texts of an axis apart and within the canvas', () => {
    const long = series(Array.from({ length: 50 }, (_, place) => place));
    open({ curves: [long], x: { label: 'x', text: x => `a long text of ${x}` } });
    const texts = page.drawn
      .filter(([name, text]) => name === 'fillText' && String(text).startsWith('a long'))
      .map(([, , x]) => x as number);
    expect(texts.length).toBeGreaterThan(0);
    texts.forEach((x, place) => {
      expect(x).toBeGreaterThanOrEqual(70);
      expect(x).toBeLessThanOrEqual(room.state.width - 70);
      expect(place === 0 || x - texts[place - 1]! >= 140).toBe(true);
    });
  });

  it('tells its boundary where it cannot be painted, and others are painted', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    open();
    const { context } = canvas();
    const painted: string[] = [];
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (
      this: HTMLCanvasElement
    ) {
      if (page.parent.contains(this)) {
        throw new Error('no canvas');
      }
      painted.push(this.id);
      return context;
    } as never);
    const other = Object.assign(document.createElement('canvas'), { id: 'other' });
    expect(() => {
      void act(() => {
        page.draw({ height: 150 });
        paintSoon(other, { width: 1, height: 1, paint: () => undefined, failed: () => undefined });
        paintDue();
      });
    }).toThrow('no canvas');
    expect(painted).toContain('other');
  });

  it('does not draw where nothing changed', async () => {
    open();
    page.press('ArrowRight');
    await page.pointer('pointermove', 100);
    done(() => void window.dispatchEvent(new Event('resize')));
    page.set({ title: 'Loss' });
    expect(page.draws).toBe(1);
  });

  it('says what a logarithmic axis leaves out', () => {
    open({ curves: [series([-1, 0, 1])], y: { isLog: true } });
    expect(page.find('.aml-chart-note')!.textContent).toBe(
      'Points of 0 or less, which have no logarithm: 2'
    );
  });

  it('draws anew in the colours of another theme', async () => {
    open();
    // jsdom inherits no variables, so the outermost element has it itself.
    page.find('figure')!.style.setProperty('--aml-color-0', 'rgb(1, 2, 3)');
    await act(async () => {
      document.body.setAttribute('data-jp-theme-light', 'false');
      await new Promise(resolve => setTimeout(resolve));
    });
    document.body.removeAttribute('data-jp-theme-light');
    expect(page.draws).toBe(2);
    expect(page.drawn).toContainEqual(['strokeStyle=', 'rgb(1, 2, 3)']);
  });

  it('shows text as text', () => {
    const name = '<img src=x onerror="window.__pwned=1">';
    open({ title: name, curves: [series([1], { name }), series([2], { name: 'b' })] });
    page.press('Home');
    page.click('Table');
    expect(page.find('img')).toBeNull();
    expect(page.find('.aml-chart-title')!.textContent).toBe(name);
  });

  it('hides a curve at a click, and keeps the focus there while data come in', () => {
    const other = { name: 'other', color: 1 };
    open({ curves: [series([1, 2, 3]), series([4, 5, 6], other)] });
    page.button('other').focus();
    page.click('other');
    expect(page.curves.filter(([name]) => name === 'lineTo')).toHaveLength(2);
    page.set({ curves: [series([1, 2, 3, 4]), series([4, 5, 6, 7], other)] });
    expect(document.activeElement).toBe(page.button('other'));
    expect(page.button('other').getAttribute('aria-pressed')).toBe('false');
    expect(page.curves.filter(([name]) => name === 'lineTo')).toHaveLength(3);
  });

  it('names its only curve where the title does not', () => {
    open({ title: 'loss' });
    expect(page.find('.aml-chart-legend')).toBeNull();
    page.set({ title: 'ROC' });
    expect(page.find('.aml-chart-legend')!.textContent).toBe('loss');
  });

  it('is a table too, of at most 200 points', () => {
    const long = series(Array.from({ length: 1_000 }, (_, place) => place / 10));
    open({ curves: [long] });
    page.click('Table');
    const rows = [...page.parent.querySelectorAll('tbody tr')];
    expect(rows).toHaveLength(200);
    expect([rows[0]!.textContent, rows[199]!.textContent]).toEqual(['00', '99999.9']);
    expect(page.find('.aml-chart-table')!.textContent).toContain('200 of 1000 points');
    expect(page.find('.aml-chart-plot')).toBeNull();
    page.click('Table');
    expect(page.parent.querySelectorAll('tbody tr')).toHaveLength(0);
    expect(page.find('.aml-chart-plot')).not.toBeNull();
  });

  it('brings its table up to date now and then, however often points come', () => {
    vi.useFakeTimers();
    open({ curves: [series([1, 2])] });
    page.click('Table');
    for (let count = 3; count < 15; count += 1) {
      page.set({ curves: [series(Array.from({ length: count }, (_, place) => place))] });
      void act(() => void vi.advanceTimersByTime(100));
    }
    const rows = page.parent.querySelectorAll('tbody tr').length;
    expect(rows).toBeGreaterThan(2);
    void act(() => void vi.advanceTimersByTime(1_000));
    expect(page.parent.querySelectorAll('tbody tr')).toHaveLength(14);
  });
});
