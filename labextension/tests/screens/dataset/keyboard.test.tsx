import { describe, expect, it, vi } from 'vitest';
import { button } from '../run/scene';
import { focused, press } from '../runs/sample';
import { cell, dataset, find, findAll, mount, parent, text, wait } from './scene';

const grid = (): HTMLElement => find('[role=grid]');
async function scroll(top: number): Promise<void> {
  grid().scrollTop = top;
  grid().dispatchEvent(new Event('scroll'));
  await wait();
}

async function push(...args: Parameters<typeof press>): Promise<void> {
  press(...args);
  await wait();
}

describe('the keyboard', () => {
  it('leads from cell to cell, and Tab to one of them', async () => {
    mount();
    const stops = (): HTMLElement[] => findAll('[role=grid] [tabindex="0"]');
    expect(stops()).toHaveLength(1);
    stops()[0]!.focus();
    await wait();
    await push(focused(), 'ArrowDown');
    await push(focused(), 'ArrowRight');
    expect(focused()).toBe(cell(0, 0));
    await push(focused(), 'PageDown');
    await push(focused(), 'End');
    expect(focused().getAttribute('aria-colindex')).toBe('4');
    expect(Number(focused().parentElement!.getAttribute('aria-rowindex'))).toBeGreaterThan(10);
    await push(focused(), 'End', { ctrlKey: true });
    expect(focused()).toBe(cell(249, 2));
    await wait();
    expect(focused()).toBe(cell(249, 2));
    expect(stops()).toEqual([focused()]);
    await push(focused(), 'ArrowUp', { ctrlKey: true });
    await push(focused(), 'ArrowUp');
    expect(focused()).toBe(cell(-1, 2));
    expect(press(focused(), 'x')).toBe(true);
  });

  it('keeps the focused cell in the page while others are scrolled to', async () => {
    mount();
    cell(3, 1).focus();
    await scroll(28 * 200);
    expect(focused()).toBe(cell(3, 1));
    await push(focused(), 'ArrowDown');
    expect(grid().scrollTop).toBeLessThanOrEqual(28 * 4);
  });

  it('shows a long value as a whole', async () => {
    const long = 'x'.repeat(200);
    mount(
      dataset({ head: { columns: ['age', 'city', 'gap'], rows: [[1, long, null]], count: 1 } })
    );
    cell(0, 1).focus();
    await wait();
    expect(find('.aml-data-value').textContent).toBe(`city: ${long}`);
    cell(0, 0).focus();
    await wait();
    expect(find('.aml-data-value')).toBeNull();
  });
});

describe('what is taken along', () => {
  it('is the page that is seen, as CSV', async () => {
    const writeText = vi.fn<(words: string) => Promise<void>>(async () => undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    mount();
    await scroll(28 * 120);
    button(parent, 'Copy').click();
    await wait();
    const lines = writeText.mock.calls[0]![0].split('\r\n');
    expect(lines[0]).toBe('age,city,gap');
    expect(lines[1]).toBe('100,word 100,');
    expect(lines).toHaveLength(102);
    expect(find('.aml-count').textContent).toBe('copied rows 101 to 200');
    writeText.mockRejectedValueOnce(new Error('no'));
    button(parent, 'Copy').click();
    await wait();
    expect(text()).toContain('does not let this page copy');
    vi.unstubAllGlobals();
  });

  it('is the value of the cell that has the focus', () => {
    mount();
    cell(4, 1).focus();
    const setData = vi.fn();
    const event = Object.assign(new Event('copy', { bubbles: true, cancelable: true }), {
      clipboardData: { setData }
    });
    cell(4, 1).dispatchEvent(event);
    expect(setData).toHaveBeenCalledWith('text/plain', 'word 4');
    expect(event.defaultPrevented).toBe(true);
  });

  it('saves a file without what a path has', () => {
    const made: HTMLAnchorElement[] = [];
    vi.stubGlobal(
      'URL',
      Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined })
    );
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement
    ) {
      made.push(this);
    });
    mount(dataset({ name: '../a b' }));
    button(parent, 'CSV').click();
    expect(made[0]!.download).toBe('_a_b_1.csv');
    vi.unstubAllGlobals();
  });
});
