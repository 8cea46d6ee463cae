import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BandsView } from '../../../src/contract.gen';
import { charts } from './chart_stub';
import {
  button,
  change,
  click,
  find,
  findAll,
  focused,
  host,
  labelled,
  mount,
  panel,
  points,
  run,
  tab,
  TRIALS,
  viewOf
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

beforeEach(() => charts.clear());

describe('curves', () => {
  it('lie over each other, gaps and colours kept and the best marked', async () => {
    await mount();
    await tab('Curves');
    expect([...charts.keys()]).toEqual(['acc']);
    expect(charts.get('acc')!.curves).toEqual([
      { name: '#1 name 1', style: 'line', color: 0, x: [0, 1, 2], y: [0, NaN, 0] },
      { name: '★ #2 name 2', style: 'line', color: 1, x: [0, 1, 2], y: [0, NaN, 1] }
    ]);
  });

  it('follow the settings, which stay through live changes', async () => {
    await mount();
    await tab('Curves');
    await change(labelled('x axis'), 'time');
    await change(labelled('smoothing'), '0.5');
    await click(labelled('log y'));
    await change(labelled('Baseline'), 'run-1');
    const { smoothing, y, x, curves } = charts.get('acc')!;
    expect([smoothing, y?.isLog, x.label, x.text(90)]).toEqual([0.5, true, 'time', '1 min 30 s']);
    expect(curves.map(({ style, x: across }) => [style, across[2]])).toEqual([
      ['ghost', 20],
      ['line', 20]
    ]);
    labelled('Baseline').focus();
    const overlays = [
      { name: 'acc', curves: [points(1), points(2), points(3)] },
      { name: 'new', curves: [points(1), null, null] }
    ];
    await host.view(viewOf(TRIALS, { overlays }));
    expect(charts.get('acc')!.curves.map(({ style }) => style)).toEqual(['ghost', 'line', 'line']);
    expect([charts.get('acc')!.smoothing, charts.get('new')!.smoothing]).toEqual([0.5, 0.5]);
    expect(focused()).toBe(labelled('Baseline'));
    expect(findAll('[role=tab]')[1]!.getAttribute('aria-selected')).toBe('true');
  });

  it('are the same array while nothing changed, so that no point is compared', async () => {
    await mount();
    await tab('Curves');
    const before = charts.get('acc')!.curves;
    await host.link('live');
    await change(labelled('smoothing'), '0.3');
    expect(charts.get('acc')!.curves).toBe(before);
  });

  it('are switched off and on by the run in the head', async () => {
    await mount();
    await tab('Curves');
    const chip = find('.aml-chip');
    await click(chip);
    expect(charts.get('acc')!.curves.map(({ name }) => name)).toEqual(['★ #2 name 2']);
    expect(chip.getAttribute('aria-pressed')).toBe('false');
    await click(chip);
    expect(charts.get('acc')!.curves).toHaveLength(2);
  });

  it('are zoomed together, with one cursor', async () => {
    const curves = [points(1, 2), points(2, 3)];
    const overlays = ['a', 'b'].map(name => ({ name, curves }));
    await mount(TRIALS, {}, { overlays });
    await tab('Curves');
    charts.get('a')!.onZoom!([0, 1]);
    charts.get('b')!.onCursor!(1);
    await host.link('live');
    expect([charts.get('b')!.zoom, charts.get('a')!.cursor]).toEqual([[0, 1], 1]);
  });

  it('are said to lack where there are none, and many come by a button', async () => {
    await mount(TRIALS, {}, { overlays: [] });
    await tab('Curves');
    expect(panel().textContent).toContain('there are no curves');
    const overlays = Array.from({ length: 15 }, (_, at) => ({
      name: `m${at}`,
      curves: [points(1, 2), null, null]
    }));
    await host.view(viewOf(TRIALS, { overlays }));
    expect(charts.size).toBe(12);
    await click(button('show 3 more'));
    expect(charts.size).toBe(15);
  });
});

describe('groups', () => {
  const bands = (more: Partial<BandsView> = {}): BandsView => ({
    metric: 'acc',
    by: 'params.opt',
    spread: 'deviation',
    along: 'step',
    x: [0, 5],
    groups: [
      { value: 'adam', runs: 1, counts: [1, 0], mean: [1, null], low: [1, null], high: [1, null] },
      { value: null, runs: 2, counts: [2, 2], mean: [2, 3], low: [1, 2], high: [3, 4] }
    ],
    more: 0,
    without: 0,
    is_thinned: false,
    ...more
  });
  const offered = (): string[] => [...labelled('Group by').options].map(one => one.textContent);

  it('are drawn as mean and band, with their number of runs', async () => {
    await mount(TRIALS, { answers: { bands: () => bands({ more: 3, without: 1 }) } });
    await tab('Curves');
    expect(offered()).toEqual(['nothing', 'all runs', 'opt']);
    await change(labelled('Group by'), 'params.opt');
    expect(host.asked).toEqual([
      [
        'bands',
        {
          runs: ['run-1', 'run-2', 'run-3'],
          query: undefined,
          metric: 'acc',
          along: 'step',
          by: 'params.opt',
          spread: 'deviation'
        }
      ]
    ]);
    expect(charts.get('acc')!.curves).toEqual([
      {
        ...{ name: 'opt = adam (1 run)', style: 'line', color: 0, x: [0, 5], y: [1, NaN] },
        band: { low: [1, NaN], high: [1, NaN] }
      },
      {
        ...{ name: 'opt = none (2 runs)', style: 'line', color: 1, x: [0, 5], y: [2, 3] },
        band: { low: [1, 2], high: [3, 4] }
      }
    ]);
    expect(panel().textContent).toContain('3 smaller groups are not drawn. 1 runs have no value');
    await change(labelled('Band'), 'range');
    expect(host.asked.at(-1)![1]).toMatchObject({ spread: 'range' });
  });

  it('are of the runs that are not switched off', async () => {
    await mount(TRIALS, { answers: { bands: () => bands({ by: '' }) } });
    await tab('Curves');
    await change(labelled('Group by'), 'all');
    await click(find('.aml-chip'));
    expect(host.asked.at(-1)![1]).toMatchObject({ runs: ['run-2', 'run-3'], by: '' });
    expect(charts.get('acc')!.curves[0]!.name).toBe('all runs (1 run)');
  });

  it('that cannot be told are said to be, and are tried again', async () => {
    await mount();
    await tab('Curves');
    await change(labelled('Group by'), 'all');
    expect(find('[role=alert]').textContent).toContain('the server is away');
    host.answers.bands = () => bands();
    await click(button('Try again'));
    expect(charts.get('acc')!.curves).toHaveLength(2);
  });

  it('are asked for again now and then while runs go on, and keep what is drawn until then', async () => {
    await mount(TRIALS, { answers: { bands: () => bands() } });
    await tab('Curves');
    await change(labelled('Group by'), 'all');
    await host.link('live');
    const before = host.asked.length;
    for (let each = 0; each < 12; each += 1) {
      await host.view(viewOf(TRIALS, { overlays: [{ name: 'acc', curves: [points(1, 2)] }] }));
      expect(panel().querySelector('[aria-busy]')).toBeNull();
    }
    expect(host.asked.length - before).toBe(2);
  });

  it('are offered where there are more curves than one chart takes', async () => {
    const all = Array.from({ length: 30 }, (_, at) => run(at, { experiment: `e${at % 2}` }));
    await mount(all, { answers: { bands: () => bands() } });
    await tab('Curves');
    expect(panel().textContent).toContain('The curves of the first 20 of 30 runs are drawn.');
    expect(offered()).toContain('experiment');
    await click(button('Mean and band of all'));
    expect(labelled('Group by').value).toBe('all');
  });
});
