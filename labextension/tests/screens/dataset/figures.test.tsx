import { describe, expect, it, vi } from 'vitest';
import {
  emptyCondition,
  filterOf,
  nameText,
  rangeCondition,
  toggled,
  valueCondition
} from '../../../src/screens/dataset/rows/filter';
import { barsOf } from '../../../src/screens/dataset/columns/histogram';
import { figureText, uniqueText, valueText } from '../../../src/screens/dataset/words';
import { plainly } from '../../../src/ui/host';
import { button } from '../run/scene';
import { press } from '../runs/sample';
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
  type,
  wait
} from './scene';

const bare = (name: string): ReturnType<typeof column> =>
  column(name, 'integer', { count: null, missing: null, distinct: null, histogram: null });
const asked = (): unknown => host.questions('dataset_rows').at(-1);
const chips = (): (string | null)[] =>
  findAll('.aml-data-conditions code').map(one => one.textContent);

describe('the heads of rows', () => {
  it('show how values are spread, what is missing, and what is a key', () => {
    mount(
      dataset({
        columns: [
          column('id', 'integer', { is_unique: true, missing: 0 }),
          column('city', 'string', { histogram: null, top: [['Oslo', 60]] })
        ]
      })
    );
    expect(cell(-1, 0).querySelectorAll('.aml-data-bar')).toHaveLength(2);
    expect(cell(-1, 0).querySelector('.aml-data-key')!.textContent).toBe('unique');
    expect(cell(-1, 1).textContent).toContain('Oslo63.2 %');
    expect(cell(-1, 1).textContent).toContain('5 % missing');
    (find('.aml-toolbar > label input') as HTMLInputElement).click();
    expect(cell(-1, 0).querySelector('.aml-data-bar')).toBeNull();
  });

  it('ask once for the columns in sight, and not for all of them', async () => {
    const many = Array.from({ length: 2_000 }, (_, at) => bare(`c${at}`));
    mount(dataset({ columns: many, has_profile: false }), {
      dataset_profile: ({ columns }) =>
        profileOf(
          columns!.map(name => column(name)),
          { is_whole: false }
        )
    });
    await wait();
    const questions = host.questions('dataset_profile') as { columns: string[] }[];
    expect(questions).toHaveLength(1);
    expect(questions[0]!.columns.length).toBeLessThan(20);
    expect(cell(-1, 0).querySelectorAll('.aml-data-bar')).toHaveLength(2);
  });

  it('say why columns could not be counted, and ask no more unless they are told to', async () => {
    mount(dataset({ columns: [bare('a')], has_profile: false }), {
      dataset_profile: () => Promise.reject(new Error('the store is away'))
    });
    await wait(5_000);
    expect(host.questions('dataset_profile')).toHaveLength(1);
    expect(text()).toContain('could not be counted: the store is away');
  });

  it('of large data that nobody counted wait for a click', async () => {
    mount(dataset({ columns: [bare('a')], has_profile: false, size: 1e12 }));
    await wait();
    expect(host.questions('dataset_profile')).toEqual([]);
  });

  it('pass on what a profile tells', async () => {
    mount(dataset({ columns: [bare('a')], has_profile: false }), {
      dataset_profile: () => profileOf([column('a')], { notices: ['3 values are no integer.'] })
    });
    await wait();
    expect(find('header').textContent).toContain('3 values are no integer.');
  });
});

describe('a click on a bar', () => {
  it('adds a condition that stays in sight and can be taken away', async () => {
    mount();
    type('gap > 1 or age = 2');
    await wait();
    cell(-1, 1).querySelector<HTMLElement>('.aml-data-value-bar')!.click();
    await wait();
    expect(chips()).toEqual(["city = 'Oslo'"]);
    expect(asked()).toMatchObject({ filter: "(gap > 1 or age = 2) and city = 'Oslo'" });
    cell(-1, 0).querySelector<HTMLElement>('.aml-data-gap button')!.click();
    await wait();
    expect(chips()).toEqual(["city = 'Oslo'", 'age is null']);
    button(parent, "Remove city = 'Oslo'").click();
    await wait();
    expect(asked()).toMatchObject({ filter: '(gap > 1 or age = 2) and age is null' });
  });

  it('is a range where it is brushed, and a bar where a key takes it', async () => {
    mount();
    const brush = cell(-1, 0).querySelector<HTMLElement>('.aml-data-brush')!;
    vi.spyOn(brush, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 100 } as DOMRect);
    const point = (name: string, clientX: number): boolean =>
      brush.dispatchEvent(new MouseEvent(name, { bubbles: true, clientX }));
    point('pointerdown', 10);
    point('pointermove', 90);
    point('pointerup', 90);
    await wait();
    expect(chips()).toEqual(['age >= 0 and age <= 100']);
    press(brush, 'ArrowRight');
    await wait();
    expect(brush.getAttribute('aria-valuetext')).toBe('50 – 100: 5');
    press(brush, 'Enter');
    await wait();
    expect(chips()).toEqual(['age >= 50 and age <= 100']);
    expect(cell(-1, 0).getAttribute('aria-sort')).toBe('none');
  });
});

