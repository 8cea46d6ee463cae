import { describe, expect, it, vi } from 'vitest';
import { datasetCode } from '../../../src/ui/code';
import { button } from '../run/scene';
import {
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  mounted,
  parent,
  tab,
  text,
  type,
  use,
  version,
  wait
} from './scene';

describe('the head', () => {
  it('tells what the dataset is', () => {
    mount(dataset({ notices: ['a notice'], problem: 'the store is away' }));
    expect(find('h2').textContent).toBe('people');
    for (const words of [
      '250 rows',
      '3 columns',
      '2 files',
      '2.0 kB',
      'delimited',
      '0123456789ab',
      'team: blue',
      'checked',
      'Who lives where.',
      'a notice',
      'the store is away',
      'people/*.csv',
      'the first 250 rows'
    ]) {
      expect(find('header').textContent).toContain(words);
    }
    expect(find('section.aml-dataset').getAttribute('aria-label')).toBe('Dataset people');
  });

  it('of one without a name says so, and has nothing to pick or to insert', () => {
    mount(
      dataset({ name: null, version: 0, versions: [], rows: null, tags: {} }),
      {},
      { insert: vi.fn() }
    );
    expect(find('h2').textContent).toBe('Dataset without a name');
    expect(find('header select')).toBeNull();
    expect(text()).toContain('rows not counted');
    expect(findAll('header button')).toEqual([]);
  });

  it('inserts code and opens another place where the host can', () => {
    const more = { insert: vi.fn(), open: vi.fn() };
    mount(dataset(), {}, more);
    button(parent, 'Insert code').click();
    button(parent, 'Open').click();
    expect(more.insert).toHaveBeenCalledWith(datasetCode('ws', 'people', 2), false);
    expect(more.open).toHaveBeenCalledWith({ kind: 'dataset', dataset: 'people', version: 2 });
  });

  it('says why code cannot be inserted', () => {
    mount(
      dataset(),
      {},
      {
        insert: () => {
          throw new Error('Open a notebook first.');
        }
      }
    );
    button(parent, 'Insert code').click();
    expect(find('header [role=status]').textContent).toBe('Open a notebook first.');
  });
});

describe('another version', () => {
  const pick = (value: string): void => {
    const select = find('header select') as HTMLSelectElement;
    select.focus();
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };

  it('is asked for, shown in place, and keeps the tab and the focus', async () => {
    mount(dataset(), {
      dataset: ({ version: wanted }) =>
        dataset({ version: wanted!, id: 'id-1', description: 'older', rows: 100 })
    });
    tab('Columns');
    pick('1');
    await wait();
    expect(host.questions('dataset')).toEqual([{ dataset: 'people', version: 1 }]);
    expect(text()).toContain('older');
    expect(find('[role=tab][aria-selected=true]').textContent).toBe('Columns');
    expect(document.activeElement).toBe(find('header select'));
    mounted.update({ version: 1, workspace: 'ws', view: dataset({ description: 'stale' }) });
    expect(text()).not.toContain('stale');
  });

  it('that cannot be had leaves the one that is shown', async () => {
    mount(dataset(), { dataset: () => Promise.reject(new Error('the server is away')) });
    pick('1');
    await wait();
    expect(text()).toContain('Version 1 cannot be shown: the server is away');
    expect(text()).toContain('Who lives where.');
  });

  it('that comes late gives way to the one that was picked last', async () => {
    const answers: ((view: ReturnType<typeof dataset>) => void)[] = [];
    mount(dataset({ versions: [version(3), version(2), version(1)] }), {
      dataset: () => new Promise(resolve => void answers.push(resolve))
    });
    pick('1');
    pick('3');
    answers[1]!(dataset({ version: 3, id: 'id-3', description: 'third' }));
    answers[0]!(dataset({ version: 1, id: 'id-1', description: 'first' }));
    await wait();
    expect(text()).toContain('third');
    expect(text()).not.toContain('first one');
  });

  it('comes by a newer snapshot as long as the reader did not go on', () => {
    mount();
    mounted.update({ version: 1, workspace: 'ws', view: dataset({ description: 'newer' }) });
    expect(text()).toContain('newer');
  });
});

