import { describe, expect, it, vi } from 'vitest';
import type { JsonScalar } from '../../../src/contract.gen';
import {
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
  trial,
  TRIALS
} from './page';
import { comparisonOf, focused, press, row, SampleSelection } from '../runs/sample';

vi.mock('../../../src/ui/chart/draw', () => ({
  drawChart: () => ({ set: vi.fn(), zoom: vi.fn(), dispose: vi.fn() })
}));
vi.mock('../../../src/screens/run/mount', () => ({
  mountRun: vi.fn(() => ({ update: vi.fn(), dispose: vi.fn() }))
}));

describe('parallel coordinates', () => {
  const faded = (): boolean[] =>
    findAll<SVGElement>('.aml-line').map(one => one.classList.contains('aml-out'));
  const axes = (): string[] =>
    findAll<SVGElement>('.aml-parallel .aml-axis-name title').map(one => one.textContent!);

  it('draw a line for each run over what differs, and say so', () => {
    mount();
    tab('Parallel');
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
    expect(findAll<SVGElement>('.aml-line title').map(one => one.textContent)).toEqual([
      '#1 name 1',
      '#2 name 2',
      '#3 name 3'
    ]);
    expect(find('.aml-parallel').getAttribute('aria-label')).toBe(
      'Parallel coordinates: lr, opt, acc'
    );
    expect(panel().textContent).toContain('3 of 3 runs are within the ranges, over 3 axes.');
    const details = panel().querySelector('details')!;
    expect(details.querySelector('table')).toBeNull();
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
    expect(cells()).toEqual([
      ['Run', 'lr', 'opt', 'acc'],
      ['#1 name 1', '0.1', 'sgd', '0.5'],
      ['#2 name 2', '0.2', 'adam', '0.9'],
      ['#3 name 3', '0.3', 'sgd', '0.7']
    ]);
  });

  it('are brushed by inputs, which select runs until the ranges are cleared', () => {
    const selection = new SampleSelection();
    selection.ids = ['before'];
    mount(TRIALS, { selection });
    tab('Parallel');
    change(labelled('Axis'), 'metrics.acc');
    labelled('from').focus();
    change(labelled('from'), '0.6');
    expect([faded(), selection.ids, focused()]).toEqual([
      [true, false, false],
      ['run-2', 'run-3'],
      labelled('from')
    ]);
    change(labelled('to'), '0.8');
    expect([faded(), selection.ids]).toEqual([[true, true, false], ['run-3']]);
    expect(panel().textContent).toContain('1 of 3 runs');
    change(labelled('Axis'), 'params.opt');
    change(labelled('to'), '0');
    expect([faded(), selection.ids]).toEqual([[true, true, true], []]);
    button('Clear').click();
    expect([faded(), selection.ids]).toEqual([[false, false, false], ['before']]);
    expect(labelled<HTMLSelectElement>('to').value).toBe('');
  });

  it('are brushed by a pointer along an axis, and cleared by a click on it', () => {
    const selection = new SampleSelection();
    mount(TRIALS, { selection });
    tab('Parallel');
    const picture = find<SVGElement>('.aml-parallel');
    const point = (type: string, clientX: number, clientY: number): boolean =>
      picture.dispatchEvent(new MouseEvent(type, { clientX, clientY, bubbles: true }));
    point('pointerdown', 62, 150);
    point('pointermove', 70, 400);
    expect([faded(), selection.told]).toEqual([[false, true, true], []]);
    point('pointermove', 70, 0);
    point('pointerup', 70, 0);
    expect([faded(), selection.told]).toEqual([[true, false, false], [['run-2', 'run-3']]]);
    expect(Number(labelled<HTMLInputElement>('to').value)).toBe(0.3);
    point('pointermove', 70, 400);
    expect(faded()).toEqual([true, false, false]);
    point('pointerdown', 62, 150);
    point('pointerup', 62, 150);
    expect([faded(), selection.ids]).toEqual([[false, false, false], []]);
  });

  it('have axes in an order of the user, by buttons and by dragging their names', () => {
    mount();
    tab('Parallel');
    panel().querySelector<HTMLElement>('[aria-label="Move the axis to the right"]')!.click();
    expect(axes()).toEqual(['opt', 'lr', 'acc']);
    panel().querySelector<HTMLElement>('[aria-label="Move the axis to the left"]')!.click();
    panel().querySelector<HTMLElement>('[aria-label="Move the axis to the left"]')!.click();
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
    const picture = find<SVGElement>('.aml-parallel');
    picture.dispatchEvent(new MouseEvent('pointerdown', { clientX: 60, clientY: 10 }));
    picture.dispatchEvent(new MouseEvent('pointermove', { clientX: 655, clientY: 10 }));
    picture.dispatchEvent(new MouseEvent('pointerup', { clientX: 655, clientY: 10 }));
    expect(axes()).toEqual(['opt', 'acc', 'lr']);
    labelled<HTMLInputElement>('Shown').click();
    expect(axes()).toEqual(['opt', 'acc']);
    change(labelled('Axis'), 'number');
    labelled<HTMLInputElement>('Shown').click();
    expect(axes()).toEqual(['opt', 'acc', 'run number']);
  });

  it('keep ranges, order and focus through live changes', () => {
    mount();
    tab('Parallel');
    labelled('from').focus();
    change(labelled('from'), '0.15');
    panel().querySelector<HTMLElement>('[aria-label="Move the axis to the right"]')!.click();
    host.to('compare').event({
      type: 'view',
      token: '1',
      view: comparisonOf([trial(1, 0.1, 0.5), trial(2, 0.2, 0.9), trial(3, 0.01, 'NaN')]).view
    });
    expect([axes(), faded(), focused()]).toEqual([
      ['opt', 'lr', 'acc'],
      [true, false, true],
      labelled('from')
    ]);
  });

  it('cope with 500 runs and with values of every kind', () => {
    const odd: JsonScalar[] = ['NaN', 'Infinity', 1e308, -1e308, null];
    mount(
      Array.from({ length: 500 }, (_, at) =>
        row(at, {
          params: { odd: odd[at % 5]!, mixed: at % 3 ? at : `word ${at}` },
          metrics: { m: at }
        })
      )
    );
    tab('Parallel');
    expect(findAll('.aml-line')).toHaveLength(500);
    expect(
      findAll<SVGElement>('.aml-line').some(one => one.getAttribute('d')!.includes('NaN'))
    ).toBe(false);
    tab('Scatter');
    change(labelled('x axis'), 'params.odd');
    expect(panel().textContent).toContain('200 of 500 runs: m over odd.');
  });
});

