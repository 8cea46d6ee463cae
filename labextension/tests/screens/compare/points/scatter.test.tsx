import { describe, expect, it, vi } from 'vitest';
import {
  change,
  find,
  findAll,
  focused,
  host,
  labelled,
  mount,
  panel,
  press,
  run,
  shown,
  tab,
  trial,
  TRIALS,
  viewOf
} from '../page';

vi.mock('../../../../src/ui/chart/chart', () => import('../chart_stub'));

const points = (): SVGElement[] => findAll<SVGElement>('circle');
const order = (): string[] => points().map(one => one.dataset['run']!);
const inOrder = (): string[] =>
  points()
    .filter(one => one.getAttribute('tabindex') === '0')
    .map(one => one.dataset['run']!);
const line = (): string => find('.aml-best-line').getAttribute('d') ?? '';
const summary = (): string => panel().querySelector('[role=status]')!.textContent;

describe('a scatter', () => {
  it('is over the number of the run and the objective, until the reader picks', async () => {
    await mount();
    await tab('Scatter');
    expect(summary()).toContain('3 of 3 runs: acc over run number.');
    expect(labelled<HTMLSelectElement>('x axis').value).toBe('number');
    await change(labelled('x axis'), 'params.lr');
    await change(labelled('y axis'), 'params.opt');
    expect(summary()).toContain('3 of 3 runs: opt over lr.');
    await host.view(viewOf([...TRIALS, trial(4, 0.4, 0.8)]));
    expect(summary()).toContain('4 of 4 runs: opt over lr.');
  });

  it('has the line of the best only over time, of a metric whose direction is known', async () => {
    await mount();
    await tab('Scatter');
    expect(line()).not.toBe('');
    expect(summary()).toContain('The best is 0.9, of run 2.');
    await change(labelled('Best so far'), 'lower');
    expect(summary()).toContain('The best is 0.5, of run 1.');
    await change(labelled('Best so far'), 'none');
    expect([line(), summary().includes('The best')]).toEqual(['', false]);
    await change(labelled('x axis'), 'params.lr');
    expect(findAll('label').some(one => one.textContent.startsWith('Best so far'))).toBe(false);
  });

  it('leaves out runs that have no place, and says of how many', async () => {
    await mount([
      trial(1, 0.1, 0.5),
      trial(2, 0.2, 'NaN'),
      trial(3, 0.3, null),
      trial(4, 0.4, 'Infinity')
    ]);
    await tab('Scatter');
    expect([order(), summary()]).toEqual([['run-1'], expect.stringContaining('1 of 4 runs')]);
  });

  it('goes on with another metric where the one that was picked is gone', async () => {
    await mount();
    await tab('Scatter');
    await change(labelled('y axis'), 'metrics.acc');
    await host.view(viewOf([1, 2].map(number => run(number, { metrics: { f1: number } }))));
    expect(summary()).toContain('2 of 2 runs: f1 over run number.');
  });
});

describe('points by keyboard', () => {
  it('are one stop of Tab, and led through from left to right with an end', async () => {
    await mount([trial(1, 0.3, 0.5), trial(2, 0.1, 0.9), trial(3, 0.2, 0.7)]);
    await tab('Scatter');
    await change(labelled('x axis'), 'params.lr');
    expect(inOrder()).toEqual(['run-2']);
    await shown(() => points()[1]!.focus());
    await press(focused(), 'ArrowRight');
    expect([focused().dataset['run'], inOrder()]).toEqual(['run-3', ['run-3']]);
    await press(focused(), 'ArrowDown');
    await press(focused(), 'ArrowRight');
    expect(focused().dataset['run']).toBe('run-1');
    await press(focused(), 'Home');
    await press(focused(), 'ArrowLeft');
    expect(focused().dataset['run']).toBe('run-2');
    await press(focused(), 'End');
    expect(focused().dataset['run']).toBe('run-1');
    await press(focused(), 'x');
    expect(focused().dataset['run']).toBe('run-1');
  });

  it('keep the focus on their run while others come, and hand the stop on where it goes', async () => {
    await mount();
    await tab('Scatter');
    await shown(() => points()[2]!.focus());
    await press(focused(), 'ArrowLeft');
    await host.view(viewOf([trial(0, 0.9, 0.1), ...TRIALS]));
    expect([focused().dataset['run'], inOrder()]).toEqual(['run-2', ['run-2']]);
    await host.view(viewOf([TRIALS[2]!, TRIALS[0]!]));
    expect(inOrder()).toEqual(['run-1']);
  });

  it('are told beside them, on the side where there is room', async () => {
    await mount();
    await tab('Scatter');
    await shown(() => points()[0]!.focus());
    const tip = (): [string, string | null] => [
      find('.aml-tip').textContent,
      find('.aml-tip').getAttribute('text-anchor')
    ];
    expect(tip()).toEqual(['#1 name 1, 1, 0.5', 'start']);
    await press(focused(), 'End');
    expect(tip()).toEqual(['#3 name 3, 3, 0.7', 'end']);
    await shown(() => find('.aml-scatter').dispatchEvent(new MouseEvent('pointerleave')));
    expect(tip()[0]).toBe('');
  });
});

describe('the best so far', () => {
  it('is of runs without a start by their number', async () => {
    await mount(TRIALS.map(one => ({ ...one, started: null })));
    await tab('Best so far');
    expect(summary()).toContain('acc over run number.');
  });

  it('needs a metric that is a number', async () => {
    await mount([run(1, { metrics: { note: 'words' } }), run(2)]);
    await tab('Best so far');
    expect(panel().textContent).toContain('No run has a metric that is a number.');
  });

  it('has axes whose words are cut whole', async () => {
    const trials = ['👩'.repeat(20), 'b'].map((text, at) =>
      run(at + 1, { params: { text }, metrics: { acc: at } })
    );
    await mount(trials);
    await tab('Scatter');
    await change(labelled('x axis'), 'params.text');
    await change(labelled('y axis'), 'params.text');
    const texts = findAll<SVGElement>('.aml-tick-text').map(one => one.textContent);
    expect(texts).toContain(`${'👩'.repeat(13)}…`);
    expect(texts).toContain(`${'👩'.repeat(8)}…`);
  });
});
