import { describe, expect, it, vi } from 'vitest';
import { button, count, drawn, enter, find, host, keys, mount, type, until } from './page';
import type { row } from './sample';
import { HOSTILE, rows, tableOf } from './sample';

const all = rows(500, number => ({ status: number % 100 ? 'Completed' : 'Failed' }));
const problem = (): string => find('.aml-problem')?.textContent ?? '';
const asked = (): unknown[] =>
  host.asked.filter(([kind]) => kind === 'runs').map(([, question]) => question);

describe('what is typed', () => {
  it('is asked of the store, so that runs which are not here are found', async () => {
    mount(tableOf(all.slice(0, 100), 400));
    host.all = all;
    enter('Failed');
    await until(() => expect(count()).toBe('5 of 500 runs, 0 selected'));
    expect(keys()).toEqual(['run-500', 'run-400', 'run-300', 'run-200', 'run-100']);
    expect(asked()).toEqual([{ query: { words: 'Failed' }, offset: 0, limit: 100 }]);
    expect(host.followed.at(-1)).toEqual({ query: { words: 'Failed' } });
    enter('');
    await until(() => expect(count()).toBe('500 runs, 0 selected'));
  });

  it('is asked once the reader has stopped typing, and counted in the whole', async () => {
    mount({ ...tableOf(all.slice(0, 100), 400), query: { experiment: 'digits' } });
    host.all = all;
    type('number > 4');
    type('number > 42');
    await until(() => expect(count()).toBe('458 of 500 runs, 0 selected'));
    expect(asked()).toEqual([
      { query: { experiment: 'digits', find: 'number > 42' }, offset: 0, limit: 100 }
    ]);
  });

  it('is not lost to what is drawn before it is known', async () => {
    mount(tableOf(rows(3)));
    host.all = rows(3);
    host.to('runs').link('live');
    // A browser does what waits after each listener of an event, not after all of them.
    vi.stubGlobal('queueMicrotask', (work: () => void) => work());
    type('number > 2');
    vi.unstubAllGlobals();
    expect((find('.aml-filter') as HTMLInputElement).value).toBe('number > 2');
    await until(() => expect(keys()).toEqual(['run-3']));
  });

  it('leaves what is selected selected', async () => {
    mount(tableOf(rows(3)));
    host.all = rows(3);
    find('[data-key="run-1"] .aml-tick').click();
    enter('number > 2');
    await until(() => expect(count()).toBe('1 of 3 runs, 1 selected'));
    find('[data-key="run-3"] .aml-tick').click();
    await drawn();
    expect(button('Compare').getAttribute('aria-disabled')).toBeNull();
  });

  it('that no run meets is said', async () => {
    mount(tableOf(rows(3)));
    host.all = rows(3);
    enter('number > 9');
    await until(() => expect(count()).toBe('0 of 3 runs, 0 selected'));
    expect(find('.aml-run-list > .aml-muted').textContent).toBe('No run meets the filter.');
  });

  it('is told in the words of the host where it refuses, and leaves the table as it is', async () => {
    mount(tableOf(rows(3)));
    host.all = rows(3);
    enter('number > 1');
    await until(() => expect(keys()).toEqual(['run-3', 'run-2']));
    const why = "None of the runs has metrics.acuracy. Did you mean 'accuracy'?";
    host.says['runs'] = new Error(why);
    enter('metrics.acuracy > 0');
    await until(() => expect(problem()).toBe(why));
    const box = find('.aml-filter');
    expect([keys(), box.getAttribute('aria-invalid')]).toEqual([['run-3', 'run-2'], 'true']);
    expect(box.getAttribute('aria-describedby')).toBe(find('.aml-problem').id);
    delete host.says['runs'];
    enter('name 3');
    await until(() => expect(keys()).toEqual(['run-3']));
    expect([problem(), box.getAttribute('aria-invalid')]).toEqual(['', 'false']);
  });

  it('is words or a question, whatever it is', async () => {
    mount(tableOf(rows(3)));
    host.all = rows(3);
    for (const text of HOSTILE) {
      for (const whole of [text, `${text} = 1`, `params.\`${text}\` > 1`]) {
        enter(whole);
      }
    }
    await drawn();
    expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
  });
});

describe('the limit of a query', () => {
  it('is kept until the reader wants more, or asks for something else', async () => {
    mount({ ...tableOf(rows(5).slice(0, 2), 3), query: { limit: 2 } });
    host.all = rows(5);
    expect([keys(), count()]).toEqual([['run-5', 'run-4'], '2 of 5 runs, 0 selected']);
    button('Show all 5').click();
    await until(() => expect(keys()).toHaveLength(5));
    expect(count()).toBe('5 runs, 0 selected');
  });
});

describe('groups', () => {
  const params = (number: number): Partial<ReturnType<typeof row>> => ({
    params: { depth: (number % 2) + 1 },
    metrics: { loss: number }
  });
  const loss = { count: 2, mean: 3, low: 2, high: 4, deviation: 1.41421 };
  const groups = [
    { key: '1', value: 1, count: 2, statuses: { Completed: 2 }, metrics: { loss } },
    { key: '2', value: 2, count: 1, statuses: { Failed: 1 }, metrics: {} },
    { key: null, value: null, count: 1, statuses: { Completed: 1 }, metrics: {} }
  ];

  it('have counts, means and statuses of the store, and open to their runs', async () => {
    mount(tableOf(rows(4, params)));
    host.all = rows(4, params);
    host.says['runs'] = { params: [], metrics: ['loss'], rows: [], more: 4, groups };
    const box = find('.aml-group-by') as HTMLSelectElement;
    box.value = 'params.depth';
    box.dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => expect(find('[role=treegrid]')).not.toBeNull());
    const lines = (): string[] =>
      [...document.querySelectorAll('.aml-rows [role=row]')].map(one => one.textContent);
    expect(lines()[0]).toContain('▸ 1 (2)');
    expect(lines()[0]).toContain('3 ± 1.4');
    expect(lines()[1]).toContain('✗ 1');
    expect(lines()[2]).toContain('none (1)');
    expect(count()).toBe('4 runs, 0 selected');
    delete host.says['runs'];
    find('.aml-group .aml-open').click();
    await until(() => expect(keys()).toEqual(expect.arrayContaining(['run-4', 'run-2'])));
    expect(keys()).toEqual(['group 1', 'run-4', 'run-2', 'group 2', 'group']);
    expect(asked().at(-1)).toEqual({
      query: { group: { by: 'params.depth', key: '1' } },
      offset: 0,
      limit: 100
    });
    expect(find('[data-key="group 1"]').getAttribute('aria-expanded')).toBe('true');
    find('[data-key="group 1"] .aml-tick').click();
    await until(() => expect(count()).toBe('4 runs, 2 selected'));
  });
});
