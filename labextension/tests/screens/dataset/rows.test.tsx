import { describe, expect, it } from 'vitest';
import type { DatasetPageView } from '../../../src/contract.gen';
import { button } from '../run/scene';
import { focused, press } from '../runs/sample';
import {
  cell,
  column,
  dataset,
  drawnRows,
  find,
  headText,
  findAll,
  host,
  line,
  mount,
  pageOf,
  parent,
  tab,
  text,
  titleOf,
  type,
  wait
} from './scene';

const grid = (): HTMLElement => find('[role=grid]');
const asked = (): unknown[] => host.questions('dataset_rows');
async function scroll(top: number, left = 0): Promise<void> {
  grid().scrollTop = top;
  grid().scrollLeft = left;
  grid().dispatchEvent(new Event('scroll'));
  await wait();
}

describe('the rows', () => {
  it('are those of the snapshot until others are seen', async () => {
    mount();
    await wait();
    expect(asked()).toEqual([]);
    expect(line(0).textContent).toBe('10word 0null');
    expect(grid().getAttribute('aria-rowcount')).toBe('251');
    expect(find('.aml-count').textContent).toBe('250 rows, 3 columns');
    await scroll(28 * 120);
    expect(asked()).toEqual([{ dataset: 'id-2', offset: 100, limit: 100 }]);
    expect(cell(121, 1).textContent).toBe('word 121');
    await scroll(0);
    expect(asked()).toHaveLength(1);
  });

  it('have types in their heads and tell nothing from an empty text', () => {
    mount(
      dataset({
        head: { columns: ['age', 'city', 'gap'], rows: [[1, '', null]], count: 1 },
        rows: 1
      })
    );
    expect(headText(0)).toBe('age integer');
    expect(cell(0, 1).textContent).toBe('');
    expect(cell(0, 1).querySelector('.aml-data-none')).toBeNull();
    expect(cell(0, 2).querySelector('.aml-data-none')).not.toBeNull();
    expect(cell(0, 0).classList).toContain('aml-number');
  });

  it('have a blank in their moments', () => {
    mount(
      dataset({
        columns: [column('day', 'datetime')],
        head: { columns: ['day'], rows: [['2024-05-01T10:00:00']], count: 1 },
        rows: 1
      })
    );
    expect(cell(0, 0).textContent).toBe('2024-05-01 10:00:00');
    expect(titleOf(0, 0)).toBe('2024-05-01T10:00:00');
  });

  it('keep every digit', () => {
    mount(
      dataset({
        head: {
          columns: ['age', 'city', 'gap'],
          rows: [['12345678901234567890', true, 0.1234567890123]],
          count: 1
        },
        rows: 1
      })
    );
    expect(line(0).textContent).toBe('112345678901234567890True0.1234567890123');
  });

  it('that are not counted are asked for at the end of those that are known', async () => {
    mount(dataset({ rows: null }));
    expect(find('.aml-count').textContent).toContain('the first 100 rows');
    expect(grid().getAttribute('aria-rowcount')).toBe('-1');
    await scroll(28 * 90);
    expect(asked()).toEqual([{ dataset: 'id-2', offset: 100, limit: 100 }]);
    expect(find('.aml-count').textContent).toContain('250 rows');
  });

  it('that a small snapshot lacks are asked for at once, by the names of their columns', async () => {
    const view = dataset({ head: { columns: ['city'], rows: [['only']], count: 1 } });
    mount(view, {
      dataset_rows: question => ({
        ...pageOf(question),
        columns: ['gap', 'city', 'age'],
        rows: [[0.5, 'x', 9]]
      })
    });
    expect(cell(0, 1).textContent).toBe('only');
    await wait();
    expect(line(0).textContent).toBe('19x0.5');
  });

  it('that cannot be had are asked for again on request', async () => {
    let isAway = true;
    mount(dataset(), {
      dataset_rows: question =>
        isAway ? Promise.reject(new Error('the kernel is busy')) : pageOf(question)
    });
    await scroll(28 * 120);
    expect(text()).toContain('Rows could not be loaded: the kernel is busy');
    expect(cell(121, 1).textContent).toBe('…');
    const count = asked().length;
    await wait(5_000);
    expect(asked()).toHaveLength(count);
    isAway = false;
    button(parent, 'Try again').click();
    await wait();
    expect(text()).not.toContain('could not be loaded');
    expect(cell(121, 1).textContent).toBe('word 121');
  });

  it('that are scrolled past are not asked for', async () => {
    mount(dataset({ rows: 100_000 }), { dataset_rows: question => pageOf(question, 100_000) });
    for (let at = 1; at < 50; at += 1) {
      grid().scrollTop = at * 28_000;
      grid().dispatchEvent(new Event('scroll'));
    }
    await wait();
    expect(asked().length).toBeLessThanOrEqual(2);
  });
});

