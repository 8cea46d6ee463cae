import { describe, expect, it, vi } from 'vitest';
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
  use,
  version,
  wait
} from './scene';

const facts = (): string[] => findAll('.aml-data-facts span').map(one => one.textContent);
const three = (): ReturnType<typeof dataset> =>
  dataset({ versions: [version(3), version(2), version(1)] });
const select = (): HTMLSelectElement => find('header select') as HTMLSelectElement;

function pick(value: string): void {
  select().value = value;
  select().dispatchEvent(new Event('change', { bubbles: true }));
}

describe('the head of a dataset', () => {
  it('counts one of a thing as one', () => {
    mount(dataset({ rows: 1, files: 1, columns: [column('a')] }));
    expect(facts().slice(0, 4)).toEqual(['table, delimited', '1 row', '1 column', '1 file']);
  });

  it('says that nobody has counted the rows', () => {
    mount(dataset({ rows: null }));
    expect(facts()).toContain('rows not counted');
  });

  it('of files tells nothing of rows', () => {
    mount(dataset({ kind: 'file', rows: null, columns: [], format: '' }));
    expect(facts().slice(0, 2)).toEqual(['files', '2 files']);
  });

  it.each([
    [0, ''],
    [1, 'version 1']
  ])('with no other version than %i has nothing to pick', (number, words) => {
    mount(dataset({ version: number, versions: number ? [version(number)] : [] }));
    expect(select()).toBeNull();
    expect(find('header .aml-run-line').textContent).toBe(`people${words}`);
  });

  it('marks the newest version, whichever comes first', () => {
    mount(dataset({ versions: [version(1), version(3), version(2)] }));
    expect([...select().options].map(one => one.text)).toEqual(['1', '3 (newest)', '2']);
    expect(select().value).toBe('2');
  });

  it('tells once what the view and a profile both tell', () => {
    mount(dataset({ notices: ['3 values are no integer.', 'Cut.'] }));
    expect(findAll('header .aml-message').map(one => one.textContent)).toEqual([
      '3 values are no integer.',
      'Cut.'
    ]);
  });

  it('has the fingerprint short, and whole for the pointer', () => {
    mount();
    const print = find('.aml-data-facts .aml-mono');
    expect(print.textContent).toBe('0123456789ab');
    expect(print.title).toContain('0123456789abcdef');
  });

  it('inserts code that holds nothing but the names, and forgets a failure then', () => {
    const codes: string[] = [];
    let isOpen = false;
    const insert = (code: string): void => {
      if (!isOpen) {
        throw new Error('Open a notebook first.');
      }
      codes.push(code);
    };
    mount(dataset({ name: 'a"\n%%bash' }), {}, { insert });
    button(parent, 'Insert code').click();
    expect(find('header [role=status]').textContent).toBe('Open a notebook first.');
    isOpen = true;
    button(parent, 'Insert code').click();
    expect(find('header [role=status]').hidden).toBe(true);
    expect(codes[0]!.split('\n')).toHaveLength(4);
    expect(codes[0]).toContain(String.raw`"a\"\n%%bash", version=2`);
  });

  it('opens one without a name by its id, without a version', () => {
    const open = vi.fn();
    mount(dataset({ name: null, version: 0, versions: [] }), {}, { open });
    button(parent, 'Open').click();
    expect(open).toHaveBeenCalledExactlyOnceWith({ kind: 'dataset', dataset: 'id-2' });
  });
});

describe('another version', () => {
  it('that fails late says nothing of the one that was picked after it', async () => {
    let fail = (): void => undefined;
    mount(three(), {
      dataset: ({ version: wanted }) =>
        wanted === 1
          ? new Promise((_, reject) => (fail = () => reject(new Error('away'))))
          : dataset({ version: 3, id: 'id-3', description: 'third', versions: three().versions })
    });
    pick('1');
    pick('3');
    await wait();
    fail();
    await wait();
    expect(text()).toContain('third');
    expect(text()).not.toContain('cannot be shown');
  });

  it('that cannot be had leaves the select at the one that is shown', async () => {
    mount(three(), { dataset: () => Promise.reject(new Error('away')) });
    pick('1');
    await wait();
    expect(select().value).toBe('2');
    expect(text()).toContain('Version 1 cannot be shown: away');
  });

  it('that comes takes the failure of the one before it away', async () => {
    let isAway = true;
    mount(three(), {
      dataset: () =>
        isAway ? Promise.reject(new Error('away')) : dataset({ version: 3, id: 'id-3' })
    });
    pick('1');
    await wait();
    isAway = false;
    pick('3');
    await wait();
    expect(text()).not.toContain('cannot be shown');
  });

  it('drops the filter and the sort, which are of other rows', async () => {
    mount(three(), {
      dataset: () => dataset({ version: 3, id: 'id-3', columns: [column('age')] })
    });
    const box = (): HTMLInputElement => find('.aml-filter') as HTMLInputElement;
    box().value = 'age > 1';
    box().dispatchEvent(new Event('input', { bubbles: true }));
    await wait();
    expect(host.questions('dataset_rows').at(-1)).toMatchObject({ filter: 'age > 1' });
    pick('3');
    await wait();
    expect(box().value).toBe('');
    expect(find('.aml-count').textContent).toBe('250 rows, 1 column');
  });

  it('of files opens with its files though rows were shown', async () => {
    const files = dataset({ kind: 'file', id: 'id-3', columns: [], paths: ['a'], files: 1 });
    mount(three(), { dataset: () => files });
    pick('3');
    await wait();
    expect(find('[role=tab][aria-selected=true]').textContent).toBe('Files');
    expect(find('[role=tabpanel]').textContent).toBe('1 filea');
  });

  it('that comes after the screen is gone draws nothing', async () => {
    let arrive = (): void => undefined;
    mount(three(), { dataset: () => new Promise(done => (arrive = () => done(dataset()))) });
    pick('3');
    await wait();
    mounted.dispose();
    arrive();
    await wait();
    expect(parent.textContent).toBe('');
  });
});

describe('the runs of a dataset', () => {
  it('are plain text where nothing can be opened, with a role of any name', () => {
    mount(dataset({ uses: [use(7, { role: 'check\n<b>' })] }));
    tab('Runs');
    const row = find('[role=tabpanel] tbody tr');
    expect(row.textContent).toBe('#7 fox 7digits✓ Completedcheck <b>train');
    expect(row.querySelector('button')).toBeNull();
  });

  it('are fifty at first, and all on request', async () => {
    mount(dataset({ uses: Array.from({ length: 120 }, (_, at) => use(at)) }));
    tab('Runs');
    expect(findAll('[role=tabpanel] tbody tr')).toHaveLength(50);
    button(parent, 'show 70 more').click();
    await wait();
    expect(findAll('[role=tabpanel] tbody tr')).toHaveLength(120);
  });

  it('are in a region that keys scroll', () => {
    mount();
    tab('Runs');
    const region = find('[role=tabpanel] [role=region]');
    expect([region.tabIndex, region.getAttribute('aria-label')]).toEqual([0, 'Runs']);
  });
});
