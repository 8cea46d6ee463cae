import { describe, expect, it } from 'vitest';
import { barsOf, summary } from '../../../src/screens/dataset/columns/histogram';
import {
  distinctText,
  edgeText,
  figureText,
  shareText,
  valueText
} from '../../../src/screens/dataset/words';
import { plainly } from '../../../src/ui/host';
import { button } from '../run/scene';
import {
  column,
  dataset,
  find,
  findAll,
  host,
  mount,
  parent,
  profileOf,
  tab,
  text,
  type,
  wait
} from './scene';

const cards = (): HTMLElement[] => findAll('.aml-data-column');
const names = (): string[] => findAll('.aml-data-title').map(one => one.textContent);

function shown(...args: Parameters<typeof mount>): void {
  mount(...args);
  tab('Columns');
}

describe('a column', () => {
  it('has its figures, its missing values and its bars', () => {
    shown();
    const words = cards()[0]!.textContent;
    for (const one of [
      'age',
      'integer',
      '5 % missing (5)',
      'distinct≈ 40',
      'min0',
      'max100',
      'mean50.5',
      'std. dev.12.25'
    ]) {
      expect(words).toContain(one);
    }
    expect(cards()[0]!.querySelectorAll('.aml-data-bar')).toHaveLength(2);
    const label = cards()[0]!.querySelector('svg')!.getAttribute('aria-label');
    expect(label).toBe(
      'Histogram of age: 2 bars from 0 to 100; 94.7 % of the values lie from 0 to 50.'
    );
    expect(cards()[0]!.querySelector<HTMLElement>('.aml-data-there')!.style.width).toBe('95%');
  });

  it('of texts has its most frequent values', () => {
    shown();
    expect(cards()[1]!.querySelector('svg')).toBeNull();
    expect([...cards()[1]!.querySelectorAll('li')].map(one => one.textContent)).toEqual([
      'Oslo60 · 63.2 %',
      'Bergen35 · 36.8 %'
    ]);
  });

  it('tells more to those who ask', async () => {
    shown();
    const fold = cards()[0]!.querySelector('details')!;
    expect(fold.querySelector('table')).toBeNull();
    fold.open = true;
    fold.dispatchEvent(new Event('toggle'));
    fold.dispatchEvent(new Event('toggle'));
    await wait();
    expect([...fold.querySelectorAll('table')].map(one => one.textContent)).toEqual([
      'quantilevalue50 %50',
      'fromtovalues05090501005'
    ]);
  });

  it('without a profile has a name and a type', () => {
    const bare = column('a', 'string', {
      count: null,
      missing: null,
      distinct: null,
      low: null,
      high: null,
      mean: null,
      deviation: null,
      quantiles: [],
      histogram: null
    });
    shown(dataset({ columns: [bare], has_profile: false }));
    expect(cards()[0]!.textContent).toBe('astring');
    expect(text()).toContain('has no profile yet');
  });

  it.each([
    [{ edges: [0, 1], counts: [1, 2] }],
    [{ edges: [0, 'NaN'], counts: [1] }],
    [{ edges: [], counts: [] }]
  ])('with damaged bars %j has none', histogram => {
    expect(barsOf(column('a', 'integer', { histogram }))).toBeNull();
  });

  it('with one value has one bar', () => {
    shown(
      dataset({ columns: [column('a', 'integer', { histogram: { edges: [3, 3], counts: [10] } })] })
    );
    expect(find('.aml-data-bar').getAttribute('width')).toBe('200');
    expect(
      findAll('rect')
        .flatMap(one => [...one.attributes].map(({ value }) => value))
        .join()
    ).not.toContain('NaN');
  });

  it('has a scale of its values, not of the bars', () => {
    const histogram = { edges: [-0.5, 0.5, 1.5], counts: [7, 3] };
    shown(
      dataset({
        columns: [
          column('flag', 'integer', { low: 0, high: 1, histogram }),
          column('same', 'decimal', {
            low: 1.5,
            high: 1.5,
            histogram: { edges: [1, 2], counts: [9] }
          })
        ]
      })
    );
    expect(
      findAll('.aml-data-scale').map(scale => [...scale.children].map(end => end.textContent))
    ).toEqual([['0', '1'], ['1.5']]);
    expect(
      findAll('title')
        .map(one => one.textContent)
        .slice(0, 2)
    ).toEqual(['0: 7', '1: 3']);
    expect(summary(plainly, column('flag'), { ...histogram, all: 10 })).toContain(
      'from 0 to 1; 70 % of the values lie from 0 to 0.'
    );
  });

  it('of moments says when', () => {
    const bars = { edges: [0, 86_400, 172_800], counts: [1, 9] };
    const of = column('day', 'datetime', {
      histogram: bars,
      low: '1970-01-01T00:00:00',
      high: '1970-01-02T12:30:00+00:00'
    });
    shown(dataset({ columns: [of] }));
    expect(cards()[0]!.textContent).toContain('max1970-01-02 12:30:00');
    expect(summary(plainly, column('day', 'datetime'), { ...bars, all: 10 })).toContain(
      'from 1970-01-01 to 1970-01-03; 90 % of the values lie from 1970-01-02 to 1970-01-03.'
    );
  });
});