describe('a snapshot that leaves rows out', () => {
  const small = (fields = {}): ReturnType<typeof dataset> =>
    dataset({
      head: { columns: ['age'], rows: [[1]], count: 250 },
      columns: [column('age')],
      ...fields
    });

  it('is completed once it is seen', async () => {
    mount(small(), { dataset: () => dataset() });
    expect(findAll('[role=columnheader]')).toHaveLength(2);
    await wait();
    expect(host.questions('dataset')).toEqual([{ dataset: 'id-2' }]);
    expect(findAll('[role=columnheader]')).toHaveLength(4);
  });

  it('keeps the filter that was set before it came', async () => {
    let answer: (view: ReturnType<typeof dataset>) => void = () => undefined;
    mount(small(), { dataset: () => new Promise(resolve => (answer = resolve)) });
    type('age > 40');
    answer(dataset());
    await wait();
    expect(find('.aml-count').textContent).toBe('7 of 250 rows, 3 columns');
    expect(host.questions('dataset_rows').at(-1)).toMatchObject({ filter: 'age > 40' });
  });

  it('has to do where nobody answers', async () => {
    mount(small());
    await wait();
    expect(find('section > [role=status]').textContent).toBe('as it was when it was saved');
    expect(findAll('[role=columnheader]')).toHaveLength(2);
  });

  it('gives way to what the reader asked for before', async () => {
    let answer: (view: ReturnType<typeof dataset>) => void = () => undefined;
    mount(small(), {
      dataset: ({ version: wanted }) =>
        wanted
          ? dataset({ description: 'older', version: 1, id: 'id-1' })
          : new Promise(resolve => (answer = resolve))
    });
    tab('Versions');
    button(parent, 'version 1').click();
    await wait();
    answer(dataset());
    await wait();
    expect(text()).toContain('older');
  });

  it('is whole where there are no more rows, none that can be had, or files', async () => {
    for (const fields of [{ rows: 1 }, { problem: 'gone' }, { kind: 'file', columns: [] }]) {
      mount(small(fields));
      await wait();
      expect(host.questions('dataset')).toEqual([]);
      mounted.dispose();
    }
  });
});

describe('the tabs', () => {
  it('of a table are rows, columns, versions and runs', () => {
    mount();
    expect(findAll('[role=tab]').map(one => one.textContent)).toEqual([
      'Rows',
      'Columns',
      'Versions',
      'Runs'
    ]);
  });

  it('of files are files, versions and runs', () => {
    mount(
      dataset({ kind: 'file', columns: [], rows: null, files: 1_000, paths: ['a/b.png', 'c'] })
    );
    expect(findAll('[role=tab]').map(one => one.textContent)).toEqual([
      'Files',
      'Versions',
      'Runs'
    ]);
    expect(findAll('[role=tabpanel] li').map(one => one.textContent)).toEqual(['a/b.png', 'c']);
    expect(text()).toContain('the first 2 of 1,000 files');
  });

  it('list the runs that used it, which open', () => {
    const open = vi.fn();
    mount(dataset({ uses: [use(7), use(8, { role: 'output', status: 'Failed' })] }), {}, { open });
    tab('Runs');
    const lines = findAll('[role=tabpanel] tbody tr');
    expect(lines.map(one => one.textContent)).toEqual([
      '#7 fox 7digits✓ Completedread ittrain',
      '#8 fox 8digits✗ Failedwrote ittrain'
    ]);
    button(parent, '#8 fox 8').click();
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-8' });
  });

  it('say what is not there', () => {
    mount(
      dataset({
        uses: [],
        versions: [],
        columns: [],
        head: { columns: [], rows: [], count: 0 },
        problem: 'no rows: the file is gone'
      })
    );
    expect(find('[role=tabpanel]').textContent).toBe('no rows: the file is gone');
    tab('Runs');
    expect(text()).toContain('No run has used this version yet.');
    tab('Versions');
    expect(text()).toContain('it was not registered');
  });
});
