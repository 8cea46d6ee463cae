import { describe, expect, it } from 'vitest';
import { button } from '../../run/scene';
import {
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  mounted,
  parent,
  profileOf,
  tab,
  text,
  version,
  wait
} from '../scene';

type View = ReturnType<typeof dataset>;

const cards = (): HTMLElement[] => findAll('.aml-data-column');
const about = column('age', 'integer', { is_exact: false });

function open(view: View, answers: Parameters<typeof mount>[1] = {}): void {
  mount(view, answers);
  tab('Columns');
}

async function search(words: string): Promise<void> {
  const box = find('[role=tabpanel] input[type=search]') as HTMLInputElement;
  box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await wait(50);
}

const many = (count: number): View =>
  dataset({ columns: Array.from({ length: count }, (_, at) => column(`c${at}`)) });

describe('the list of columns', () => {
  it('counts one as one, and says of how many some are', async () => {
    open(dataset({ columns: [column('age')] }));
    expect(find('[role=tabpanel] .aml-count').textContent).toBe('1 column');
    await search('city');
    expect(find('[role=tabpanel] .aml-count').textContent).toBe('0 of 1 columns');
    expect(cards()).toEqual([]);
  });

  it('leads the focus to the first column that a click has brought', async () => {
    open(many(70));
    button(parent, 'show 10 more').click();
    await wait(50);
    expect(cards()).toHaveLength(70);
    expect(document.activeElement).toBe(cards()[60]);
  });

  it('begins with the first again for other words', async () => {
    open(many(200));
    button(parent, 'show 60 more').click();
    await wait(50);
    expect(cards()).toHaveLength(120);
    await search('integer');
    expect(cards()).toHaveLength(60);
  });

  it('finds words in any order, whatever their case', async () => {
    open(dataset({ columns: [column('Val Loss', 'decimal'), column('loss', 'string')] }));
    await search('  LOSS val ');
    expect(cards().map(one => one.getAttribute('aria-label'))).toEqual(['Val Loss']);
    await search('string');
    expect(cards().map(one => one.getAttribute('aria-label'))).toEqual(['loss']);
  });
});

describe('counting of columns', () => {
  it('is asked for once, and says that it goes on', async () => {
    let arrive = (): void => undefined;
    open(dataset({ columns: [about] }), {
      dataset_profile: () =>
        new Promise(ready => (arrive = () => ready(profileOf([{ ...about, is_exact: true }]))))
    });
    const exact = button(parent, 'Exact counts');
    exact.click();
    await wait(50);
    expect([exact.textContent, exact.getAttribute('aria-busy')]).toEqual(['Counting…', 'true']);
    expect(exact.getAttribute('aria-disabled')).toBe('true');
    exact.click();
    await wait(50);
    expect(host.questions('dataset_profile')).toEqual([{ dataset: 'id-2', exact: true }]);
    arrive();
    await wait(50);
    expect(() => button(parent, 'Exact counts')).toThrow();
    expect(cards()[0]!.textContent).not.toContain('≈');
  });

  it('that ends for a version that is no longer shown changes nothing of the one that is', async () => {
    let arrive = (): void => undefined;
    const versions = [version(2), version(1)];
    open(dataset({ columns: [about], versions }), {
      dataset_profile: () =>
        new Promise(ready => (arrive = () => ready(profileOf([column('late')])))),
      dataset: () => dataset({ id: 'id-1', version: 1, columns: [column('early')], versions })
    });
    button(parent, 'Exact counts').click();
    await wait(50);
    const select = find('header select') as HTMLSelectElement;
    select.value = '1';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await wait();
    arrive();
    await wait();
    expect(cards().map(one => one.getAttribute('aria-label'))).toEqual(['early']);
  });

  it('that fails is told as an alert, until it is tried again', async () => {
    let isAway = true;
    open(dataset({ columns: [about] }), {
      dataset_profile: () => {
        if (isAway) {
          throw new Error('the <b>store</b> is away');
        }
        return profileOf([{ ...about, is_exact: true }]);
      }
    });
    button(parent, 'Exact counts').click();
    await wait(50);
    expect(find('[role=tabpanel] [role=alert]').textContent).toBe(
      'The columns could not be counted: the <b>store</b> is away'
    );
    isAway = false;
    button(parent, 'Exact counts').click();
    await wait(50);
    expect(text()).not.toContain('could not be counted');
  });

  it('draws nothing where the screen is gone by then', async () => {
    let arrive = (): void => undefined;
    open(dataset({ columns: [about] }), {
      dataset_profile: () => new Promise(ready => (arrive = () => ready(profileOf([about]))))
    });
    button(parent, 'Exact counts').click();
    await wait(50);
    mounted.dispose();
    arrive();
    await wait(50);
    expect(parent.textContent).toBe('');
  });
});

describe('a column', () => {
  const shown = (fields: Parameters<typeof column>[2], type = 'string'): HTMLElement => {
    open(dataset({ columns: [column('c', type, fields)] }));
    return cards()[0]!;
  };
  const more = async (): Promise<HTMLElement> => {
    const own = cards()[0]!.querySelector<HTMLDetailsElement>('details')!;
    own.open = true;
    own.dispatchEvent(new Event('toggle'));
    await wait(50);
    return own;
  };

  it('has five of its frequent values, and the others on request', async () => {
    const top = Array.from({ length: 8 }, (_, at): [string, number] => [`v${at}`, 10 - at]);
    const card = shown({ histogram: null, top });
    expect(card.querySelectorAll(':scope > ol li')).toHaveLength(5);
    expect((await more()).querySelectorAll('ol li')).toHaveLength(8);
  });

  it('says counts alone where nobody knows of how many', () => {
    const card = shown({ histogram: null, top: [['Oslo', 60]], count: null, missing: null });
    expect(card.querySelector('li')!.textContent).toBe('Oslo60');
    expect(card.querySelector('.aml-data-missing')).toBeNull();
  });

  it('without any row says so', () => {
    const card = shown({ count: 0, missing: 0, histogram: null, top: [], distinct: 0 });
    expect(card.textContent).toContain('no rows');
  });

  it('has quantiles and bars as tables for those who do not see bars', async () => {
    shown(
      {
        quantiles: [
          [0.25, 1.5],
          [1, 9]
        ]
      },
      'decimal'
    );
    const tables = [...(await more()).querySelectorAll('table')].map(table =>
      [...table.querySelectorAll('tbody tr')].map(row =>
        [...row.children].map(one => one.textContent)
      )
    );
    expect(tables).toEqual([
      [
        ['25 %', '1.5'],
        ['100 %', '9']
      ],
      [
        ['0', '50', '90'],
        ['50', '100', '5']
      ]
    ]);
  });
});
