import { describe, expect, it, vi } from 'vitest';
import { button } from '../../run/scene';
import { press } from '../../runs/sample';
import {
  cell,
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  parent,
  profileOf,
  text,
  wait
} from '../scene';

const bare = (name: string): ReturnType<typeof column> =>
  column(name, 'integer', { count: null, missing: null, distinct: null, histogram: null });
const four = column('age', 'integer', {
  histogram: { edges: [0, 10, 20, 30, 40], counts: [4, 3, 2, 1] }
});
const brush = (): HTMLElement => cell(-1, 0).querySelector<HTMLElement>('.aml-data-brush')!;
const chips = (): (string | null)[] =>
  findAll('.aml-data-conditions code').map(one => one.textContent);
const marked = (): string => brush().getAttribute('aria-valuetext')!;

async function keys(...all: (string | [key: string, more: KeyboardEventInit])[]): Promise<void> {
  for (const one of all) {
    const [key, more] = typeof one === 'string' ? [one, {}] : one;
    press(brush(), key, more);
    await wait(20);
  }
}

function point(name: string, clientX: number): void {
  vi.spyOn(brush(), 'getBoundingClientRect').mockReturnValue({ left: 0, width: 100 } as DOMRect);
  brush().dispatchEvent(new MouseEvent(name, { bubbles: true, clientX }));
}

describe('the bars in the head of a column, by keys', () => {
  it('are a slider that says what it is of, and which bar it stands on', async () => {
    mount(dataset({ columns: [four] }));
    expect(brush().getAttribute('role')).toBe('slider');
    expect(brush().getAttribute('aria-label')).toBe('Bars of age: Enter shows the rows of one');
    expect([brush().ariaValueMin ?? brush().getAttribute('aria-valuemin')]).toEqual(['1']);
    expect(brush().getAttribute('aria-valuemax')).toBe('4');
    await keys('ArrowRight');
    expect([brush().getAttribute('aria-valuenow'), marked()]).toEqual(['2', '10 – 20: 3']);
    await keys('End');
    expect(marked()).toBe('30 – 40: 1');
    await keys('ArrowRight', 'ArrowRight');
    expect(brush().getAttribute('aria-valuenow')).toBe('4');
    await keys('Home', 'ArrowLeft');
    expect(marked()).toBe('0 – 10: 4');
  });

  it('are taken by Enter and by the blank, several with Shift, and each once', async () => {
    mount(dataset({ columns: [four] }));
    await keys('ArrowRight', ['ArrowRight', { shiftKey: true }], 'Enter');
    await wait();
    expect(chips()).toEqual(['age >= 10 and age <= 29']);
    await keys('End', ' ');
    await wait();
    expect(chips()).toEqual(['age >= 30 and age <= 40']);
    await keys('End', ' ');
    await wait();
    expect(chips()).toEqual([]);
  });

  it('leave other keys to the table', () => {
    mount(dataset({ columns: [four] }));
    const heard: string[] = [];
    parent.addEventListener('keydown', ({ key }) => heard.push(key));
    press(brush(), 'x');
    press(brush(), 'ArrowRight');
    expect(heard).toEqual(['x']);
  });

  it('forget what was marked when the focus goes on', async () => {
    mount(dataset({ columns: [four] }));
    await keys('ArrowRight');
    brush().dispatchEvent(new FocusEvent('blur'));
    await wait(20);
    expect(marked()).toBe('0 – 10: 4');
    await keys('Enter');
    await wait();
    expect(chips()).toEqual(['age >= 0 and age <= 9']);
  });
});

describe('the bars in the head of a column, by the pointer', () => {
  it('are brushed in both directions, also beyond their ends', async () => {
    mount(dataset({ columns: [four] }));
    point('pointerdown', 60);
    point('pointermove', -500);
    point('pointerup', -500);
    await wait();
    expect(chips()).toEqual(['age >= 0 and age <= 29']);
    point('pointerdown', 60);
    point('pointerup', 500);
    await wait();
    expect(chips()).toEqual(['age >= 20 and age <= 40']);
    expect(brush().className).toContain('aml-data-filtered');
  });

  it('do nothing where the pointer was pressed elsewhere or is taken away', async () => {
    mount(dataset({ columns: [four] }));
    point('pointermove', 10);
    point('pointerup', 10);
    point('pointerdown', 10);
    point('pointercancel', 10);
    point('pointerup', 10);
    await wait();
    expect(chips()).toEqual([]);
    expect(host.questions('dataset_rows')).toEqual([]);
  });
});