describe('sorting', () => {
  it('asks for the first page, marks the head, and ends with the third click', async () => {
    mount();
    cell(-1, 1).click();
    await wait();
    expect(asked().at(-1)).toEqual({
      dataset: 'id-2',
      offset: 0,
      limit: 100,
      sort: 'city',
      descending: false
    });
    expect(cell(-1, 1).getAttribute('aria-sort')).toBe('ascending');
    press(cell(-1, 1), 'Enter');
    await wait();
    expect(asked().at(-1)).toMatchObject({ sort: 'city', descending: true });
    expect(cell(-1, 1).getAttribute('aria-sort')).toBe('descending');
    press(cell(-1, 1), ' ');
    await wait();
    expect(asked().at(-1)).toEqual({ dataset: 'id-2', offset: 0, limit: 100 });
    expect(cell(-1, 1).getAttribute('aria-sort')).toBe('none');
  });

  it('goes on from a click whose answer is still to come', async () => {
    mount();
    cell(-1, 0).click();
    cell(-1, 0).click();
    await wait();
    expect(asked().at(-1)).toMatchObject({ sort: 'age', descending: true });
    expect(cell(-1, 0).getAttribute('aria-sort')).toBe('descending');
  });

  it('that fails says so and leaves the rows', async () => {
    mount(dataset(), { dataset_rows: () => Promise.reject(new Error('a list has no order')) });
    cell(-1, 0).click();
    await wait();
    expect(find('.aml-problem').textContent).toBe('a list has no order');
    expect(cell(-1, 0).getAttribute('aria-sort')).toBe('none');
    expect(cell(0, 1).textContent).toBe('word 0');
  });

  it('takes the last of two clicks, whichever answer comes first', async () => {
    const answers: ((page: DatasetPageView) => void)[] = [];
    mount(dataset(), { dataset_rows: () => new Promise(resolve => void answers.push(resolve)) });
    cell(-1, 0).click();
    cell(-1, 1).click();
    answers[1]!({ columns: ['age', 'city', 'gap'], rows: [[1, 'second', 1]], offset: 0, count: 1 });
    answers[0]!({ columns: ['age', 'city', 'gap'], rows: [[1, 'first', 1]], offset: 0, count: 1 });
    await wait();
    expect(line(0).textContent).toContain('second');
    expect(cell(-1, 1).getAttribute('aria-sort')).toBe('ascending');
  });
});

describe('the filter', () => {
  it('is asked for after a pause, with the sort', async () => {
    mount();
    cell(-1, 0).click();
    await wait();
    type('age > 4');
    type('age > 40');
    await wait(100);
    expect(asked()).toHaveLength(1);
    await wait();
    expect(asked().at(-1)).toEqual({
      dataset: 'id-2',
      offset: 0,
      limit: 100,
      sort: 'age',
      descending: false,
      filter: 'age > 40'
    });
    expect(asked()).toHaveLength(2);
    expect(find('.aml-count').textContent).toBe('7 of 250 rows, 3 columns');
    expect(drawnRows()).toHaveLength(7);
    type('');
    await wait();
    expect(find('.aml-count').textContent).toBe('250 rows, 3 columns');
  });

  it('that cannot be read says why, and leaves what is shown', async () => {
    mount(dataset(), {
      dataset_rows: () => Promise.reject(new Error('The filter lacks a value at “>”.'))
    });
    type('age >');
    press(find('.aml-filter'), 'Enter');
    await wait();
    expect(find('.aml-problem').textContent).toBe('The filter lacks a value at “>”.');
    expect(find('.aml-filter').getAttribute('aria-invalid')).toBe('true');
    expect(find('.aml-filter').getAttribute('aria-describedby')).toBe(find('.aml-problem').id);
    expect(drawnRows().length).toBeGreaterThan(10);
  });
});

describe('an error that comes late', () => {
  it('says nothing of the filter that is typed now', async () => {
    const fails: ((error: Error) => void)[] = [];
    mount(dataset(), {
      dataset_rows: question =>
        question.filter === 'bad'
          ? new Promise((_, reject) => void fails.push(reject))
          : pageOf(question)
    });
    type('bad');
    await wait();
    type('age > 1');
    await wait();
    fails[0]!(new Error('The filter “bad” cannot be read.'));
    await wait();
    expect(find('.aml-problem').textContent).toBe('');
    expect(drawnRows()).toHaveLength(7);
  });
});

describe('a wide and long table', () => {
  const wide = Array.from({ length: 1_000 }, (_, at) => column(`c${at}`));
  it('has only what is near to be seen in the page', async () => {
    mount(dataset({ columns: wide }));
    expect(findAll('.aml-cell').length).toBeLessThan(1_500);
    expect(grid().getAttribute('aria-colcount')).toBe('1001');
    const width = parseFloat(find('.aml-head').style.width);
    await scroll(0, width - 900);
    expect(headText(999)).toBe('c999 integer');
    expect(findAll('.aml-cell').length).toBeLessThan(1_500);
    expect(line(0).querySelector('[aria-colindex="1"]')!.textContent).toBe('1');
    const places = [...line(0).children].map(one => Number(one.getAttribute('aria-colindex')));
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('of 100,000 columns is still one', () => {
    mount(
      dataset({
        columns: Array.from({ length: 100_000 }, (_, at) => column(`c${at}`)),
        head: { columns: ['c0'], rows: [], count: 0 }
      })
    );
    expect(findAll('.aml-cell').length).toBeLessThan(1_500);
    tab('Columns');
    expect(findAll('.aml-data-column')).toHaveLength(60);
  });

  it('of 5,000,000 rows fits into a page, and its last row can be reached', async () => {
    mount(dataset({ rows: 5_000_000 }), { dataset_rows: question => pageOf(question, 5_000_000) });
    expect(parseFloat(find('.aml-rows').style.height)).toBe(8_000_000);
    cell(0, 0).focus();
    press(focused(), 'End', { ctrlKey: true });
    await wait();
    expect(focused().textContent).toBe('null');
    expect(line(4_999_999).textContent).toContain('word 4999999');
    press(focused(), 'ArrowUp');
    await wait();
    expect(focused().parentElement!.getAttribute('aria-rowindex')).toBe('5000000');
    press(focused(), 'Home', { ctrlKey: true });
    await wait();
    expect(focused().textContent).toBe('1');
  });
});
