import { describe, expect, it, vi } from 'vitest';
import { button, count, find, host, keys, line, mount, type } from './page';
import { HOSTILE, row, rows, tableOf } from './sample';
import type { RunQuery } from '../../../src/contract.gen';

const PAUSE = 1_000;
const NONE = { params: [], metrics: [], rows: [], more: 0 };
const problem = (): string => find('.aml-problem').textContent!;

/** Type a filter, and let the host find what it finds. */
async function filter(text: string, found: number[], more = 0): Promise<void> {
  host.answers = () => NONE;
  type(text);
  await vi.advanceTimersByTimeAsync(PAUSE);
  host.to('runs').event({
    type: 'view',
    token: '',
    view: { ...NONE, rows: found.map(number => row(number)), more }
  });
}

describe('a filter', () => {
  it('is asked of the host once the user has stopped typing, and then followed', async () => {
    vi.useFakeTimers();
    const query: RunQuery = { experiment: 'digits', sort: 'name', filter: 'number > 0' };
    mount({ ...tableOf(rows(3), 7), query });
    host.answers = () => NONE;
    type('created > 2024-05-0');
    type('created > 2024-05-01');
    expect([host.asked, host.followed]).toEqual([[], [{ query }]]);
    await vi.advanceTimersByTimeAsync(PAUSE);
    const find = 'created > 2024-05-01';
    expect(host.asked).toEqual([
      ['runs', { query: { ...query, find, sort: '' }, offset: 0, limit: 1 }]
    ]);
    expect([host.followed[1], host.stopped]).toEqual([{ query: { ...query, find } }, 1]);
    expect(count()).toBe('3 of 10 runs, 0 selected');

    host.to('runs').event({ type: 'view', token: '', view: { ...NONE, rows: [row(9), row(2)] } });
    expect([keys(), count()]).toEqual([['run-9', 'run-2'], '2 of 10 runs, 0 selected']);
    host.to('runs').event({
      type: 'rows',
      token: '',
      rows: [row(11)],
      removed: ['run-2'],
      order: null,
      more: 0
    });
    expect([keys(), count()]).toEqual([['run-11', 'run-9'], '2 of 10 runs, 0 selected']);
  });

  it('gives way to words and to nothing at once, with the rows that were here', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    await filter('number = 2', [2]);
    type('name 1');
    expect([keys(), host.followed.length]).toEqual([['run-1'], 3]);
    expect(host.followed[2]).toEqual({ query: {} });
    await filter('number = 2', [2]);
    type('');
    expect(count()).toBe('3 runs, 0 selected');
  });

  it('leaves what is selected selected, here or found', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    (line(1).firstElementChild as HTMLElement).click();
    await filter('number > 2', [9, 3]);
    (line(9).firstElementChild as HTMLElement).click();
    expect([count(), button('Compare').getAttribute('aria-disabled')]).toEqual([
      '2 of 3 runs, 2 selected',
      'false'
    ]);
    host
      .to('runs')
      .event({ type: 'rows', token: '', rows: [], removed: ['run-3'], order: null, more: 0 });
    type('');
    expect(line(1).getAttribute('aria-selected')).toBe('true');
  });

  it('that more runs meet than are shown says how many, and loads them by itself for an order alone', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3), 500));
    await filter('number > 2', [9, 3], 40);
    expect([count(), button('Load').textContent]).toEqual([
      '42 of 503 runs, 0 selected',
      'Load 40 more'
    ]);
    host.answers = () => ({ ...NONE, rows: [row(5)], more: 0 });
    button('Load').click();
    await vi.advanceTimersByTimeAsync(0);
    expect(host.asked.at(-1)).toEqual([
      'runs',
      { query: { find: 'number > 2' }, offset: 2, limit: 1_000 }
    ]);
    expect(keys()).toEqual(['run-9', 'run-3', 'run-5']);
  });

  it('that no run meets is said', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    await filter('number > 9', []);
    expect([find('.aml-run-list > .aml-muted').textContent, count()]).toEqual([
      'No run meets the filter.',
      '0 of 3 runs, 0 selected'
    ]);
  });
});

describe('a filter that the host refuses', () => {
  it('is told in its words, and leaves the table as it is', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    await filter('number > 1', [3, 2]);
    host.answers = () =>
      Promise.reject(new Error("The filter 'number >' lacks a value at 'its end'."));
    type('number >');
    await vi.advanceTimersByTimeAsync(PAUSE);
    const box = find('.aml-filter');
    expect([keys(), problem(), box.getAttribute('aria-invalid')]).toEqual([
      ['run-3', 'run-2'],
      "The filter 'number >' lacks a value at 'its end'.",
      'true'
    ]);
    expect(box.getAttribute('aria-describedby')).toBe(find('.aml-problem').id);
    type('name 3');
    expect([keys(), problem(), box.getAttribute('aria-invalid')]).toEqual([['run-3'], '', 'false']);
  });

  it('or that it cannot answer, as long as the box has it', async () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    type('number > 1');
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect([problem(), count()]).toEqual(['the server is away', '3 runs, 0 selected']);
    let refuse: ((why: Error) => void) | null = null;
    host.answers = () => new Promise((_, no) => (refuse = no));
    type('number > 2');
    await vi.advanceTimersByTimeAsync(PAUSE);
    type('');
    refuse!(new Error('too late'));
    await vi.advanceTimersByTimeAsync(PAUSE);
    expect(problem()).toBe('');
  });

  it('is words or a question, whatever it is', () => {
    vi.useFakeTimers();
    mount(tableOf(rows(3)));
    for (const text of HOSTILE) {
      for (const whole of [text, `${text} = 1`, `params.\`${text}\` > 1`]) {
        type(whole);
      }
    }
    expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
  });
});
