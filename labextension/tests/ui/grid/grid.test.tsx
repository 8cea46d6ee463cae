import { describe, expect, it, vi } from 'vitest';
import {
  at,
  columns,
  draw,
  grid,
  lines,
  parent,
  press,
  propsOf,
  samples,
  scroll,
  settled,
  type Sample
} from './scene';

const focused = (): Element => document.activeElement!;

describe('a grid of many rows', () => {
  it('has only those near what is seen in the page', async () => {
    draw(propsOf(samples(10_000)));
    expect(lines().length).toBeLessThan(60);
    expect(grid().getAttribute('aria-rowcount')).toBe('10001');
    expect(parent.querySelector<HTMLElement>('.aml-rows')!.style.height).toBe('280000px');
    await scroll(5_000 * 28);
    expect(at(5_000, 0).textContent).toBe('text 5000 c0');
    expect(at(5_000, 0).parentElement!.style.transform).toBe('translateY(140000px)');
    expect(lines().length).toBeLessThan(60);
    expect(at(0, 0)).toBeNull();
  });

  it('draws what is seen at once, and what lies beyond it once there is time', async () => {
    draw(propsOf(samples(10_000)));
    expect(lines().length).toBeLessThan(20);
    await vi.waitFor(() => expect(lines().length).toBeGreaterThan(30));
    await scroll(5_000 * 28);
    expect(lines().length).toBeLessThan(20);
    await scroll(5_010 * 28);
    expect([lines().length > 45, at(4_995, 0) !== null]).toEqual([true, true]);
  });

  it('leaves the rows as they are while those that are drawn reach far enough', async () => {
    const cell = vi.fn((row: Sample) => row.text);
    const more = { columns: columns(3), cell };
    draw(propsOf(samples(10_000), more));
    await vi.waitFor(() => expect(lines().length).toBeGreaterThan(30));
    const drawn = cell.mock.calls.length;
    await scroll(5 * 28);
    expect(cell.mock.calls.length).toBe(drawn);
    await scroll(12 * 28);
    expect(cell.mock.calls.length).toBe(drawn + 3 * 12);
  });

  it('asks for rows that are near, and says where one is still to come', async () => {
    const need = vi.fn();
    const rows: (Sample | undefined)[] = samples(500).map((row, index) =>
      index < 100 ? row : undefined
    );
    draw(propsOf(rows, { need }));
    expect(need).toHaveBeenLastCalledWith(0, expect.any(Number));
    await scroll(200 * 28);
    const [first, end] = need.mock.lastCall as [number, number];
    expect([first <= 200, end > 210]).toEqual([true, true]);
    expect(at(205, 0).textContent).toBe('…');
  });

  it('reaches the last of more rows than fit into a page', async () => {
    const rows = { length: 2_000_000 };
    draw(
      propsOf([], {
        count: rows.length,
        rowAt: index => ({ id: `r${index}`, text: `text ${index}` }),
        keyOf: undefined,
        placeOf: undefined
      })
    );
    expect(parent.querySelector<HTMLElement>('.aml-rows')!.style.height).toBe('8000000px');
    at(0, 0).focus();
    await press('End', { ctrlKey: true });
    expect(focused().textContent).toBe('text 1999999 c2');
    expect(grid().scrollTop).toBeLessThanOrEqual(8_000_000);
    await press('Home', { ctrlKey: true });
    expect([focused().textContent, grid().scrollTop]).toEqual(['text 0 c0', 0]);
  });

  it('keeps what is seen in its place when rows come above it, but for its top', async () => {
    const rows = samples(1_000);
    draw(propsOf(rows));
    await scroll(100 * 28 + 5);
    draw(propsOf([{ id: 'new', text: 'new' }, ...rows]));
    expect(grid().scrollTop).toBe(101 * 28 + 5);
    await scroll(0);
    draw(propsOf([{ id: 'newer', text: 'newer' }, { id: 'new', text: 'new' }, ...rows]));
    expect([grid().scrollTop, at(0, 0).textContent]).toEqual([0, 'newer c0']);
  });

  it('goes back to its first row for other rows', async () => {
    draw(propsOf(samples(1_000), { scrollKey: 'a' }));
    await scroll(100 * 28);
    draw(propsOf(samples(1_000), { scrollKey: 'b' }));
    expect(grid().scrollTop).toBe(0);
    expect(at(0, 0).textContent).toBe('text 0 c0');
  });
});