describe('conditions', () => {
  it.each([
    ['age', 'age'],
    ['val acc', '`val acc`'],
    ['and', '`and`'],
    ['a`b', '`a``b`'],
    ['x; DROP', '`x; DROP`']
  ])('name %j as %j', (name, written) => {
    expect(nameText(name)).toBe(written);
  });

  it('hold the values of their bars, of every type', () => {
    const bars = (kind: string, edges: number[]): ReturnType<typeof rangeCondition> => {
      const of = column('x', kind, { histogram: { edges, counts: [1, 2] } });
      return rangeCondition(of, barsOf(of)!, 0, 0);
    };
    expect(bars('integer', [-0.5, 0.5, 1.5])!.text).toBe('x = 0');
    expect(bars('decimal', [0.25, 0.5, 1])!.text).toBe('x >= 0.25 and x < 0.5');
    expect(bars('datetime', [0, 86_400, 172_800])!.text).toBe(
      "x >= '1970-01-01T00:00:00Z' and x < '1970-01-02T00:00:00Z'"
    );
    expect(bars('time', [0, 1, 2])).toBeNull();
    expect(bars('datetime', [-1e15, 0, 1])).toBeNull();
  });

  it('quote what is in a text, and leave out what cannot be said', () => {
    const city = column('city', 'string');
    expect(valueCondition(city, "it's \\n")!.text).toBe("city = 'it''s \\\\n'");
    expect(valueCondition(city, 'x'.repeat(300))).toBeNull();
    expect(valueCondition(city, null)).toEqual(emptyCondition('city'));
    expect(valueCondition(column('flag', 'boolean'), true)!.text).toBe('flag = true');
  });

  it('are one for a column, and go by the same click', () => {
    const [one, other] = ['a = 1', 'a = 2'].map(words => ({ column: 'a', text: words }));
    expect(toggled([one!], other!)).toEqual([other]);
    expect(toggled([one!], one!)).toEqual([]);
    expect(filterOf(' x > 1 ', [one!])).toBe('x > 1 and a = 1');
    expect(filterOf('x > 1', [])).toBe('x > 1');
  });
});

describe('timestamps', () => {
  it('of a zone say which', () => {
    const of = { type: 'datetime', zone: 'Europe/Paris' };
    expect(valueText('2024-03-31T04:30:00+02:00', of)).toBe(
      '2024-03-31 04:30:00+02:00 Europe/Paris'
    );
    expect(figureText('2024-03-31T04:30:00+02:00', of)).toContain('Europe/Paris');
    expect(figureText(1_711_852_200, of)).toBe('2024-03-31 04:30:00 Europe/Paris');
    expect(figureText(1_711_852_200, { ...of, zone: 'No/Where' })).toBe('2024-03-31 02:30:00 UTC');
    mount(dataset({ columns: [column('when', 'datetime', { zone: 'Europe/Paris' })] }));
    expect(cell(-1, 0).textContent).toContain('timestamp[Europe/Paris]');
  });

  it('and emoji of several letters are shown as they are', () => {
    mount(
      dataset({
        columns: [column('who', 'string')],
        head: { columns: ['who'], rows: [['👩‍👩‍👧 🏳️‍🌈 می‌خواهم \u202e']], count: 1 },
        rows: 1
      })
    );
    expect(cell(0, 0).textContent).toBe('👩‍👩‍👧 🏳️‍🌈 می‌خواهم \ufffd');
  });
});

describe('whether values are unique', () => {
  it.each([
    [true, 'yes'],
    [false, 'no'],
    [null, '']
  ])('%j is %j', (is_unique, words) => {
    expect(uniqueText(column('a', 'integer', { is_unique }), plainly)).toBe(words);
  });
});