describe('figures', () => {
  it('are marked where nobody counted exactly', () => {
    expect(distinctText(column('a'))).toBe('≈ 40');
    expect(distinctText(column('a', 'string', { is_exact: true }))).toBe('40');
    expect(distinctText(column('a', 'string', { distinct: null }))).toBe('–');
  });

  it('never say 0 % of what is there', () => {
    expect(shareText(1, 1_000_000)).toBe('< 0.1 %');
    expect(shareText(999_999, 1_000_000)).toBe('> 99.9 %');
    expect(shareText(0, 10)).toBe('0 %');
    expect(shareText(10, 10)).toBe('100 %');
    expect(shareText(0, 0)).toBe('0 %');
  });

  it('are short', () => {
    expect(figureText('x'.repeat(100), { type: 'string' })).toHaveLength(40);
    expect(figureText('9007199254740993', { type: 'decimal' })).toBe('9.0072e15');
    expect(figureText('NaN', { type: 'decimal' })).toBe('NaN');
    expect(figureText('2024-05-01T00:00:00.000Z', { type: 'datetime' })).toBe('2024-05-01');
    expect(edgeText(1e18, { type: 'datetime' })).toBe('1e18');
  });

  it('of rows are those of their type', () => {
    expect(valueText(22, { type: 'decimal' })).toBe('22.0');
    expect([0.5, 'NaN', '1e+21', null].map(value => valueText(value, { type: 'decimal' }))).toEqual(
      ['0.5', 'NaN', '1e+21', '']
    );
    expect(valueText(22, { type: 'integer' })).toBe('22');
    expect(valueText('2024-05-01T00:00:00', { type: 'datetime' })).toBe('2024-05-01');
    expect(valueText('2024-05-01T00:00:00.5', { type: 'datetime' })).toBe('2024-05-01 00:00:00.5');
    expect(valueText('2024-05-01T00:00:00', { type: 'string' })).toBe('2024-05-01T00:00:00');
  });

  it('of whole numbers are whole', () => {
    expect(figureText('9007199254740993', { type: 'integer' })).toBe('9,007,199,254,740,993');
    expect(figureText(-12_345_678_901, { type: 'integer' })).toBe('-12,345,678,901');
    expect(edgeText(12_345_678_901, { type: 'integer' })).toBe('12,345,678,901');
    expect(edgeText(1e18, { type: 'integer' })).toBe('1e18');
  });
});

describe('many columns', () => {
  const many = Array.from({ length: 130 }, (_, at) =>
    column(`c${at}`, at === 7 ? 'string' : 'integer')
  );

  it('come by sixty', async () => {
    shown(dataset({ columns: many }));
    expect(cards()).toHaveLength(60);
    button(parent, 'show 60 more').click();
    await wait();
    expect(cards()).toHaveLength(120);
    expect(document.activeElement).toBe(cards()[60]);
    button(parent, 'show 10 more').click();
    await wait();
    expect(names().at(-1)).toBe('c129');
    expect(find('.aml-more')).toBeNull();
  });

  it('are found by name and type', async () => {
    shown(dataset({ columns: many }));
    const box = find('[role=tabpanel] .aml-filter') as HTMLInputElement;
    const search = async (words: string): Promise<void> => {
      box.value = words;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await wait();
    };
    await search('C12');
    expect(names()).toEqual(['c12', ...Array.from({ length: 10 }, (_, at) => `c12${at}`)]);
    await search('string');
    expect(names()).toEqual(['c7']);
    expect(text()).toContain('1 of 130 columns');
    await search('nothing at all');
    expect(cards()).toEqual([]);
    await search('');
    expect(cards()).toHaveLength(60);
  });
});

describe('counting', () => {
  it('happens on request, and leaves the rows as they are', async () => {
    const counted = [
      column('age', 'integer', { distinct: 41, is_exact: true }),
      column('city', 'string'),
      column('gap')
    ];
    mount(dataset({ has_profile: false }), {
      dataset_profile: () => profileOf(counted, { rows: 249 })
    });
    type('x');
    tab('Columns');
    button(parent, 'Compute profile').click();
    await Promise.resolve();
    expect(button(parent, 'Counting…').getAttribute('aria-disabled')).toBe('true');
    button(parent, 'Counting…').click();
    await wait();
    expect(host.questions('dataset_profile')).toEqual([{ dataset: 'id-2', exact: false }]);
    expect(cards()[0]!.textContent).toContain('distinct41');
    expect(find('header').textContent).toContain('249 rows');
    expect(findAll('button').map(one => one.textContent)).not.toContain('Compute profile');
    tab('Rows');
    expect((find('.aml-filter') as HTMLInputElement).value).toBe('x');
  });

  it('is exact on request', async () => {
    shown(dataset(), {
      dataset_profile: () => profileOf([column('age', 'integer', { is_exact: true })])
    });
    button(parent, 'Exact counts').click();
    await wait();
    expect(host.questions('dataset_profile')).toEqual([{ dataset: 'id-2', exact: true }]);
    expect(() => button(parent, 'Exact counts')).toThrow();
  });

  it('that fails says why, and can be tried again', async () => {
    shown(dataset(), { dataset_profile: () => Promise.reject(new Error('the store is away')) });
    button(parent, 'Exact counts').click();
    await wait();
    expect(text()).toContain('The columns could not be counted: the store is away');
    expect(button(parent, 'Exact counts').getAttribute('aria-disabled')).toBeNull();
  });
});
