import axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLogged } from '../../../src/ui/metric/metric';
import { chart, metric, MetricPage } from './metric_page';

const HOSTILE = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
  string,
  string[]
>;
const PAYLOADS = [...HOSTILE.markup!, ...HOSTILE.addresses!, ...HOSTILE.letters!];
let page: MetricPage;

beforeEach(() => {
  page = new MetricPage();
});
afterEach(() => page.remove());

describe('a logged metric', () => {
  it('is what has more to show than a number', () => {
    expect(isLogged(metric())).toBe(false);
    expect(isLogged(metric({ kind: 'image' }))).toBe(false);
    expect(isLogged(metric({ kind: 'residuals', files: ['a'] }))).toBe(false);
    expect(isLogged(metric({ kind: 'image', files: ['a.png'] }))).toBe(true);
    expect(isLogged(metric({ charts: [chart('ROC')] }))).toBe(true);
  });

  it('becomes what it turns out to be', () => {
    page.show(metric());
    expect(page.parent.textContent).toBe('');
    page.show(metric({ table: { columns: ['a'], rows: [[1]], count: 1 } }));
    expect(page.texts('td')).toEqual(['1']);
    page.show(metric({ matrix: { labels: ['x'], matrix: [[3]] } }));
    expect(page.texts('td')).toEqual(['3']);
  });
});

describe('a table', () => {
  const table = {
    columns: ['name', 'n'],
    rows: [
      ['a', 1.5],
      ['b', 'NaN'],
      [null, null]
    ],
    count: 3_000
  };

  it('shows its rows, numbers to the right, and says how many there are', () => {
    page.show(metric({ table }));
    expect(page.texts('th')).toEqual(['name', 'n']);
    expect(page.texts('td')).toEqual(['a', '1.5', 'b', 'NaN', '', '']);
    expect([...page.parent.querySelectorAll('.aml-number')]).toHaveLength(4);
    expect(page.texts('p')).toEqual(['3 of 3,000 rows']);
  });

  it('keeps its rows and its focus when it grows', () => {
    page.show(metric({ table }));
    const first = page.find('tbody tr');
    const area = page.find('[role=region]');
    area.focus();
    page.show(metric({ table: { ...table, rows: [...table.rows, ['c', 2]], count: 4 } }));
    expect(page.find('tbody tr')).toBe(first);
    expect(page.texts('tbody tr')).toHaveLength(4);
    expect(document.activeElement).toBe(area);
  });
});

describe('a confusion matrix', () => {
  const labels = ['ant', 'bee'];
  const matrix = {
    labels,
    matrix: [
      [3, 1],
      [0, 4]
    ]
  };
  const square = (names: string[], count: number): ReturnType<typeof metric> =>
    metric({ matrix: { labels: names, matrix: names.map(() => names.map(() => count)) } });

  it('has counts, shares of rows, and how much is right', () => {
    page.show(metric({ matrix }));
    expect(page.texts('th')).toEqual(['true \\ predicted', 'ant', 'bee', 'ant', 'bee']);
    expect(page.texts('td')).toEqual(['3', '1', '0', '4']);
    expect(page.texts('.aml-muted')).toEqual(['87.5 % right']);
    page.click(page.find('button'));
    expect(page.texts('td')).toEqual(['75 %', '25 %', '0 %', '100 %']);
    expect(page.find('button').getAttribute('aria-pressed')).toBe('true');
    expect(page.find('td').title).toBe('ant, predicted ant: 3, 75 %');
  });

  it('keeps its toggle when it changes', () => {
    page.show(metric({ matrix }));
    page.click(page.find('button'));
    page.show(
      metric({
        matrix: {
          labels,
          matrix: [
            [1, 1],
            [0, 4]
          ]
        }
      })
    );
    expect(page.texts('td')).toEqual(['50 %', '50 %', '0 %', '100 %']);
  });

  it('is whole with thirty classes: names turn, and counts that are too long are told at the pointer', () => {
    const many = Array.from({ length: 30 }, (_, place) => `class number ${place}`);
    page.show(square(many, 123_456));
    const table = page.find<HTMLTableElement>('table');
    const [cell, names] = ['--aml-cell', '--aml-names'].map(name =>
      parseFloat(table.style.getPropertyValue(name))
    );
    expect(30 * cell! + names!).toBeLessThanOrEqual(640);
    expect(table.classList.contains('aml-turned')).toBe(true);
    expect(new Set(page.texts('td'))).toEqual(new Set(['']));
    expect(page.find('td').title).toContain('123,456');
    page.show(square(many.slice(0, 12), 123_456));
    expect(new Set(page.texts('td'))).toEqual(new Set(['120k']));
  });

  it('shows a hundred classes of more', () => {
    const many = Array.from({ length: 120 }, (_, place) => `c${place}`);
    page.show(square(many, 1));
    expect(page.parent.querySelectorAll('td')).toHaveLength(10_000);
    expect(page.texts('.aml-muted')[0]).toContain('20 more classes');
  });

  it('of nothing has no share', () => {
    page.show(metric({ matrix: { labels: ['a'], matrix: [[0]] } }));
    expect(page.texts('.aml-muted')).toEqual(['']);
  });
});

