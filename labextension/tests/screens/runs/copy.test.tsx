import { describe, expect, it, vi } from 'vitest';
import { cell, drawn, mount } from './page';
import { rows, tableOf } from './sample';

describe('copying', () => {
  const copied = (from: HTMLElement): string => {
    from.focus();
    const setData = vi.fn();
    const event = new Event('copy', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { setData } });
    from.dispatchEvent(event);
    return setData.mock.calls[0]![1] as string;
  };

  it('takes a value with all of its digits, or all selected rows with their heads', async () => {
    mount(tableOf(rows(3, number => ({ params: { lr: number / 3 } }))));
    expect(copied(cell(1, 3))).toBe('0.3333333333333333');
    cell(1, 0).click();
    cell(2, 0).click();
    await drawn();
    const text = copied(cell(1, 3));
    expect(text.split('\n').map(each => each.split('\t').slice(0, 3))).toEqual([
      ['Status', 'Run', 'lr'],
      ['Completed', 'name 2', '0.6666666666666666'],
      ['Completed', 'name 1', '0.3333333333333333']
    ]);
  });
});
