import { describe, expect, it, vi } from 'vitest';
import type { GridSelection, MenuPoint } from '../../../src/ui/grid';
import {
  at,
  columns,
  draw,
  grid,
  lines,
  press,
  propsOf,
  samples,
  settled,
  type Sample
} from './scene';

const focused = (): Element => document.activeElement!;

describe('selecting', () => {
  it('goes by ticks, Space, Shift and Ctrl+A, by the places of rows', async () => {
    const selection: GridSelection<Sample> = {
      isSelected: row => row.id === 'r1',
      toggle: vi.fn(),
      extend: vi.fn(),
      all: vi.fn(),
      isAll: false
    };
    draw(propsOf(samples(9), { selection }));
    expect([at(1, 0).textContent, at(1, 0).getAttribute('aria-label')]).toEqual(['☑', 'selected']);
    expect(
      lines()
        .map(line => line.getAttribute('aria-selected'))
        .slice(0, 3)
    ).toEqual(['false', 'true', 'false']);
    at(2, 0).click();
    await press('ArrowDown', { shiftKey: true });
    await press(' ');
    at(5, 2).dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }));
    at(6, 2).dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
    await press('a', { ctrlKey: true });
    at(-1, 0).click();
    expect(vi.mocked(selection.toggle).mock.calls).toEqual([[2], [3], [6]]);
    expect(vi.mocked(selection.extend).mock.calls).toEqual([[3], [5]]);
    expect(vi.mocked(selection.all).mock.calls).toEqual([[false], [true]]);
  });
});

describe('rows', () => {
  it('open by Enter, a double click and what looks like a link', async () => {
    const onOpen = vi.fn();
    const cell = (row: Sample): unknown => <span class="aml-open">{row.text}</span>;
    draw(propsOf(samples(3), { onOpen, cell: cell as never }));
    at(0, 1).focus();
    await press('Enter');
    at(1, 1).querySelector<HTMLElement>('.aml-open')!.click();
    at(2, 1).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(onOpen.mock.calls.map(([row]) => (row as Sample).id)).toEqual(['r0', 'r1', 'r2']);
  });

  it('have a menu by the pointer and by keys, also the head', async () => {
    const points: MenuPoint<Sample>[] = [];
    draw(propsOf(samples(3), { onMenu: point => points.push(point) }));
    const asked = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
    at(1, 2).dispatchEvent(asked);
    expect(asked.defaultPrevented).toBe(true);
    await press('ContextMenu');
    at(-1, 0).focus();
    await press('F10', { shiftKey: true });
    expect(points.map(({ row, index, column }) => [row?.id, index, column?.key])).toEqual([
      ['r1', 1, 'c2'],
      ['r1', 1, 'c2'],
      [undefined, -1, 'c0']
    ]);
    const free = new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      shiftKey: true
    });
    at(1, 2).dispatchEvent(free);
    expect(free.defaultPrevented).toBe(false);
  });

  it('are copied as text where none is selected', () => {
    draw(
      propsOf(samples(3), { copied: (row, column) => `${row?.text ?? ''}|${column?.key ?? ''}` })
    );
    const copied = (cell: HTMLElement): string => {
      cell.focus();
      const setData = vi.fn();
      const event = new Event('copy', { bubbles: true, cancelable: true });
      Object.assign(event, { clipboardData: { setData } });
      cell.dispatchEvent(event);
      return setData.mock.calls[0]![1] as string;
    };
    expect([copied(at(1, 2)), copied(at(-1, 2))]).toEqual(['text 1|c2', 'C2']);
  });

  it('that did not change are not drawn anew', async () => {
    const cell = vi.fn((row: Sample) => row.text);
    const more = { columns: columns(3), cell };
    const rows = samples(20);
    draw(propsOf(rows, more));
    await vi.waitFor(() => expect(lines().length).toBe(20));
    const drawn = cell.mock.calls.length;
    draw(propsOf(rows, more));
    expect(cell.mock.calls.length).toBe(drawn);
    draw(propsOf([...rows.slice(0, 19), { id: 'r19', text: 'other' }], more));
    expect(cell.mock.calls.length).toBe(drawn + 3);
  });

  it('say when the pointer or the focus is on them', async () => {
    const onHold = vi.fn();
    draw(propsOf(samples(3), { onHold }));
    grid().dispatchEvent(new MouseEvent('mouseenter'));
    at(1, 1).focus();
    grid().dispatchEvent(new MouseEvent('mouseleave'));
    expect(onHold.mock.calls).toEqual([[true]]);
    (focused() as HTMLElement).blur();
    await settled();
    expect(onHold.mock.calls).toEqual([[true], [false]]);
  });

  it('that others hang on say whether they are open', () => {
    draw(
      propsOf(samples(3), {
        isOpen: row => (row.id === 'r0' ? true : undefined),
        levelOf: row => (row.id === 'r0' ? 1 : 2)
      })
    );
    expect(grid().getAttribute('role')).toBe('treegrid');
    expect(
      lines().map(line => [line.getAttribute('aria-expanded'), line.getAttribute('aria-level')])
    ).toEqual([
      ['true', '1'],
      [null, '2'],
      [null, '2']
    ]);
  });
});
