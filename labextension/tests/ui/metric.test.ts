import axe from 'axe-core';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainly, type Host } from '../../src/ui/host';
import { drawLogged, isLogged } from '../../src/ui/metric/metric';
import type { ChartView, FilePreviewView, MetricView } from '../../src/contract.gen';

const HOSTILE = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
  string,
  string[]
>;
const PAYLOADS = [...HOSTILE.markup!, ...HOSTILE.addresses!, ...HOSTILE.letters!];

function metric(more: Partial<MetricView> = {}): MetricView {
  return {
    ...{
      name: 'm',
      kind: 'scalar',
      count: 1,
      last: 1,
      low: null,
      high: null,
      points: null,
      table: null,
      matrix: null
    },
    ...{ charts: [], files: [], ...more }
  };
}

function chart(title: string, more: Partial<ChartView> = {}): ChartView {
  return {
    title,
    x_label: 'x',
    y_label: 'y',
    series: [{ name: 'a', style: 'line', x: [0, 1], y: [null, 2] }],
    ...more
  };
}

function preview(more: Partial<FilePreviewView> = {}): FilePreviewView {
  return {
    ...{
      name: 'a.png',
      size: 3,
      media_type: 'image/png',
      text: null,
      table: null,
      image: 'AAAA',
      is_whole: true
    },
    ...{ message: '', ...more }
  };
}

let parent: HTMLElement;
let ask: ReturnType<
  typeof vi.fn<(kind: string, question: { file: string }) => Promise<FilePreviewView>>
>;
let host: Host;

beforeEach(() => {
  parent = document.body.appendChild(document.createElement('div'));
  ask = vi.fn((_: string, { file }) =>
    Promise.resolve(preview({ name: file, image: Buffer.from(file).toString('base64') }))
  );
  host = {
    t: plainly,
    ask: ask as unknown as Host['ask'],
    follow: () => ({ stop: () => undefined })
  };
});

afterEach(() => {
  parent.remove();
  vi.unstubAllGlobals();
});

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5));
const texts = (selector: string): string[] =>
  [...parent.querySelectorAll(selector)].map(one => one.textContent ?? '');

describe('a logged metric', () => {
  it('is what has more to show than a number', () => {
    expect(isLogged(metric())).toBe(false);
    expect(isLogged(metric({ kind: 'image' }))).toBe(false);
    expect(isLogged(metric({ kind: 'residuals', files: ['a'] }))).toBe(false);
    expect(isLogged(metric({ kind: 'image', files: ['a.png'] }))).toBe(true);
    expect(isLogged(metric({ charts: [chart('ROC')] }))).toBe(true);
  });

  it('becomes what it turns out to be', () => {
    const part = drawLogged(parent, metric(), host, 'r');
    expect(parent.textContent).toBe('');
    part.update(metric({ table: { columns: ['a'], rows: [[1]], count: 1 } }));
    expect(texts('td')).toEqual(['1']);
    part.update(metric({ matrix: { labels: ['x'], matrix: [[3]] } }));
    expect(texts('td')).toEqual(['3']);
    part.dispose();
    expect(parent.childElementCount).toBe(0);
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
    drawLogged(parent, metric({ table }), host, 'r');
    expect(texts('th')).toEqual(['name', 'n']);
    expect(texts('td')).toEqual(['a', '1.5', 'b', 'NaN', '', '']);
    expect([...parent.querySelectorAll('.aml-number')]).toHaveLength(4);
    expect(texts('p')).toEqual(['3 of 3,000 rows']);
  });

  it('is not drawn anew, and stays in focus, where nothing changed', () => {
    const part = drawLogged(parent, metric({ table }), host, 'r');
    const body = parent.querySelector('tbody');
    const area = parent.querySelector<HTMLElement>('[role=region]')!;
    area.focus();
    part.update(metric({ table: { ...table, rows: [...table.rows] } }));
    expect(parent.querySelector('tbody')).toBe(body);
    part.update(metric({ table: { ...table, count: 4 } }));
    expect(parent.querySelector('tbody')).not.toBe(body);
    expect(document.activeElement).toBe(area);
  });
});

