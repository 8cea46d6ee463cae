import { describe, expect, it, vi } from 'vitest';
import { keeper } from '../keeper';
import {
  button,
  change,
  click,
  find,
  labelled,
  mount,
  mounted,
  panel,
  shown,
  tab,
  TRIALS
} from './page';

vi.mock('../../../src/ui/chart/chart', () => import('./chart_stub'));

describe('how it is shown', () => {
  it('stays with its output', async () => {
    const kept = keeper();
    await mount(TRIALS, { kept });
    await tab('Curves');
    await change(labelled('x axis'), 'time');
    await change(labelled('smoothing'), '0.5');
    await click(button('#3 name 3'));
    await shown(() => mounted.dispose());
    expect(kept.get('compare')).toMatchObject({
      version: 1,
      view: { tab: 'curves', hidden: ['run-3'], curves: { x: 'time', smoothing: 0.5 } }
    });
    localStorage.clear();
    await mount(TRIALS, { kept: keeper(JSON.parse(JSON.stringify(kept.get('compare')))) });
    expect(find('[role=tab][aria-selected=true]').textContent).toBe('Curves');
    expect(labelled('x axis').value).toBe('time');
    expect(button('#3 name 3').getAttribute('aria-pressed')).toBe('false');
    await mount(TRIALS, { kept: keeper() });
    expect(find('[role=tab][aria-selected=true]').textContent).toBe('Table');
  });

  it.each([
    { tab: 5 },
    { ranges: { lr: ['x', 1] } },
    { ranges: { lr: [1] } },
    { curves: { x: 'step', smoothing: 7, isLog: false, by: '', spread: 'range' } },
    { axes: [{}] },
    { goals: { acc: 'up' } }
  ])('is left out where it is %j, and that is said', async view => {
    await mount(TRIALS, { kept: keeper({ version: 1, view }) });
    expect(find('.aml-message[role=status]').textContent).toContain('cannot be read');
    for (const name of ['Curves', 'Parallel', 'Scatter', 'Table']) {
      await tab(name);
      expect(panel().textContent).not.toContain('could not be drawn');
    }
  });

  it('may name runs and axes that are there no more', async () => {
    const view = {
      ...{ tab: 'images', hidden: ['nobody'], baseline: 'nobody', axes: ['gone', 'params.lr'] },
      ...{ ranges: { gone: [0, 1] }, scatter: { x: 'gone', y: 'gone' }, objective: 'gone' }
    };
    await mount(TRIALS, { kept: keeper({ version: 1, view }) });
    for (const name of ['Curves', 'Parallel', 'Scatter', 'Best so far', 'Table']) {
      await tab(name);
      expect(panel().textContent).not.toContain('could not be drawn');
    }
  });
});
