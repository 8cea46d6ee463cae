import { describe, expect, it } from 'vitest';
import type { DatasetDiffView } from '../../../src/contract.gen';
import { button } from '../run/scene';
import {
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  parent,
  tab,
  text,
  version,
  wait
} from './scene';

function diff(fields: Partial<DatasetDiffView> = {}): DatasetDiffView {
  return {
    ...{ before: 1, after: 2, rows_before: 100, rows_after: null },
    columns: [
      {
        name: 'age',
        before: column('age'),
        after: column('age', 'integer', { histogram: { edges: [100, 150, 200], counts: [1, 3] } }),
        changes: ['missing 3 % → 12 %']
      },
      {
        name: 'city',
        before: column('city', 'string'),
        after: column('city', 'string'),
        changes: []
      },
      { name: 'new', before: null, after: column('new'), changes: [] },
      { name: 'old', before: column('old'), after: null, changes: [] }
    ],
    ...fields
  };
}
const cards = (): HTMLElement[] => findAll('.aml-data-change');

describe('the versions', () => {
  it('are listed, and another one is shown by a click', async () => {
    mount(dataset(), {
      dataset_diff: () => diff(),
      dataset: () => dataset({ id: 'id-1', version: 1 })
    });
    tab('Versions');
    const lines = findAll('tbody tr').map(one => one.textContent);
    expect(lines[0]).toContain('version 2 (shown)20022.0 kB');
    expect(lines[1]).toMatch(/^version 11002.*0123456789abwords 1$/);
    button(parent, 'version 1').click();
    await wait();
    expect(host.questions('dataset')).toEqual([{ dataset: 'people', version: 1 }]);
    expect(findAll('tbody tr')[1]!.textContent).toContain('version 1 (shown)');
  });

  it('that cannot be shown say why in their place', async () => {
    mount(dataset(), { dataset_diff: () => diff() });
    tab('Versions');
    button(parent, 'version 1').click();
    await wait();
    expect(findAll('tbody tr')[1]!.textContent).toContain('no answer to dataset');
  });
});

describe('what changed', () => {
  it('is told of the version before, column by column, on one scale', async () => {
    mount(dataset(), { dataset_diff: () => diff() });
    expect(host.questions('dataset_diff')).toEqual([]);
    tab('Versions');
    await wait();
    expect(host.questions('dataset_diff')).toEqual([{ dataset: 'id-1', other: 'id-2' }]);
    expect(text()).toContain('100 rows → rows not counted, 3 of 4 columns changed');
    expect(cards().map(one => one.getAttribute('aria-label'))).toEqual(['age', 'new', 'old']);
    expect(cards()[0]!.textContent).toContain('missing 3 % → 12 %');
    expect(cards()[1]!.textContent).toContain('added');
    expect(cards()[2]!.textContent).toContain('removed');
    expect(cards()[2]!.textContent).toContain('not there');
    const bars = [...cards()[0]!.querySelectorAll('.aml-data-bar')].map(one =>
      Number(one.getAttribute('x'))
    );
    expect(bars).toEqual([0, 50, 100, 150]);
    tab('Rows');
    tab('Versions');
    expect(host.questions('dataset_diff')).toHaveLength(1);
  });

  it('has bars of equal area for equal shares', async () => {
    const [wide, narrow] = [
      { edges: [0, 10, 20], counts: [5, 5] },
      { edges: [0, 5, 10], counts: [50, 50] }
    ];
    const changed = {
      name: 'age',
      before: column('age', 'decimal', { histogram: wide }),
      after: column('age', 'decimal', { histogram: narrow }),
      changes: ['max 20 → 10']
    };
    mount(dataset(), { dataset_diff: () => diff({ columns: [changed] }) });
    tab('Versions');
    await wait();
    expect(
      [...cards()[0]!.querySelectorAll('.aml-data-bar')].map(one => one.getAttribute('height'))
    ).toEqual(['24', '24', '48', '48']);
  });

  it('can show the columns that did not change too', async () => {
    mount(dataset(), { dataset_diff: () => diff() });
    tab('Versions');
    await wait();
    const box = find('.aml-data-diff input') as HTMLInputElement;
    box.click();
    await wait();
    expect(cards()).toHaveLength(4);
    expect(cards()[1]!.textContent).toContain('unchanged');
  });

  it('is nothing where no column did', async () => {
    mount(dataset(), { dataset_diff: () => diff({ columns: [diff().columns[1]!] }) });
    tab('Versions');
    await wait();
    expect(text()).toContain('no column changed');
    expect((find('.aml-data-diff input') as HTMLInputElement).checked).toBe(true);
    expect(cards()).toHaveLength(1);
  });

  it('is asked for any two versions', async () => {
    mount(dataset({ versions: [version(3), version(2), version(1)] }), {
      dataset_diff: () => diff()
    });
    tab('Versions');
    await wait();
    const [from, to] = findAll('[role=tabpanel] select') as HTMLSelectElement[];
    from!.value = 'id-3';
    from!.dispatchEvent(new Event('change', { bubbles: true }));
    await wait();
    expect(host.questions('dataset_diff').at(-1)).toEqual({ dataset: 'id-3', other: 'id-2' });
    to!.value = 'id-3';
    to!.dispatchEvent(new Event('change', { bubbles: true }));
    await wait();
    expect(text()).toContain('Pick two versions that differ.');
    expect(host.questions('dataset_diff')).toHaveLength(2);
  });

  it('of a thousand columns comes in parts', async () => {
    const columns = Array.from({ length: 300 }, (_, at) => ({
      ...diff().columns[0]!,
      name: `c${at}`
    }));
    mount(dataset(), { dataset_diff: () => diff({ columns }) });
    tab('Versions');
    await wait();
    expect(cards()).toHaveLength(40);
    button(parent, 'show 200 more').click();
    await wait();
    expect(cards()).toHaveLength(240);
  });

  it('that cannot be had can be asked for again', async () => {
    mount(dataset(), { dataset_diff: () => Promise.reject(new Error('the store is away')) });
    tab('Versions');
    await wait();
    expect(text()).toContain('This cannot be shown: the store is away');
    button(parent, 'Try again').click();
    await wait();
    expect(host.questions('dataset_diff')).toHaveLength(2);
  });

  it('of the only version is not asked for', async () => {
    mount(dataset({ versions: [version(2)] }));
    tab('Versions');
    await wait();
    expect(host.questions('dataset_diff')).toEqual([]);
    expect(find('[role=tabpanel] select')).toBeNull();
  });
});
