import { render } from 'preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Grid, type GridSelection, type MenuPoint } from '../../../src/ui/grid';
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

const focused = (): HTMLElement => document.activeElement as HTMLElement;
const heads = (): HTMLElement[] => [...parent.querySelectorAll<HTMLElement>('[role=columnheader]')];
const rowsNode = (): HTMLElement => parent.querySelector<HTMLElement>('.aml-rows')!;
const many = (count: number): ReturnType<typeof propsOf> => ({
  ...propsOf([]),
  count,
  rowAt: index => ({ id: `r${index}`, text: `text ${index}` }),
  placeOf: key => Number(key.slice(1))
});

function selectionOf(more: Partial<GridSelection<Sample>> = {}): GridSelection<Sample> {
  return {
    ...{ isSelected: () => false, toggle: vi.fn(), extend: vi.fn(), all: vi.fn(), isAll: false },
    ...more
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('a grid without rows', () => {
  it('has its head, and keys stay on it', async () => {
    const need = vi.fn();
    draw(propsOf([], { need, selection: selectionOf() }));
    expect([lines().length, heads().length]).toEqual([0, 4]);
    expect([grid().getAttribute('aria-rowcount'), rowsNode().style.height]).toEqual(['1', '0px']);
    at(-1, 1).focus();
    for (const key of ['ArrowDown', 'PageDown', 'End', 'ArrowUp', 'PageUp', 'Home']) {
      await press(key, { ctrlKey: key === 'End' });
      expect(focused().getAttribute('role')).toBe('columnheader');
    }
    expect(focused()).toBe(at(-1, 0));
    expect(need).not.toHaveBeenCalled();
  });

  it('takes rows when they come, and has the focus where the last of them go', async () => {
    draw(propsOf([]));
    draw(propsOf(samples(3)));
    at(2, 1).focus();
    await settled();
    draw(propsOf(samples(1)));
    expect(focused()).toBe(at(0, 1));
    draw(propsOf([]));
    expect(focused()).toBe(at(-1, 1));
  });

  it('or without columns does not fail', async () => {
    draw(propsOf(samples(3), { columns: [] }));
    expect([heads().length, lines().length, grid().getAttribute('aria-colcount')]).toEqual([
      0,
      3,
      '0'
    ]);
    draw(propsOf(samples(3), { columns: columns(1) }));
    at(0, 0).focus();
    await press('End');
    expect(focused()).toBe(at(0, 0));
  });
});

describe('the edges of a grid', () => {
  it('stop PageDown at the last of a million rows, and PageUp below the head', async () => {
    draw(many(1_000_000));
    at(0, 0).focus();
    await press('End', { ctrlKey: true });
    expect(focused().textContent).toBe('text 999999 c2');
    await press('PageDown');
    expect(focused().textContent).toBe('text 999999 c2');
    await press('PageUp');
    expect(focused().textContent).toBe('text 999985 c2');
    expect(lines().length).toBeLessThan(60);
    await press('Home', { metaKey: true });
    await press('PageUp');
    expect(focused()).toBe(at(0, 0));
    await press('ArrowUp');
    expect(focused()).toBe(at(-1, 0));
  });

  it('show the row that a jump of the scroll bar names, of more rows than fit into a page', async () => {
    draw(many(1_000_000));
    await scroll(4_000_000);
    const [first] = lines().map(line => Number(line.getAttribute('aria-rowindex')) - 2);
    expect(Math.abs(first! - 500_000)).toBeLessThan(1_000);
    await scroll(8_000_000 - 392);
    expect(at(999_999, 0).textContent).toBe('text 999999 c0');
    await scroll(0);
    expect(at(0, 0).textContent).toBe('text 0 c0');
  });

  it('are where the rows end: of fewer rows the last are seen', async () => {
    draw(propsOf(samples(1_000)));
    await scroll(900 * 28);
    draw(propsOf(samples(50)));
    expect(lines().at(-1)!.getAttribute('aria-rowindex')).toBe('51');
    expect(at(49, 0).textContent).toBe('text 49 c0');
  });

  it('are not counted where it is not known how many rows there are', () => {
    draw(propsOf(samples(5), { isCounted: false, isBusy: true }));
    expect([grid().getAttribute('aria-rowcount'), grid().getAttribute('aria-busy')]).toEqual([
      '-1',
      'true'
    ]);
  });
});

describe('columns of a grid', () => {
  it('that become wider move those behind them, in head and rows alike', () => {
    draw(propsOf(samples(2), { columns: columns(3) }));
    const wide = columns(3).map((column, place) => ({
      ...column,
      width: place === 0 ? 250 : column.width
    }));
    draw(propsOf(samples(2), { columns: wide }));
    const places = (row: number): string[] =>
      [0, 1, 2].map(place => `${at(row, place).style.left} ${at(row, place).style.width}`);
    expect(places(-1)).toEqual(['0px 250px', '250px 100px', '350px 100px']);
    expect(places(0)).toEqual(places(-1));
    expect(rowsNode().style.width).toBe('450px');
  });

  it('that go take the focus to the last that is left', async () => {
    draw(propsOf(samples(3), { columns: columns(5) }));
    at(1, 4).focus();
    await settled();
    draw(propsOf(samples(3), { columns: columns(2) }));
    expect(focused()).toBe(at(1, 1));
  });

  it('have titles as text, and a hint', () => {
    const hostile = [{ key: 'a', title: '<b>\n\u202ex</b>', width: 80, hint: 'more\nof it' }];
    draw(propsOf(samples(1), { columns: hostile }));
    expect([heads()[0]!.textContent, heads()[0]!.title]).toEqual(['<b> \ufffdx</b>', 'more of it']);
    expect(heads()[0]!.querySelector('b')).toBeNull();
  });

  it('are more where the page is larger', () => {
    let tell: () => void = () => undefined;
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(told: () => void) {
          tell = told;
        }
        observe(): void {}
        disconnect(): void {
          tell = () => undefined;
        }
      }
    );
    draw(propsOf(samples(500), { columns: columns(100) }));
    const before = [lines().length, heads().length];
    Object.defineProperty(grid(), 'clientWidth', { value: 4_000 });
    Object.defineProperty(grid(), 'clientHeight', { value: 2_000 });
    tell();
    draw(propsOf(samples(500), { columns: columns(100) }));
    expect([lines().length > before[0]! * 3, heads().length > before[1]! * 2]).toEqual([
      true,
      true
    ]);
    expect(lines().length).toBeLessThan(250);
  });
});

