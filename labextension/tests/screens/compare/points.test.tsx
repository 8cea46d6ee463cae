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
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

const circles = (): SVGElement[] => findAll<SVGElement>('.aml-point');

describe('the scatter', () => {
  it('draws runs by number with the line of the best so far', async () => {
    await mount();
    await tab('Scatter');
    expect(['x axis', 'y axis', 'Best'].map(name => labelled(name).value)).toEqual([
      'number',
      'metrics.acc',
      'higher'
    ]);
    expect(circles().map(one => one.getAttribute('aria-label'))).toEqual([
      '#1 name 1, 1, 0.5',
      '#2 name 2, 2, 0.9',
      '#3 name 3, 3, 0.7'
    ]);
    expect(find('.aml-best-line').getAttribute('d')).toBe('M70 280H387V16H704');
    expect(panel().textContent).toContain(
      '3 of 3 runs: acc over run number. The best is 0.9, of run 2.'
    );
    await change(labelled('Best'), 'lower');
    expect(find('.aml-best-line').getAttribute('d')).toBe('M70 280H704');
    await change(labelled('Best'), 'none');
    expect(find('.aml-best-line').getAttribute('d')).toBe('');
    await change(labelled('x axis'), 'params.lr');
    expect(panel().textContent).not.toContain('Best so far');
  });

  it('tells a point by hover and by focus, is led through by arrows and opens by Enter', async () => {
    const open = vi.fn();
    await mount(TRIALS, { open });
    await tab('Scatter');
    expect(circles().map(one => one.getAttribute('tabindex'))).toEqual(['0', '-1', '-1']);
    await shown(() => circles()[0]!.focus());
    expect(find('.aml-tip').textContent).toBe('#1 name 1, 1, 0.5');
    await press(focused(), 'ArrowRight');
    expect([focused(), find('.aml-tip').textContent]).toEqual([circles()[1], '#2 name 2, 2, 0.9']);
    await press(focused(), 'Enter');
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-2' });
    await press(focused(), 'End');
    expect(circles().map(one => one.getAttribute('tabindex'))).toEqual(['-1', '-1', '0']);
    await shown(() => circles()[0]!.dispatchEvent(new Event('pointerover', { bubbles: true })));
    expect([focused(), find('.aml-tip').textContent]).toEqual([circles()[2], '#1 name 1, 1, 0.5']);
    await host.view(viewOf([trial(1, 0.1, 0.5), trial(2, 0.2, null), trial(3, 0.3, 0.95)]));
    expect([focused().getAttribute('aria-label'), circles().length]).toEqual([
      '#3 name 3, 3, 0.95',
      2
    ]);
    await shown(() => circles()[0]!.dispatchEvent(new MouseEvent('click', { bubbles: true })));
    expect(open).toHaveBeenLastCalledWith({ kind: 'run', run: 'run-1' });
  });
});

describe('the best so far', () => {
  it('grows over the time at which runs started', async () => {
    const [one, two, three] = TRIALS;
    await mount([three!, one!, two!]);
    await tab('Best so far');
    expect(panel().textContent).toContain(
      '3 of 3 runs: acc over started. The best is 0.9, of run 2.'
    );
    expect(find('.aml-best-line').getAttribute('d')).toBe('M70 280H387V16H704');
  });

  it('is of the objective, and asks which way is better where that is not known', async () => {
    await mount([run(1, { metrics: { gap: 1 } }), run(2, { metrics: { gap: 2 } })]);
    await tab('Best so far');
    expect(panel().textContent).toContain('Say above which way of gap is better');
    expect(find('.aml-best-line').getAttribute('d')).toBe('');
    await change(labelled('Goal'), 'lower');
    expect(panel().textContent).toContain('The best is 1, of run 1.');
    await mount([run(1), run(2)]);
    await tab('Best so far');
    expect(panel().textContent).toContain('No run has a metric that is a number.');
  });
});