describe('a grid of many columns', () => {
  it('draws those that are near, beside those that stick', async () => {
    draw(propsOf(samples(20), { columns: columns(20_000), sticky: 2 }));
    expect(lines()[0]!.children.length).toBeLessThan(20);
    await scroll(0, 1_000_000);
    expect([at(0, 0).textContent, at(0, 1).className]).toEqual([
      'text 0 c0',
      'aml-cell aml-sticky aml-sticky-last'
    ]);
    expect(grid().classList.contains('aml-across')).toBe(true);
    expect(at(0, 10_004).style.left).toBe('1000400px');
    expect(lines()[0]!.children.length).toBeLessThan(24);
    expect(parent.querySelectorAll('[role=columnheader]').length).toBeLessThan(24);
  });

  it('leads by keys to the last one, and scrolls there', async () => {
    draw(propsOf(samples(20), { columns: columns(20_000) }));
    at(0, 0).focus();
    await press('End');
    expect(focused()).toBe(at(0, 19_999));
    expect(grid().scrollLeft).toBeGreaterThan(1_900_000);
    await press('Home');
    expect([focused(), grid().scrollLeft]).toEqual([at(0, 0), 0]);
  });
});

describe('the keyboard', () => {
  it('has one cell in the order of Tab, and goes from cell to cell by arrows', async () => {
    draw(propsOf(samples(1_000)));
    const inOrder = (): Element[] => [...parent.querySelectorAll('.aml-grid [tabindex="0"]')];
    expect(inOrder()).toEqual([at(-1, 0)]);
    at(-1, 0).focus();
    await press('ArrowDown');
    await press('ArrowRight');
    expect(focused()).toBe(at(0, 1));
    await press('PageDown');
    expect(focused()).toBe(at(14, 1));
    await press('ArrowDown', { ctrlKey: true });
    expect(focused()).toBe(at(999, 1));
    expect(inOrder()).toEqual([focused()]);
    expect(await press('x')).toBe(true);
    expect(await press('ArrowUp')).toBe(false);
  });

  it('keeps the focus on its row when that moves, and gives it to the next when it leaves', async () => {
    const rows = samples(40);
    draw(propsOf(rows));
    at(3, 1).focus();
    await settled();
    const [moved] = rows.splice(3, 1);
    draw(propsOf([...rows.slice(0, 10), moved!, ...rows.slice(10)]));
    expect([focused(), focused().textContent]).toEqual([at(10, 1), 'text 3 c1']);
    draw(propsOf(rows));
    expect([focused(), focused().textContent]).toEqual([at(10, 1), 'text 11 c1']);
  });

  it('keeps the focus when its row is scrolled away, and when it was still to come', async () => {
    const rows: (Sample | undefined)[] = samples(1_000);
    rows[2] = undefined;
    draw(propsOf(rows));
    at(2, 1).focus();
    await scroll(500 * 28);
    expect(focused()).toBe(at(2, 1));
    await scroll(0);
    draw(propsOf(samples(1_000)));
    expect([focused(), focused().textContent]).toEqual([at(2, 1), 'text 2 c1']);
  });

  it('goes into a cell by F2, and back by Escape', async () => {
    draw(propsOf(samples(3), { cell: row => <button type="button">{row.text}</button> }));
    at(1, 1).focus();
    await press('F2');
    expect(focused().tagName).toBe('BUTTON');
    await press('Escape');
    expect(focused()).toBe(at(1, 1));
  });
});

describe('a head', () => {
  it('sorts by a click, Enter and Space, and says which way', async () => {
    const onSort = vi.fn();
    const sorted = columns(3).map((column, index) => ({ ...column, isSortable: index !== 2 }));
    draw(
      propsOf(samples(3), { columns: sorted, onSort, sort: { column: 'c1', descending: true } })
    );
    at(-1, 0).click();
    await press('Enter');
    await press(' ');
    at(-1, 2).click();
    expect(onSort.mock.calls).toEqual([['c0'], ['c0'], ['c0']]);
    expect([0, 1, 2].map(column => at(-1, column).getAttribute('aria-sort'))).toEqual([
      'none',
      'descending',
      null
    ]);
    expect(at(-1, 1).textContent).toBe('C1 ▼');
  });

  it('holds more than its title, with clicks of its own', () => {
    const [onSort, clicked] = [vi.fn(), vi.fn()];
    const head = (): unknown => (
      <button type="button" onClick={clicked}>
        bar
      </button>
    );
    draw(propsOf(samples(3), { onSort, head: head as never }));
    at(-1, 1).querySelector('button')!.click();
    expect([onSort.mock.calls.length, clicked.mock.calls.length]).toEqual([0, 1]);
  });
});
