import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { columnOf, splitKey, type Look } from '../../../../src/screens/runs/columns/column';
import { movedKeys, reordered } from '../../../../src/screens/runs/columns/layout';
import { withView, NOTHING } from '../../../../src/screens/runs/rows/listing';
import { plainly } from '../../../../src/ui/host';
import type { GroupView, RunRowView } from '../../../../src/contract.gen';
import { row } from '../sample';

const look: Look = { t: plainly, isTicking: false, best: new Map(), isNarrow: false };
let parent: HTMLElement;

/** The cell of a run in the page. */
function cell(key: string, of: RunRowView, more: Partial<Look> = {}): HTMLElement {
  const column = columnOf(key, [of], plainly);
  void act(() => render(<td>{column.draw(of, { ...look, ...more })}</td>, parent));
  return parent.querySelector('td')!;
}
function groupCell(key: string, of: Partial<GroupView>): HTMLElement {
  const column = columnOf(key, [], plainly);
  const group = { key: 'k', value: 'k', count: 2, statuses: {}, metrics: {}, ...of };
  void act(() => render(<td>{column.drawGroup?.(group)}</td>, parent));
  return parent.querySelector('td')!;
}
const width = (key: string, ...of: RunRowView[]): number => columnOf(key, of, plainly).width;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2024-05-01T10:30:00Z') });
  parent = document.body.appendChild(document.createElement('table'));
});
afterEach(() => {
  void act(() => render(null, parent));
  parent.remove();
  vi.useRealTimers();
});

describe('a cell', () => {
  it('of a status has its reason for the pointer, and in a narrow table its word for the ear', () => {
    const failed = row(1, { status: 'Failed', reason: 'ValueError:\n<b>' });
    expect(cell('status', failed).firstElementChild!.getAttribute('title')).toBe(
      'Failed: ValueError: <b>'
    );
    const narrow = cell('status', failed, { isNarrow: true });
    expect([
      narrow.textContent,
      narrow.querySelector('[role=img]')!.getAttribute('aria-label')
    ]).toEqual(['✗', 'Failed']);
  });

  it('of a value shows a few digits and has all of them for the pointer and the clipboard', () => {
    const of = row(1, { params: { lr: 0.123456789 }, metrics: { acc: 12_345.678 } });
    const lr = cell('params.lr', of);
    expect([lr.textContent, lr.querySelector('span')!.title]).toEqual(['0.1235', '0.123456789']);
    expect(columnOf('params.lr', [of], plainly).text(of)).toBe('0.123456789');
    expect(cell('metrics.acc', of).textContent).toBe('12,346');
    expect(columnOf('metrics.acc', [of], plainly).text(of)).toBe('12345.678');
  });

  it.each([
    [null, ''],
    ['', ''],
    [0, '0'],
    [false, 'False'],
    ['NaN', 'NaN'],
    ['<img src=x>\n\u202e', '<img src=x> \ufffd']
  ])('of the parameter %j reads %j', (value, text) => {
    const shown = cell('params.p', row(1, { params: { p: value } }));
    expect([shown.textContent, shown.querySelector('img')]).toEqual([text, null]);
  });

  it('of a run that lacks the value is empty, whatever the name', () => {
    for (const key of ['params.constructor', 'metrics.toString', 'metrics.__proto__']) {
      expect(cell(key, row(1)).textContent).toBe('');
      expect(columnOf(key, [row(1)], plainly).text(row(1))).toBe('');
    }
  });

  it('marks the best value by more than a colour, and no other', () => {
    const best = new Map([['acc', 0.9]]);
    const marked = cell('metrics.acc', row(1, { metrics: { acc: 0.9 } }), { best });
    expect([
      marked.textContent,
      marked.querySelector('[role=img]')!.getAttribute('aria-label')
    ]).toEqual(['★0.9', 'best']);
    expect(cell('metrics.acc', row(2, { metrics: { acc: 0.8 } }), { best }).textContent).toBe(
      '0.8'
    );
    expect(cell('metrics.acc', row(3), { best }).textContent).toBe('');
  });

  it('has its curve beside the value where there is room, hidden from the ear', () => {
    const of = row(1, { metrics: { loss: 1 }, sparklines: { loss: [3, 2, 1] } });
    expect(cell('metrics.loss', of).querySelector('svg')!.getAttribute('aria-hidden')).toBe('true');
    expect(cell('metrics.loss', of, { isNarrow: true }).querySelector('svg')).toBeNull();
  });

  it('of an age has the moment for the pointer, and grows older', () => {
    const shown = cell('started', row(1, { started: '2024-05-01T10:28:30Z' }));
    expect(shown.textContent).toBe('1 min ago');
    expect(shown.querySelector('span')!.title).toContain('2024');
    void act(() => void vi.advanceTimersByTime(60_000));
    expect(shown.textContent).toBe('2 min ago');
    expect(cell('started', row(2, { started: null })).textContent).toBe('');
  });

  it('of a duration counts while the run goes on and somebody tells of it', () => {
    const live = row(1, { status: 'Running', elapsed: 58 });
    withView(NOTHING, { rows: [live], more: 0 }, 0);
    const shown = cell('elapsed', live, { isTicking: true });
    expect(shown.textContent).toBe('58.0 s');
    void act(() => void vi.advanceTimersByTime(5_000));
    expect(shown.textContent).toBe('1 min 03 s');
    expect(cell('elapsed', live).textContent).toBe('58.0 s');
    expect(
      cell('elapsed', row(2, { status: 'Queued', started: null, elapsed: null }), {
        isTicking: true
      }).textContent
    ).toBe('');
  });

  it('of tags names each with its value', () => {
    const of = row(1, { tags: { stage: 'final', flag: '', n: null } });
    expect(cell('tags', of).textContent).toBe('stage: final, flag, n');
  });
});