describe('a confusion matrix', () => {
  const matrix = {
    labels: ['ant', 'bee'],
    matrix: [
      [3, 1],
      [0, 4]
    ]
  };

  it('has counts, shares of rows, and how much is right', () => {
    drawLogged(parent, metric({ matrix }), host, 'r');
    expect(texts('th')).toEqual(['true \\ predicted', 'ant', 'bee', 'ant', 'bee']);
    expect(texts('td')).toEqual(['3', '1', '0', '4']);
    expect(texts('.aml-muted')).toEqual(['87.5 % right']);
    parent.querySelector('button')!.click();
    expect(texts('td')).toEqual(['75 %', '25 %', '0 %', '100 %']);
    expect(parent.querySelector('button')!.getAttribute('aria-pressed')).toBe('true');
  });

  it('keeps its toggle when it changes', () => {
    const part = drawLogged(parent, metric({ matrix }), host, 'r');
    parent.querySelector('button')!.click();
    part.update(
      metric({
        matrix: {
          labels: ['ant', 'bee'],
          matrix: [
            [1, 1],
            [0, 4]
          ]
        }
      })
    );
    expect(texts('td')).toEqual(['50 %', '50 %', '0 %', '100 %']);
  });

  it('shows a hundred classes of more', () => {
    const labels = Array.from({ length: 120 }, (_, place) => `c${place}`);
    drawLogged(
      parent,
      metric({ matrix: { labels, matrix: labels.map(() => labels.map(() => 1)) } }),
      host,
      'r'
    );
    expect(parent.querySelectorAll('td')).toHaveLength(10_000);
    expect(texts('.aml-muted')[0]).toContain('20 more classes');
  });

  it('of nothing has no share', () => {
    drawLogged(parent, metric({ matrix: { labels: ['a'], matrix: [[0]] } }), host, 'r');
    expect(texts('.aml-muted')).toEqual(['']);
  });
});

describe('charts', () => {
  it('stand beside each other and change in place', () => {
    const part = drawLogged(parent, metric({ charts: [chart('ROC'), chart('Lift')] }), host, 'r');
    expect(texts('.aml-chart-title')).toEqual(['ROC', 'Lift']);
    const first = parent.querySelector('figure');
    part.update(
      metric({ charts: [chart('ROC', { series: [{ name: 'b', style: 'bars', x: [1], y: [7] }] })] })
    );
    expect(texts('.aml-chart-title')).toEqual(['ROC']);
    expect(parent.querySelector('figure')).toBe(first);
    expect(parent.querySelector('[role=application]')!.getAttribute('aria-label')).toContain(
      'b: one point, 7'
    );
  });

  it('have a gap where Python says null', async () => {
    drawLogged(parent, metric({ charts: [chart('ROC')] }), host, 'r');
    await settle();
    expect(parent.querySelector('[role=application]')!.getAttribute('aria-label')).toContain(
      'a: one point, 2'
    );
  });
});

describe('a chart', () => {
  it('says which of several it is, and what was said of it', () => {
    const mark = { step: 2, time: 4, description: 'by hand' };
    const shown = metric({
      charts: [chart('ROC')],
      files: ['a', 'b'],
      marks: [{ ...mark, step: 1 }, mark]
    });
    const part = drawLogged(parent, shown, host, 'r');
    expect(parent.lastElementChild!.textContent).toBe('by hand · the last of 2, step 2 at 4.0 s');
    part.update({ ...shown, files: ['a'], marks: [{ ...mark, description: '' }] });
    expect(parent.lastElementChild!.textContent).toBe('');
  });
});

