import { describe, expect, it, vi } from 'vitest';
import { button } from '../../run/scene';
import { press } from '../../runs/sample';
import {
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  mounted,
  pageOf,
  parent,
  tab,
  type,
  wait
} from '../scene';

const box = (): HTMLInputElement => find('.aml-filter') as HTMLInputElement;
const asked = (): { filter?: string; sort?: string }[] => host.questions('dataset_rows') as never;
const count = (): string => find('.aml-count').textContent;

describe('the filter of rows', () => {
  it('is asked for at once by Enter, and not again after the pause', async () => {
    mount();
    type('age > 1');
    press(box(), 'Enter');
    expect(asked()).toMatchObject([{ filter: 'age > 1' }]);
    await wait(2_000);
    expect(asked()).toHaveLength(1);
  });

  it('is asked for once for all letters that come after each other', async () => {
    mount();
    for (const words of ['a', 'ag', 'age', 'age > 1']) {
      type(words);
      await wait(100);
    }
    await wait();
    expect(asked().map(({ filter }) => filter)).toEqual(['age > 1']);
  });

  it('shows all rows as soon as it is empty', async () => {
    mount();
    type('age > 1');
    await wait();
    expect(count()).toBe('7 of 250 rows, 3 columns');
    type(' ');
    await wait(10);
    expect(asked().at(-1)).not.toHaveProperty('filter');
    expect(count()).toBe('250 rows, 3 columns');
  });

  it('is marked as wrong to those who do not see it, until it is empty', async () => {
    mount(dataset(), {
      dataset_rows: ({ filter }) => {
        if (filter) {
          throw new Error('The filter <b> cannot be read.');
        }
        return pageOf({ dataset: 'id-2', offset: 0, limit: 100 });
      }
    });
    type('<b>');
    await wait();
    expect(box().getAttribute('aria-invalid')).toBe('true');
    const problem = document.getElementById(box().getAttribute('aria-describedby')!)!;
    expect(problem.textContent).toBe('The filter <b> cannot be read.');
    expect(problem.children).toHaveLength(0);
    type('');
    expect(box().getAttribute('aria-invalid')).toBe('false');
    await wait();
    expect(problem.textContent).toBe('');
  });

  it('keeps what was typed and clicked where it cannot be read together', async () => {
    mount(dataset(), { dataset_rows: () => Promise.reject(new Error('no')) });
    type('age >');
    await wait();
    findAll('.aml-data-value-bar')[0]!.click();
    await wait();
    expect(box().value).toBe('age >');
    expect(findAll('.aml-data-conditions code').map(one => one.textContent)).toEqual([
      "city = 'Oslo'"
    ]);
    expect(asked().at(-1)).toMatchObject({ filter: "age > and city = 'Oslo'" });
  });

  it('is there again after a look at another tab', async () => {
    mount();
    type('age > 1');
    await wait();
    tab('Columns');
    await wait();
    tab('Rows');
    await wait();
    expect([box().value, count()]).toEqual(['age > 1', '7 of 250 rows, 3 columns']);
  });

  it('is not asked for once the screen is gone', async () => {
    mount();
    type('age > 1');
    mounted.dispose();
    await wait(2_000);
    expect(asked()).toEqual([]);
  });

  it.each([
    [[column('age'), column('city', 'string')], "Filter: age > 40 and city like '%x%'"],
    [[column('city', 'string')], "Filter: city like '%x%'"],
    [[column('a b')], 'Filter: age > 40'],
    [[column('x'.repeat(30))], 'Filter: age > 40']
  ])('shows by its own columns how one is written (%#)', (columns, words) => {
    mount(dataset({ columns }));
    expect(box().placeholder).toBe(words);
  });
});

describe('the count of rows', () => {
  it('says that it is of those that are known where nobody has counted', () => {
    mount(dataset({ rows: null }));
    expect(count()).toBe('the first 100 rows, 3 columns');
  });

  it('of a filter has no total where nobody knows one', async () => {
    mount(dataset({ rows: null }));
    type('age > 1');
    await wait();
    expect(count()).toBe('7 rows, 3 columns');
  });

  it('tells what was copied for a while, and no longer once something is typed', async () => {
    vi.stubGlobal('navigator', { clipboard: { writeText: async () => undefined } });
    mount();
    button(parent, 'Copy').click();
    await wait(100);
    expect(count()).toBe('copied rows 1 to 100');
    await wait(6_000);
    expect(count()).toBe('250 rows, 3 columns');
    button(parent, 'Copy').click();
    await wait(100);
    type('age > 1');
    expect(count()).not.toContain('copied');
    vi.unstubAllGlobals();
  });

  it('takes along only the columns that are shown, with texts as they are', async () => {
    const writeText = vi.fn<(words: string) => Promise<void>>(async () => undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const head = { columns: ['age', 'city', 'gap'], rows: [[1, 'a,"b"\nc', null]], count: 1 };
    mount(dataset({ rows: 1, head: head }));
    findAll('.aml-data-pick-list label input')[0]!.click();
    await wait();
    button(parent, 'Copy').click();
    await wait(10);
    expect(writeText.mock.calls[0]![0]).toBe('city,gap\r\n"a,""b""\nc",\r\n');
    vi.unstubAllGlobals();
  });
});

describe('the sort of rows', () => {
  const head = (): HTMLElement => find('.aml-head [aria-colindex="2"]');
  const sort = (): Promise<void> => {
    head().querySelector<HTMLElement>('.aml-head-text')!.click();
    return wait();
  };

  it('stays with the filter, and goes with the third click', async () => {
    mount();
    await sort();
    type('age > 1');
    await wait();
    expect(asked().at(-1)).toMatchObject({ sort: 'age', filter: 'age > 1' });
    await sort();
    await sort();
    expect(asked().at(-1)).toMatchObject({ filter: 'age > 1' });
    expect(asked().at(-1)).not.toHaveProperty('sort');
  });

  it('is of the column that is clicked though one before it is hidden', async () => {
    mount();
    findAll('.aml-data-pick-list label input')[0]!.click();
    await wait();
    await sort();
    expect(asked().at(-1)).toMatchObject({ sort: 'city' });
  });
});