describe('a cell of a group', () => {
  it('has the mean with its deviation, and the range for the pointer', () => {
    const loss = { count: 3, mean: 1_234.5, low: 0.5, high: 'Infinity', deviation: 12.345 };
    const shown = groupCell('metrics.loss', { metrics: { loss } });
    expect([shown.textContent, shown.querySelector('span')!.title]).toEqual([
      '1,235 ± 12',
      '0.5 … Infinity, n = 3'
    ]);
    const lone = { ...loss, count: 1, deviation: null };
    expect(groupCell('metrics.loss', { metrics: { loss: lone } }).textContent).toBe('1,235');
    expect(groupCell('metrics.other', { metrics: { loss } }).textContent).toBe('');
  });

  it('counts its runs by status, in words for the ear', () => {
    const shown = groupCell('status', { statuses: { Completed: 2, 'New <b>': 1 } });
    expect([...shown.children].map(one => one.textContent)).toEqual([
      '✓ 2 Completed',
      '· 1 New <b>'
    ]);
  });

  it('says nothing of parameters, which differ within it', () => {
    expect(groupCell('params.lr', {}).textContent).toBe('');
  });
});

describe('a column', () => {
  it('is as wide as its values need, within reason', () => {
    const of = (text: string): RunRowView => row(1, { params: { p: text } });
    expect(width('params.p', of('x'))).toBe(64);
    expect(width('params.p', of('x'.repeat(20)))).toBe(170);
    expect(width('params.p', of('x'.repeat(5_000)))).toBe(280);
    expect(width('params.p')).toBe(64);
  });

  it('has its numbers to the right, unless words are among them', () => {
    const isNumeric = (...values: (string | number | null)[]): boolean | undefined =>
      columnOf(
        'params.p',
        values.map(p => row(1, { params: { p } })),
        plainly
      ).isNumeric;
    expect([
      isNumeric(1, null, 'NaN'),
      isNumeric(1, 'auto'),
      isNumeric('auto'),
      isNumeric(null)
    ]).toEqual([true, false, false, false]);
  });

  it('is named by what stands behind the first dot', () => {
    expect([splitKey('metrics.val.loss'), splitKey('status'), splitKey('params.')]).toEqual([
      ['metrics', 'val.loss'],
      ['', 'status'],
      ['params', '']
    ]);
  });

  it('is moved within the others, and never beyond their ends', () => {
    const keys = ['a', 'b', 'c'];
    expect([reordered(keys, 'a', 1), reordered(keys, 'c', -5), reordered(keys, 'a', 99)]).toEqual([
      ['b', 'a', 'c'],
      ['c', 'a', 'b'],
      ['b', 'c', 'a']
    ]);
    expect(movedKeys(keys, ['gone', 'c', 'a'])).toEqual(['c', 'a', 'b']);
    expect(movedKeys(keys, ['gone'])).toEqual(keys);
  });
});
