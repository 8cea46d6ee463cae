import { describe, expect, it, vi } from 'vitest';
import type { JsonScalar } from '../../../src/contract.gen';
import {
  button,
  cells,
  change,
  click,
  find,
  findAll,
  focused,
  host,
  labelled,
  mount,
  panel,
  run,
  SampleSelection,
  shown,
  tab,
  trial,
  TRIALS,
  unfold,
  viewOf
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

/** Lines in the order of the runs: of the page they are in the order in which they lie over each other. */
const lines = (): SVGElement[] =>
  findAll<SVGElement>('.aml-line').sort(
    (a, b) => Number(a.dataset['place']) - Number(b.dataset['place'])
  );
const faded = (): boolean[] => lines().map(one => one.classList.contains('aml-out'));
const axes = (): string[] =>
  findAll<SVGElement>('.aml-parallel .aml-axis-name title').map(one => one.textContent);
const point = (type: string, clientX: number, clientY: number): Promise<void> =>
  shown(() =>
    find<SVGElement>('.aml-parallel').dispatchEvent(
      new MouseEvent(type, { clientX, clientY, bubbles: true })
    )
  );

describe('parallel coordinates', () => {
  it('draw a line for each run over what differs, and say so', async () => {
    await mount();
    await tab('Parallel');
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
    expect(lines().map(one => one.textContent)).toEqual(['#1 name 1', '#2 name 2', '#3 name 3']);
    expect(find('.aml-parallel').getAttribute('aria-label')).toBe(
      'Parallel coordinates: lr, opt, acc'
    );
    expect(panel().textContent).toContain('3 of 3 runs are within the ranges, over 3 axes.');
    expect(panel().querySelector('details table')).toBeNull();
    await unfold();
    expect(cells()).toEqual([
      ['Run', 'lr', 'opt', 'acc'],
      ['#1 name 1', '0.1', 'sgd', '0.5'],
      ['#2 name 2', '0.2', 'adam', '0.9'],
      ['#3 name 3', '0.3', 'sgd', '0.7']
    ]);
  });

  it('are coloured by the objective, the best above the others', async () => {
    await mount();
    await tab('Parallel');
    const levels = (): (string | undefined)[] =>
      lines().map(one => /aml-level-\S+/.exec(one.getAttribute('class')!)?.[0]);
    expect(levels()).toEqual(['aml-level-0', 'aml-level-8', 'aml-level-4']);
    expect(findAll<SVGElement>('.aml-line').at(-1)!.textContent).toBe('#2 name 2');
    expect(find('.aml-levels').textContent).toBe('Colour: accworst 0.5best 0.9');
    await change(labelled('Goal'), 'lower');
    expect(levels()).toEqual(['aml-level-8', 'aml-level-0', 'aml-level-4']);
    expect(find('.aml-levels').textContent).toBe('Colour: accworst 0.9best 0.5');
  });

  it('end with the objective that the user picks', async () => {
    await mount(TRIALS.map(one => ({ ...one, metrics: { ...one.metrics, gap: one.number } })));
    await tab('Parallel');
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
    await change(labelled('Objective'), 'gap');
    expect(axes()).toEqual(['lr', 'opt', 'gap']);
    expect(find('.aml-levels').textContent).toBe('Colour: gap13');
  });

  it('are brushed by inputs, which select runs until the ranges are cleared', async () => {
    const selection = new SampleSelection();
    selection.ids = ['before'];
    await mount(TRIALS, { selection });
    await tab('Parallel');
    await change(labelled('Axis'), 'metrics.acc');
    labelled('from').focus();
    await change(labelled('from'), '0.6');
    expect([faded(), selection.ids, focused()]).toEqual([
      [true, false, false],
      ['run-2', 'run-3'],
      labelled('from')
    ]);
    await change(labelled('to'), '0.8');
    expect([faded(), selection.ids]).toEqual([[true, true, false], ['run-3']]);
    expect(panel().textContent).toContain('1 of 3 runs');
    await change(labelled('Axis'), 'params.opt');
    await change(labelled('to'), '0');
    expect([faded(), selection.ids]).toEqual([[true, true, true], []]);
    await click(button('Clear'));
    expect([faded(), selection.ids]).toEqual([[false, false, false], ['before']]);
    expect(labelled('to').value).toBe('');
  });

  it('are brushed by a pointer along an axis, and cleared by a click on it', async () => {
    const selection = new SampleSelection();
    await mount(TRIALS, { selection });
    await tab('Parallel');
    await point('pointerdown', 62, 150);
    await point('pointermove', 70, 400);
    expect([faded(), selection.told]).toEqual([[false, true, true], []]);
    await point('pointermove', 70, 0);
    await point('pointerup', 70, 0);
    expect([faded(), selection.told]).toEqual([[true, false, false], [['run-2', 'run-3']]]);
    expect(Number(labelled('to').value)).toBe(0.3);
    await point('pointermove', 70, 400);
    expect(faded()).toEqual([true, false, false]);
    await point('pointerdown', 62, 150);
    await point('pointerup', 62, 150);
    expect([faded(), selection.ids]).toEqual([[false, false, false], []]);
  });

  it('have axes in an order of the user, by buttons and by dragging their names', async () => {
    await mount();
    await tab('Parallel');
    await click(find('[aria-label="Move the axis to the right"]'));
    expect(axes()).toEqual(['opt', 'lr', 'acc']);
    await change(labelled('Axis'), 'params.lr');
    await click(find('[aria-label="Move the axis to the left"]'));
    await click(find('[aria-label="Move the axis to the left"]'));
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
    await point('pointerdown', 60, 10);
    await point('pointermove', 655, 10);
    await point('pointerup', 655, 10);
    expect(axes()).toEqual(['opt', 'acc', 'lr']);
    await click(labelled('Shown'));
    expect(axes()).toEqual(['opt', 'acc']);
    await change(labelled('Axis'), 'number');
    await click(labelled('Shown'));
    expect(axes()).toEqual(['opt', 'acc', 'run number']);
    await click(button('Axes as at first'));
    expect(axes()).toEqual(['lr', 'opt', 'acc']);
  });

  it('keep ranges, order and focus through live changes', async () => {
    await mount();
    await tab('Parallel');
    labelled('from').focus();
    await change(labelled('from'), '0.15');
    await click(find('[aria-label="Move the axis to the right"]'));
    labelled('from').focus();
    await host.view(viewOf([trial(1, 0.1, 0.5), trial(2, 0.2, 0.9), trial(3, 0.01, 'NaN')]));
    expect([axes(), faded(), focused()]).toEqual([
      ['opt', 'lr', 'acc'],
      [true, false, true],
      labelled('from')
    ]);
  });

  it('tell the run of a line under the pointer, and open it by a click', async () => {
    const open = vi.fn();
    await mount(TRIALS, { open });
    await tab('Parallel');
    await shown(() => lines()[1]!.dispatchEvent(new MouseEvent('pointerover', { bubbles: true })));
    expect(find('.aml-tip').textContent).toBe('#2 name 2');
    await shown(() => lines()[1]!.dispatchEvent(new MouseEvent('click', { bubbles: true })));
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-2' });
  });

  it('cope with 1,000 runs and with values of every kind', async () => {
    const odd: JsonScalar[] = ['NaN', 'Infinity', 1e308, -1e308, null];
    await mount(
      Array.from({ length: 1_000 }, (_, at) =>
        run(at, {
          params: { odd: odd[at % 5]!, mixed: at % 3 ? at : `word ${at}` },
          metrics: { m: at }
        })
      )
    );
    await tab('Parallel');
    expect(axes()).toEqual(['odd', 'm']);
    expect(lines()).toHaveLength(1_000);
    expect(lines().some(one => one.getAttribute('d')!.includes('NaN'))).toBe(false);
    await unfold();
    expect(cells()).toHaveLength(101);
    await tab('Scatter');
    await change(labelled('x axis'), 'params.odd');
    expect(panel().textContent).toContain('400 of 1000 runs: m over odd.');
  });

  it('say what they lack with one axis', async () => {
    await mount([run(1, { metrics: { loss: 1 } }), run(2, { metrics: { loss: 1 } })]);
    await tab('Parallel');
    expect(panel().textContent).toContain('Two or more axes make a picture');
    await mount([run(1), run(2)]);
    await tab('Parallel');
    expect(panel().textContent).toContain('0 axes');
  });
});