describe('charts', () => {
  const spoken = (): string => page.find('[role=application]').getAttribute('aria-label')!;

  it('stand beside each other and change in place', () => {
    page.show(metric({ charts: [chart('ROC'), chart('Lift')] }));
    expect(page.texts('.aml-chart-title')).toEqual(['ROC', 'Lift']);
    const first = page.find('figure');
    const series = [{ name: 'b', style: 'bars' as const, x: [1], y: [7] }];
    page.show(metric({ charts: [chart('ROC', { series })] }));
    expect(page.texts('.aml-chart-title')).toEqual(['ROC']);
    expect(page.find('figure')).toBe(first);
    expect(spoken()).toContain('b: one point, 7');
  });

  it('have a gap where Python says null', () => {
    page.show(metric({ charts: [chart('ROC')] }));
    expect(spoken()).toContain('a: one point, 2');
  });

  it('say which of several they are, and what was said of it', () => {
    const mark = { step: 2, time: 4, description: 'by hand' };
    const marks = [{ ...mark, step: 1 }, mark];
    const shown = metric({ charts: [chart('ROC')], files: ['a', 'b'], marks });
    page.show(shown);
    expect(page.texts('.aml-logged-about')).toEqual(['by hand · the last of 2, step 2 at 4.0 s']);
    page.show({ ...shown, files: ['a'], marks: [{ ...mark, description: '' }] });
    expect(page.texts('.aml-logged-about')).toEqual([]);
  });
});

describe('what is drawn', () => {
  it('can be used by all', async () => {
    const series = [
      { name: 'a', style: 'line' as const, x: [0, 1], y: [1, 2] },
      { name: 'b', style: 'dashed' as const, x: [0], y: [1] }
    ];
    page.show(metric({ charts: [chart('ROC', { series }), chart('Lift')] }), 'a');
    const matrix = [
      [3, 1],
      [1, 3]
    ];
    page.show(metric({ matrix: { labels: ['x', 'y'], matrix } }), 'b');
    page.show(metric({ name: 't', table: { columns: ['a'], rows: [[1]], count: 9 } }), 'c');
    page.show(metric({ kind: 'image', files: ['a.png', 'b.png'] }), 'd');
    await page.settle();
    page.click(page.find('.aml-chart-head button[aria-pressed]'));
    page.click(page.find('.aml-menu-button'));
    expect(page.parent.querySelector('[role=menu]')).not.toBeNull();
    // Colours need a real page.
    const { violations } = await axe.run(page.parent, {
      rules: { 'color-contrast': { enabled: false } }
    });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});

describe('hostile text', () => {
  it.each(PAYLOADS)('is text: %j', text => {
    const table = { columns: [text], rows: [[text]], count: 1 };
    const series = [{ name: text, style: 'line' as const, x: [0], y: [1] }];
    const marks = [{ step: 1, time: 1, description: text }];
    page.show(metric({ name: text, table }), 'a');
    page.show(metric({ name: text, matrix: { labels: [text], matrix: [[1]] } }), 'b');
    page.show(
      metric({ name: text, charts: [{ title: text, x_label: text, y_label: text, series }] }),
      'c'
    );
    page.show(metric({ name: text, kind: 'image', files: [text], marks }), 'd');
    expect(
      page.parent.querySelectorAll(
        'script, iframe, object, [onerror], [onload], a[href^="javascript"]'
      )
    ).toHaveLength(0);
    const images = [...page.parent.querySelectorAll('img')];
    expect(images.every(one => one.className === 'aml-image')).toBe(true);
    expect(/[\u202a-\u202e\u2066-\u2069]/.test(page.parent.textContent ?? '')).toBe(false);
  });
});