describe('the scatter', () => {
  const circles = (): SVGElement[] => findAll<SVGElement>('.aml-point');

  it('draws runs by number with the line of the best so far', () => {
    mount();
    tab('Scatter');
    expect([
      labelled<HTMLSelectElement>('x axis').value,
      labelled<HTMLSelectElement>('y axis').value,
      labelled<HTMLSelectElement>('Best').value
    ]).toEqual(['number', 'metrics.acc', 'higher']);
    expect(circles().map(one => one.getAttribute('aria-label'))).toEqual([
      '#1 name 1, 1, 0.5',
      '#2 name 2, 2, 0.9',
      '#3 name 3, 3, 0.7'
    ]);
    expect(find('.aml-best-line').getAttribute('d')).toBe('M70 280H387V16H704');
    expect(panel().textContent).toContain(
      '3 of 3 runs: acc over run number. The best is 0.9, of run 2.'
    );
    change(labelled('Best'), 'lower');
    expect(find('.aml-best-line').getAttribute('d')).toBe('M70 280H704');
    change(labelled('x axis'), 'params.lr');
    expect([
      find('.aml-best-line').getAttribute('d'),
      labelled('Best').parentElement!.hidden
    ]).toEqual(['', true]);
  });

  it('tells a point by hover and by focus, is led through by arrows and opens by Enter', () => {
    const openRun = vi.fn();
    mount(TRIALS, { openRun });
    tab('Scatter');
    expect(circles().map(one => one.getAttribute('tabindex'))).toEqual(['0', '-1', '-1']);
    circles()[0]!.focus();
    expect(find('.aml-tip').textContent).toBe('#1 name 1, 1, 0.5');
    press(focused(), 'ArrowRight');
    expect([focused(), find('.aml-tip').textContent]).toEqual([circles()[1], '#2 name 2, 2, 0.9']);
    press(focused(), 'Enter');
    expect(openRun).toHaveBeenCalledWith('run-2');
    press(focused(), 'End');
    circles()[0]!.dispatchEvent(new Event('pointerover', { bubbles: true }));
    expect([focused(), find('.aml-tip').textContent]).toEqual([circles()[2], '#1 name 1, 1, 0.5']);
    host.to('compare').event({
      type: 'view',
      token: '1',
      view: comparisonOf([trial(1, 0.1, 0.5), trial(2, 0.2, null), trial(3, 0.3, 0.95)]).view
    });
    expect([focused().getAttribute('aria-label'), circles().length]).toEqual([
      '#3 name 3, 3, 0.95',
      2
    ]);
  });
});
