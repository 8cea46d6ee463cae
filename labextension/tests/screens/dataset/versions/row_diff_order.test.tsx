import { describe, expect, it } from 'vitest';
import type { DatasetRowDiffView, Questions, RowChangeView } from '../../../../src/contract.gen';
import { button } from '../../run/scene';
import { dataset, find, findAll, host, mount, mounted, parent, tab, text, wait } from '../scene';

type Question = Questions['dataset_row_diff'];
type Column = DatasetRowDiffView['columns'][number];

const col = (name: string, fields: Partial<Column> = {}): Column => ({
  ...{ name, before: 'integer', after: 'integer', changes: 0, zone: '' },
  ...fields
});
const row = (fields: Partial<RowChangeView> = {}): RowChangeView => ({
  ...{ state: 'added', row_before: null, row_after: 4, cells: [6, 'Ed'], changed: [], before: [] },
  ...fields
});

function diff(fields: Partial<DatasetRowDiffView> = {}): DatasetRowDiffView {
  return {
    ...{ before: 1, after: 2, key: ['id'], candidates: ['id', 'name'], problem: '' },
    ...{ rows_before: 5, rows_after: 6, added: 2, removed: 1, changed: 0 },
    ...{ columns: [col('id'), col('name', { before: 'string', after: 'string' })] },
    ...{ rows: [row()], offset: 0, count: 1, notices: [] },
    ...fields
  };
}

async function open(
  answer: (question: Question) => DatasetRowDiffView | Promise<DatasetRowDiffView>
): Promise<void> {
  mount(dataset(), {
    dataset_diff: () => ({ before: 1, after: 2, rows_before: 5, rows_after: 6, columns: [] }),
    dataset_row_diff: answer
  });
  tab('Versions');
  await wait();
  button(parent, 'Row by row').click();
  await wait();
}

const asked = (): Question[] => host.questions('dataset_row_diff') as Question[];
const lines = (): (string | null)[] => findAll('.aml-rows [role=row]').map(one => one.textContent);
const heads = (): HTMLElement[] => findAll('.aml-data-diff-grid [role=columnheader]');

async function scrollTo(index: number): Promise<void> {
  find('[role=grid]').scrollTop = 28 * index;
  find('[role=grid]').dispatchEvent(new Event('scroll'));
  await wait();
}

describe('answers about rows that differ', () => {
  it('that come late tell nothing of the question that was asked last', async () => {
    const arrivals: (() => void)[] = [];
    let isSlow = false;
    await open(({ key }) => {
      const answer = diff({ key: key ?? ['id'], added: key ? key.length : 2 });
      return isSlow ? new Promise(resolve => arrivals.push(() => resolve(answer))) : answer;
    });
    isSlow = true;
    const boxes = (): HTMLElement[] => findAll('.aml-data-row-diff .aml-data-pick input');
    boxes()[1]!.click();
    await wait();
    boxes()[1]!.click();
    await wait();
    boxes()[1]!.click();
    await wait();
    expect(asked().map(({ key }) => key)).toEqual([
      undefined,
      ['id', 'name'],
      ['id'],
      ['id', 'name']
    ]);
    arrivals[2]!();
    await wait();
    expect(text()).toContain('2 added');
    arrivals[1]!();
    await wait();
    expect(text()).toContain('2 added');
  });

  it('that come after the screen is gone draw nothing', async () => {
    let arrive = (): void => undefined;
    await open(() => new Promise(resolve => (arrive = () => resolve(diff()))));
    mounted.dispose();
    arrive();
    await wait();
    expect(parent.textContent).toBe('');
  });

  it('go on with the key and the kind of rows on every page', async () => {
    await open(() =>
      diff({ rows: Array.from({ length: 200 }, () => row()), count: 900, added: 900 })
    );
    button(parent, 'Added 900').click();
    await wait();
    await scrollTo(450);
    expect(asked().at(-1)).toEqual({
      ...{ dataset: 'id-1', other: 'id-2', limit: 200 },
      ...{ show: 'added', offset: 400 }
    });
  });

  it('say why a further page cannot be had, and forget that with the next that can', async () => {
    let isAway = true;
    await open(({ offset }) => {
      if (offset && isAway) {
        throw new Error('the store is away');
      }
      return diff({ rows: Array.from({ length: 200 }, () => row()), count: 900 });
    });
    await scrollTo(450);
    expect(text()).toContain('Rows could not be loaded: the store is away');
    isAway = false;
    await scrollTo(460);
    expect(text()).not.toContain('could not be loaded');
    expect(asked().map(({ offset }) => offset)).toEqual([undefined, 400, 400]);
  });
});

describe('the table of rows that differ', () => {
  it('says by sign, word and place what each row is', async () => {
    await open(() =>
      diff({
        rows: [
          row(),
          row({ state: 'removed', row_before: 3, row_after: null }),
          row({ state: 'moved\n', row_before: null, row_after: null })
        ],
        count: 3
      })
    );
    expect(lines()).toEqual(['+ added6Ed', '− removed6Ed', ' moved6Ed']);
    const titles = findAll('.aml-rows [role=row] [aria-colindex="1"] [title]').map(
      one => one.title
    );
    expect(titles).toEqual(['row 4', 'row 3', '']);
    expect(findAll('.aml-rows .aml-data-removed')).toHaveLength(1);
  });

  it('tells columns that came, that are gone and whose type is another', async () => {
    await open(() =>
      diff({
        columns: [
          col('id'),
          col('new', { before: '' }),
          col('old', { after: '' }),
          col('when', { before: 'string', after: 'datetime' })
        ],
        rows: [row({ cells: [1, 2, 3, 4] })]
      })
    );
    const hints = heads().map(
      one => one.querySelector('[title]')?.getAttribute('title') ?? one.title
    );
    expect(hints.join(' | ')).toContain('id, integer, key');
    expect(hints.join(' | ')).toContain('new, integer, new column');
    expect(hints.join(' | ')).toContain('old, integer, column is gone');
    expect(hints.join(' | ')).toContain('when, string → datetime');
  });

  it('shows nothing as nothing on both sides of a change', async () => {
    await open(() =>
      diff({
        rows: [row({ state: 'changed', cells: [6, null], changed: [1], before: ['<b>'] })],
        changed: 1
      })
    );
    expect(lines()).toEqual(['± changed6<b> → null']);
    expect(find('.aml-data-changed-cell').title).toBe('<b> → ');
    expect(find('del').children).toHaveLength(0);
  });

  it('says what the answer tells beside the rows', async () => {
    await open(() => diff({ notices: ['<i>Rows</i> of 2 keys were left out.'] }));
    expect(text()).toContain('<i>Rows</i> of 2 keys were left out.');
  });

  it('names changed cells of thirty columns at most', async () => {
    const columns = Array.from({ length: 40 }, (_, at) => col(`c${at}`, { changes: 1 }));
    await open(() => diff({ columns, rows: [row({ cells: columns.map(() => 1) })] }));
    expect(text()).toContain('c29 1, …');
    expect(text()).not.toContain('c30 1');
  });

  it('shows all rows again after the kind that was chosen, whose count is kept meanwhile', async () => {
    await open(() => diff());
    button(parent, 'Removed 1').click();
    await wait();
    expect(button(parent, 'All 3').getAttribute('aria-pressed')).toBe('false');
    button(parent, 'All 3').click();
    await wait();
    expect(asked().map(({ show }) => show)).toEqual([undefined, 'removed', undefined]);
  });
});