describe('the frequent values in the head of a column', () => {
  const top = (values: [string | number | boolean | null, number][]): void =>
    mount(dataset({ columns: [column('city', 'string', { histogram: null, top: values })] }));
  const values = (): HTMLElement[] => findAll('.aml-data-value-bar');

  it('are three, are said to those who do not see them, and show whether they filter', async () => {
    top([
      ['Oslo', 60],
      ['', 20],
      [null, 10],
      ['Bergen', 5]
    ]);
    expect(values().map(one => one.getAttribute('aria-label'))).toEqual([
      'Show rows with Oslo: 60',
      'Show rows with empty text: 20',
      'Show rows with null: 10'
    ]);
    values()[1]!.click();
    await wait();
    expect(chips()).toEqual(["city = ''"]);
    expect(values().map(one => one.getAttribute('aria-pressed'))).toEqual([
      'false',
      'true',
      'false'
    ]);
    values()[2]!.click();
    await wait();
    expect(chips()).toEqual(['city is null']);
  });

  it('that a filter cannot say do nothing', async () => {
    top([['x'.repeat(300), 60]]);
    values()[0]!.click();
    await wait();
    expect(chips()).toEqual([]);
    expect(host.questions('dataset_rows')).toEqual([]);
  });

  it('are left out of a column whose values all differ, which tells how many there are', () => {
    mount(
      dataset({
        columns: [
          column('id', 'string', {
            histogram: null,
            top: [['a', 1]],
            is_unique: true,
            distinct: 95
          }),
          column('odd', 'string', { histogram: null, top: [], distinct: null })
        ]
      })
    );
    expect(values()).toEqual([]);
    expect(cell(-1, 0).textContent).toContain('≈ 95 distinct');
    expect(cell(-1, 0).querySelector('.aml-data-key')).toBeNull(); // 5 values are missing.
    expect(cell(-1, 1).textContent).not.toContain('distinct');
  });
});

describe('figures that are not there', () => {
  it('are asked for again by a click, and shown', async () => {
    let isAway = true;
    mount(dataset({ columns: [bare('a'), bare('b')], has_profile: false }), {
      dataset_profile: ({ columns }) => {
        if (isAway) {
          throw new Error('the store is away');
        }
        return profileOf(columns!.map(name => column(name)));
      }
    });
    await wait();
    expect(text()).toContain('The columns could not be counted: the store is away');
    isAway = false;
    button(parent, 'Try again').click();
    await wait();
    const questions = host.questions('dataset_profile') as { columns: string[] }[];
    expect(questions.map(({ columns }) => [...columns].sort())).toEqual([
      ['a', 'b'],
      ['a', 'b']
    ]);
    expect(text()).not.toContain('could not be counted');
    expect(cell(-1, 1).querySelectorAll('.aml-data-bar')).toHaveLength(2);
  });

  it('of a column that the answer leaves out are not asked for for ever', async () => {
    mount(dataset({ columns: [bare('a'), bare('b')], has_profile: false }), {
      dataset_profile: () => profileOf([column('a')], { is_whole: false })
    });
    await wait(5_000);
    expect(host.questions('dataset_profile')).toHaveLength(1);
    expect(cell(-1, 1).querySelector('.aml-data-bar')).toBeNull();
  });

  it('that come after the screen is gone change nothing', async () => {
    let arrive = (): void => undefined;
    mount(dataset({ columns: [bare('a')], has_profile: false }), {
      dataset_profile: () =>
        new Promise(resolve => (arrive = () => resolve(profileOf([column('a')]))))
    });
    await wait();
    parent.firstElementChild!.remove();
    const { mounted } = await import('../scene');
    mounted.dispose();
    arrive();
    await wait();
    expect(host.questions('dataset_profile')).toHaveLength(1);
    expect(parent.textContent).toBe('');
  });

  it('are asked for when the reader wants to see them, and not before', async () => {
    mount(dataset({ columns: [bare('a')], has_profile: false, format: 'sql_query' }), {
      dataset_profile: () => profileOf([column('a')])
    });
    await wait();
    const box = find('.aml-toolbar > label input') as HTMLInputElement;
    expect([box.checked, host.questions('dataset_profile')]).toEqual([false, []]);
    box.click();
    await wait();
    expect(host.questions('dataset_profile')).toHaveLength(1);
    expect(cell(-1, 0).querySelectorAll('.aml-data-bar')).toHaveLength(2);
  });
});
