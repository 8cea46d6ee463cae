import { describe, expect, it } from 'vitest';
import type { DatasetRowDiffView, RowChangeView } from '../../../src/contract.gen';
import { button } from '../run/scene';
import { dataset, find, findAll, host, mount, parent, tab, text, wait } from './scene';

const changed: RowChangeView = {
  ...{ state: 'changed', row_before: 2, row_after: 1 },
  ...{ cells: [2, 'Bo', 21], changed: [2], before: [20] }
};
const added: RowChangeView = {
  ...{ state: 'added', row_before: null, row_after: 4 },
  ...{ cells: [6, 'Ed', null], changed: [], before: [] }
};

function diff(fields: Partial<DatasetRowDiffView> = {}): DatasetRowDiffView {
  const columns = [
    { name: 'id', before: 'integer', after: 'integer', changes: 0, zone: '' },
    { name: 'name', before: 'string', after: 'string', changes: 0, zone: '' },
    { name: 'age', before: 'integer', after: 'integer', changes: 1, zone: '' }
  ];
  return {
    ...{ before: 1, after: 2, key: ['id'], candidates: ['id', 'name'], problem: '' },
    ...{ rows_before: 5, rows_after: 6, added: 1, removed: 0, changed: 1 },
    ...{ columns, rows: [changed, added], offset: 0, count: 2, notices: [] },
    ...fields
  };
}

async function open(answer: () => DatasetRowDiffView | Promise<DatasetRowDiffView>): Promise<void> {
  mount(dataset(), {
    dataset_diff: () => ({ before: 1, after: 2, rows_before: 5, rows_after: 6, columns: [] }),
    dataset_row_diff: answer
  });
  tab('Versions');
  await wait();
  button(parent, 'Row by row').click();
  await wait();
}
const asked = (): unknown => host.questions('dataset_row_diff').at(-1);
const lines = (): (string | null)[] => findAll('.aml-rows [role=row]').map(one => one.textContent);

describe('rows that differ', () => {
  it('are asked for by a click, and shown cell by cell', async () => {
    await open(() => diff());
    expect(asked()).toEqual({ dataset: 'id-1', other: 'id-2', limit: 200 });
    expect(text()).toContain('5 rows → 6 rows: 1 added, 0 removed, 1 changed');
    expect(text()).toContain('Changed cells: age 1');
    expect(lines()).toEqual(['± changed2Bo20 → 21', '+ added6Ednull']);
    expect(find('del').textContent).toBe('20');
    expect(find('ins').textContent).toBe('21');
  });

  it('are narrowed to one kind', async () => {
    await open(() => diff());
    button(parent, 'Added 1').click();
    await wait();
    expect(asked()).toMatchObject({ show: 'added' });
    expect(button(parent, 'Added 1').getAttribute('aria-pressed')).toBe('true');
    expect(button(parent, 'Removed 0').getAttribute('aria-disabled')).toBe('true');
  });

  it('without a key say so, and offer columns', async () => {
    await open(() =>
      diff({ problem: 'No column names each row once.', key: [], rows: [], count: 0, columns: [] })
    );
    expect(text()).toContain('No column names each row once.');
    expect(text()).toContain('These may name rows, alone or together: id, name.');
    findAll('.aml-data-row-diff .aml-data-pick input')[0]!.click();
    await wait();
    expect(asked()).toMatchObject({ key: ['id'] });
    findAll('.aml-data-row-diff .aml-data-pick input')[1]!.click();
    await wait();
    expect(asked()).toMatchObject({ key: ['id', 'name'] });
  });

  it('come by the page', async () => {
    await open(() =>
      diff({ rows: Array.from({ length: 200 }, () => added), count: 1_000, added: 1_000 })
    );
    find('[role=grid]').scrollTop = 28 * 500;
    find('[role=grid]').dispatchEvent(new Event('scroll'));
    await wait();
    expect(asked()).toEqual({ dataset: 'id-1', other: 'id-2', limit: 200, offset: 400 });
    expect(lines().some(line => line?.includes('Ed'))).toBe(true);
  });

  it('that are none are told', async () => {
    await open(() => diff({ added: 0, changed: 0, rows: [], count: 0 }));
    expect(text()).toContain('no row differs, found by id');
    expect(find('.aml-data-diff [role=grid]')).toBeNull();
  });

  it('that cannot be had can be asked for again', async () => {
    await open(() => Promise.reject(new Error('the store is away')));
    expect(text()).toContain('This cannot be shown: the store is away');
    button(parent, 'Try again').click();
    await wait();
    expect(host.questions('dataset_row_diff')).toHaveLength(2);
  });
});

describe('the columns of the rows', () => {
  it('are picked by name, all or none', async () => {
    mount();
    const heads = (): (string | null)[] =>
      findAll('.aml-data-grid .aml-head-text').map(one => one.textContent);
    expect(heads()).toEqual(['#', 'age', 'city', 'gap']);
    const box = find('.aml-data-pick input[type=search]') as HTMLInputElement;
    box.value = 'string';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await wait();
    button(parent, 'Hide found').click();
    await wait();
    expect(heads()).toEqual(['#', 'age', 'gap']);
    expect(find('.aml-data-pick summary').textContent).toBe('Columns: 2 of 3');
    box.value = '';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await wait();
    button(parent, 'None').click();
    await wait();
    expect(heads()).toEqual(['#']);
    button(parent, 'All').click();
    await wait();
    expect(heads()).toHaveLength(4);
  });
});

describe('an error of the filter', () => {
  it('goes with the next filter, also while its rows are still to come', async () => {
    mount(dataset(), {
      dataset_rows: ({ filter }) =>
        filter === 'bad' ? Promise.reject(new Error('It cannot be read.')) : new Promise(() => {})
    });
    const box = find('.aml-filter') as HTMLInputElement;
    const typed = async (words: string): Promise<void> => {
      box.value = words;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await wait();
    };
    await typed('bad');
    expect(find('.aml-problem').textContent).toBe('It cannot be read.');
    await typed('');
    expect(find('.aml-problem').textContent).toBe('');
    expect(find('.aml-count').textContent).toBe('Loading…');
  });
});
