import { describe, expect, it, vi, beforeEach } from 'vitest';
import type { ChartOptions } from '../../../src/ui/chart/draw';
import { mountRun } from '../../../src/screens/run/mount';
import {
  mounted,
  mount,
  host,
  find,
  findAll,
  panel,
  labelled,
  tab,
  button,
  cells,
  change,
  points,
  trial,
  TRIALS
} from './page';
import { comparisonOf, focused, HOSTILE, press, row, SampleSelection } from '../runs/sample';

interface DrawnChart {
  options: ChartOptions;
  disposed: boolean;
}
const charts: DrawnChart[] = [];
vi.mock('../../../src/ui/chart/draw', () => ({
  drawChart: vi.fn((_: HTMLElement, options: ChartOptions) => {
    const drawn: DrawnChart = { options, disposed: false };
    charts.push(drawn);
    return {
      set: (more: Partial<ChartOptions>) => Object.assign(drawn.options, more),
      zoom: vi.fn(),
      dispose: () => (drawn.disposed = true)
    };
  })
}));
vi.mock('../../../src/screens/run/mount', () => ({
  mountRun: vi.fn(() => ({ update: vi.fn(), dispose: vi.fn() }))
}));

beforeEach(() => void (charts.length = 0));

describe('tabs and runs', () => {
  it('are led to by arrows, Home and End', () => {
    mount();
    const heads = findAll('[role=tab]');
    expect(
      heads.map(one => [one.textContent, one.getAttribute('aria-selected'), one.tabIndex])
    ).toEqual([
      ['Table', 'true', 0],
      ['Curves', 'false', -1],
      ['Parallel', 'false', -1],
      ['Scatter', 'false', -1]
    ]);
    heads[0]!.focus();
    press(focused(), 'ArrowLeft');
    expect([focused(), panel().id]).toEqual([heads[3], heads[3]!.getAttribute('aria-controls')]);
    press(focused(), 'ArrowRight');
    press(focused(), 'End');
    press(focused(), 'Home');
    expect([focused(), panel().getAttribute('aria-labelledby')]).toEqual([heads[0], heads[0]!.id]);
  });

  it('show name, status and time, and can be opened', () => {
    const openRun = vi.fn();
    mount(TRIALS, { openRun });
    expect(findAll('.aml-chips li').map(one => one.textContent)).toEqual([
      '#1 name 1✓ Completed 12.0 s↗',
      '#2 name 2✓ Completed 12.0 s↗',
      '#3 name 3✓ Completed 12.0 s↗'
    ]);
    find('[aria-label="Open #2 name 2"]').click();
    expect(openRun).toHaveBeenCalledWith('run-2');
    mounted.dispose();
    mount();
    find('[aria-label="Open #2 name 2"]').click();
    expect(vi.mocked(mountRun).mock.calls[0]![1].view.id).toBe('run-2');
  });

  it('have names of their own even where two are called the same', () => {
    mount([row(1, { id: 'a', short_id: 'ab' }), row(1, { id: 'b', short_id: 'cd' })]);
    expect(findAll('.aml-chip').map(one => one.textContent)).toEqual([
      '#1 name 1 ab',
      '#1 name 1 cd'
    ]);
  });
});

describe('the table', () => {
  it('has only what differs at first, marked by more than colour', () => {
    mount();
    expect(cells()).toEqual([
      ['', '#1 name 1', '#2 name 2', '#3 name 3'],
      ['Parameters'],
      ['≠lr', '0.1', '0.2', '0.3'],
      ['≠opt', 'sgd', 'adam', 'sgd'],
      ['Metrics'],
      ['≠acc', '▼0.5', '★0.9', '0.7']
    ]);
    expect(find('strong').textContent).toBe('0.9');
    labelled<HTMLInputElement>('Only').click();
    expect(cells().map(([name]) => name)).toContain('fixed');
  });

  it('has all where nothing differs', () => {
    mount([trial(1, 1, 1), trial(3, 1, 1)]);
    expect(labelled<HTMLInputElement>('Only').checked).toBe(false);
    labelled<HTMLInputElement>('Only').click();
    expect(panel().textContent).toContain('The runs have the same parameters, metrics and tags.');
  });
});