describe('images', () => {
  const image = metric({ name: 'plot', kind: 'image', files: ['a.png', 'b.png', 'c.png'] });
  const shown = (): string => atob(parent.querySelector('img')!.src.split(',')[1] ?? '');
  const slide = (place: number): void => {
    const slider = parent.querySelector('input')!;
    slider.value = String(place);
    slider.dispatchEvent(new Event('input'));
  };

  it('show the newest, and the older ones by a slider, each fetched once', async () => {
    drawLogged(parent, image, host, 'r');
    await settle();
    expect(shown()).toBe('c.png');
    expect(parent.querySelector('img')!.alt).toBe('plot, image 3 of 3');
    for (const place of [0, 2, 0]) {
      slide(place);
      await new Promise(resolve => setTimeout(resolve, 150));
    }
    expect(shown()).toBe('a.png');
    expect(ask.mock.calls.map(([kind, question]) => [kind, question])).toEqual([
      ['preview', { run: 'r', file: 'c.png' }],
      ['preview', { run: 'r', file: 'a.png' }]
    ]);
  });

  it('say which one it is, where it was logged and what was said of it, page by page', async () => {
    const marks = [0, 5, 10].map((step, place) => ({
      step,
      time: 1.5 * place,
      description: place ? `after ${step} epochs` : ''
    }));
    drawLogged(parent, { ...image, marks }, host, 'r');
    const [before, next] = [
      ...parent.querySelectorAll<HTMLButtonElement>('.aml-image-row button')
    ] as [HTMLButtonElement, HTMLButtonElement];
    expect(texts('.aml-image-row span')).toEqual(['plot, image 3 of 3 · step 10 at 3.0 s']);
    expect(parent.textContent).toContain('after 10 epochs');
    expect([before.getAttribute('aria-disabled'), next.getAttribute('aria-disabled')]).toEqual([
      'false',
      'true'
    ]);
    before.click();
    expect(parent.textContent).toContain('after 5 epochs');
    before.click();
    before.click();
    await settle();
    expect(shown()).toBe('a.png');
    expect(texts('.aml-image-row span')).toEqual(['plot, image 1 of 3 · step 0 at 0 ms']);
    expect(parent.textContent).not.toContain('epochs');
  });

  it('follow the newest until the user goes back', async () => {
    const part = drawLogged(parent, image, host, 'r');
    part.update({ ...image, files: [...image.files, 'd.png'] });
    await settle();
    expect(shown()).toBe('d.png');
    slide(0);
    part.update({ ...image, files: [...image.files, 'd.png', 'e.png'] });
    await settle();
    expect(shown()).toBe('a.png');
  });

  it('are fetched when they come into view', async () => {
    let tell: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(told: typeof tell) {
          tell = told;
        }
        observe(): void {}
        disconnect(): void {}
      }
    );
    drawLogged(parent, image, host, 'r');
    await settle();
    expect(ask).not.toHaveBeenCalled();
    tell([{ isIntersecting: true }]);
    await settle();
    expect(shown()).toBe('c.png');
  });

  it('open large at a click', async () => {
    drawLogged(parent, image, host, 'r');
    await settle();
    const button = parent.querySelector('button')!;
    button.click();
    expect([button.getAttribute('aria-expanded'), button.classList.contains('aml-large')]).toEqual([
      'true',
      true
    ]);
  });

  it.each([
    [{ image: null, message: 'Too large.' }, 'Too large.'],
    [{ media_type: 'text/html' }, 'This image cannot be shown.'],
    [{ media_type: 'image/png;base64,AAAA" onerror="x' }, 'This image cannot be shown.']
  ])('say why %j is not shown', async (more, message) => {
    ask.mockResolvedValue(preview(more));
    drawLogged(parent, image, host, 'r');
    await settle();
    expect(texts('p')).toEqual([message]);
    expect(parent.querySelector('button')!.hidden).toBe(true);
  });

  it('say what the host says, and ask again the next time', async () => {
    ask.mockRejectedValueOnce(new Error('The file is gone.'));
    drawLogged(parent, image, host, 'r');
    await settle();
    expect(texts('p')).toEqual(['The file is gone.']);
    slide(2);
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(shown()).toBe('c.png');
  });

  it('ask nothing once they are gone', async () => {
    drawLogged(parent, image, host, 'r').dispose();
    await settle();
    expect(ask).not.toHaveBeenCalled();
  });

  it('can be downloaded where the host has an address', () => {
    host.fileUrl = (run, file) => `/files/${run}/${file}`;
    drawLogged(parent, image, host, 'r');
    expect(parent.querySelector('a')!.getAttribute('href')).toBe('/files/r/c.png');
  });
});

describe('what is drawn', () => {
  it('can be used by all', async () => {
    const series = [
      { name: 'a', style: 'line' as const, x: [0, 1], y: [1, 2] },
      { name: 'b', style: 'dashed' as const, x: [0], y: [1] }
    ];
    drawLogged(parent, metric({ charts: [chart('ROC', { series }), chart('Lift')] }), host, 'r');
    drawLogged(
      parent,
      metric({
        matrix: {
          labels: ['x', 'y'],
          matrix: [
            [3, 1],
            [1, 3]
          ]
        }
      }),
      host,
      'r'
    );
    drawLogged(
      parent,
      metric({ name: 't', table: { columns: ['a'], rows: [[1]], count: 9 } }),
      host,
      'r'
    );
    drawLogged(parent, metric({ kind: 'image', files: ['a.png', 'b.png'] }), host, 'r');
    await settle();
    parent.querySelectorAll<HTMLButtonElement>('.aml-chart-head button[aria-pressed]')[0]!.click();
    // Colours need a real page.
    const { violations } = await axe.run(parent, {
      rules: { 'color-contrast': { enabled: false } }
    });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});

describe('hostile text', () => {
  it.each(PAYLOADS)('is text: %j', text => {
    const table = { columns: [text], rows: [[text]], count: 1 };
    const series = [{ name: text, style: 'line' as const, x: [0], y: [1] }];
    drawLogged(parent, metric({ name: text, table }), host, 'r');
    drawLogged(
      parent,
      metric({ name: text, matrix: { labels: [text], matrix: [[1]] } }),
      host,
      'r'
    );
    drawLogged(
      parent,
      metric({ name: text, charts: [{ title: text, x_label: text, y_label: text, series }] }),
      host,
      'r'
    );
    drawLogged(
      parent,
      metric({
        name: text,
        kind: 'image',
        files: [text],
        marks: [{ step: 1, time: 1, description: text }]
      }),
      host,
      'r'
    );
    expect(
      parent.querySelectorAll('script, iframe, object, [onerror], [onload], a[href^="javascript"]')
    ).toHaveLength(0);
    expect([...parent.querySelectorAll('img')].every(one => one.className === 'aml-image')).toBe(
      true
    );
    expect(/[\u202a-\u202e\u2066-\u2069]/.test(parent.textContent ?? '')).toBe(false);
  });
});