describe('keys in a grid', () => {
  it('with Alt, and those within a control of a cell, are not the grid’s', async () => {
    const cell = (row: Sample): unknown => <input value={row.text} />;
    draw(propsOf(samples(5), { cell: cell as never }));
    at(1, 1).focus();
    expect(await press('ArrowDown', { altKey: true })).toBe(true);
    expect(focused()).toBe(at(1, 1));
    await press('F2');
    expect(await press('ArrowDown')).toBe(true);
    expect(focused().tagName).toBe('INPUT');
  });

  it('go page by page with Shift, and select the rows between', async () => {
    const selection = selectionOf();
    draw(propsOf(samples(100), { selection }));
    at(0, 1).focus();
    await press('PageDown', { shiftKey: true });
    await press('End', { ctrlKey: true, shiftKey: true });
    await press('ArrowRight', { shiftKey: true });
    expect(vi.mocked(selection.extend).mock.calls).toEqual([[14], [99]]);
  });

  it('open nothing of a row that is still to come, and show no menu of it', async () => {
    const [onOpen, onMenu] = [vi.fn(), vi.fn()];
    draw(propsOf([undefined, ...samples(2)], { onOpen, onMenu }));
    at(0, 1).focus();
    await press('Enter');
    await press('ContextMenu');
    at(0, 1).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect([onOpen.mock.calls, onMenu.mock.calls]).toEqual([[], []]);
  });

  it('on the ticks of the head select all or none, and say what they do next', async () => {
    const selection = selectionOf({ isAll: true });
    draw(propsOf(samples(3), { selection }));
    expect(at(-1, 0).getAttribute('aria-label')).toBe('Select none');
    at(-1, 0).focus();
    await press(' ');
    await press('Enter');
    expect(vi.mocked(selection.all).mock.calls).toEqual([[true], [true]]);
    const points: MenuPoint<Sample>[] = [];
    draw(propsOf(samples(3), { selection, onMenu: point => points.push(point) }));
    at(1, 0).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    expect(points[0]).toMatchObject({ index: 1, column: null });
  });

  it('select without ticks too', async () => {
    const selection = selectionOf();
    draw(propsOf(samples(3), { selection, hasTicks: false }));
    at(1, 0).focus();
    await press(' ');
    expect([heads().length, vi.mocked(selection.toggle).mock.calls]).toEqual([3, [[1]]]);
  });
});

describe('who holds a grid', () => {
  it('scrolls to a row, and gives it the focus', async () => {
    const held: { grid: Grid<Sample> | null } = { grid: null };
    const of = propsOf(samples(1_000));
    render(<Grid {...of} ref={one => void (held.grid = one as Grid<Sample> | null)} />, parent);
    held.grid!.show(500);
    await settled();
    expect(grid().scrollTop).toBeGreaterThan(480 * 28);
    expect(at(500, 0).textContent).toBe('text 500 c0');
    await scroll(100 * 28);
    expect(held.grid!.first).toBe(100);
    held.grid!.focus();
    await settled();
    expect(focused()).toBe(at(-1, 0));
  });

  it('is told which cell has the focus', async () => {
    const onLook = vi.fn();
    draw(propsOf(samples(3), { onLook }));
    at(1, 2).focus();
    await settled();
    at(-1, 1).focus();
    await settled();
    expect(
      onLook.mock.calls.map(([row, column]) => [
        (row as Sample | undefined)?.id,
        (column as { key: string }).key
      ])
    ).toEqual([
      ['r1', 'c2'],
      [undefined, 'c1']
    ]);
  });

  it('copies nothing in place of a text that is selected', () => {
    draw(propsOf(samples(2), { copied: () => 'cell' }));
    at(0, 0).focus();
    getSelection()!.selectAllChildren(at(0, 0));
    const event = new Event('copy', { bubbles: true, cancelable: true });
    at(0, 0).dispatchEvent(event);
    getSelection()!.removeAllRanges();
    expect(event.defaultPrevented).toBe(false);
  });

  it('with Shift selects rows and not the text between two clicks', () => {
    draw(propsOf(samples(2)));
    const pressed = (shiftKey: boolean): boolean =>
      at(0, 0).dispatchEvent(
        new MouseEvent('mousedown', { bubbles: true, cancelable: true, shiftKey })
      );
    expect([pressed(true), pressed(false)]).toEqual([false, true]);
  });
});