describe('curves', () => {
  it('lie over each other, gaps and colours kept and the best marked', () => {
    mount();
    tab('Curves');
    expect(charts).toHaveLength(1);
    expect(charts[0]!.options.series).toEqual([
      { name: '#1 name 1', style: 'line', color: 0, x: [0, 1, 2], y: [0, NaN, 0] },
      { name: '★ #2 name 2', style: 'line', color: 1, x: [0, 1, 2], y: [0, NaN, 1] }
    ]);
  });

  it('follow the settings, which stay through live changes', () => {
    mount();
    tab('Curves');
    change(labelled('x axis'), 'time');
    change(labelled('smoothing'), '0.5');
    labelled<HTMLInputElement>('log y').click();
    change(labelled('Baseline'), 'run-1');
    const { options } = charts[0]!;
    expect([options.smoothing, options.logY, options.xLabel, options.xText(90)]).toEqual([
      0.5,
      true,
      'time',
      '1 min 30 s'
    ]);
    expect(options.series.map(({ style, x }) => [style, x[2]])).toEqual([
      ['ghost', 20],
      ['line', 20]
    ]);
    labelled('Baseline').focus();
    const view = comparisonOf(TRIALS).view;
    view.overlays = [
      { name: 'acc', curves: [points(1), points(2), points(3)] },
      { name: 'new', curves: [points(1), null, null] }
    ];
    host.to('compare').event({ type: 'view', token: '1', view });
    expect(charts).toHaveLength(2);
    expect(charts[0]!.options.series.map(({ style }) => style)).toEqual(['ghost', 'line', 'line']);
    expect([charts[0]!.options.smoothing, charts[1]!.options.smoothing, focused()]).toEqual([
      0.5,
      0.5,
      labelled('Baseline')
    ]);
    expect(findAll('[role=tab]')[1]!.getAttribute('aria-selected')).toBe('true');
    mounted.dispose();
    expect([charts.map(({ disposed }) => disposed), host.stopped]).toEqual([[true, true], 1]);
  });

  it('are switched off and on by the run in the head', () => {
    mount();
    tab('Curves');
    const chip = find('.aml-chip');
    chip.click();
    expect([
      charts[0]!.options.series.map(({ name }) => name),
      chip.getAttribute('aria-pressed')
    ]).toEqual([['★ #2 name 2'], 'false']);
    chip.click();
    expect(charts[0]!.options.series).toHaveLength(2);
  });

  it('are said to lack where there are none, and many come by a button', () => {
    mount();
    const view = comparisonOf(TRIALS).view;
    host.to('compare').event({ type: 'view', token: '1', view });
    tab('Curves');
    expect(panel().textContent).toContain('there are no curves');
    view.overlays = Array.from({ length: 15 }, (_, at) => ({
      name: `m${at}`,
      curves: [points(1, 2), null, null]
    }));
    host.to('compare').event({ type: 'view', token: '2', view });
    expect(charts).toHaveLength(12);
    button('show 3 more').click();
    expect(charts).toHaveLength(15);
  });
});

it('hostile text stays text in every field', () => {
  const all = HOSTILE.slice(0, 22).map((text, at) =>
    row(at, {
      id: text,
      short_id: text,
      name: text,
      experiment: text,
      status: text,
      params: { [text]: text, common: text },
      tags: { [text]: text },
      metrics: { [text]: text, m: at }
    })
  );
  mount(all, { selection: new SampleSelection() });
  for (const name of ['Table', 'Curves', 'Parallel', 'Scatter']) {
    tab(name);
    panel()
      .querySelectorAll('details')
      .forEach(one => {
        one.open = true;
        one.dispatchEvent(new Event('toggle'));
      });
  }
  change(labelled('x axis'), 'params.common');
  host.to('compare').link('gone', HOSTILE[0]);
  tab('Parallel');
  change(labelled('Axis'), 'params.common');
  change(labelled('to'), '1');
  expect(findAll('img, script, iframe, a, form, math, object, style, body')).toEqual([]);
  expect(
    findAll<Element>('*')
      .flatMap(one => one.getAttributeNames())
      .filter(name => name.startsWith('on'))
  ).toEqual([]);
  expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
});

it('a newer snapshot is taken over until the host told of something fresher', () => {
  mount();
  mounted.update(comparisonOf([trial(1, 5, 1), trial(2, 6, 1)]));
  expect(findAll('.aml-chip')).toHaveLength(2);
  host.to('compare').event({ type: 'end', token: '' });
  mounted.update(comparisonOf(TRIALS));
  expect(findAll('.aml-chip')).toHaveLength(2);
});
