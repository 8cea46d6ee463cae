import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunView } from '../../../src/contract.gen';
import { CurvesPage, drag, ghost } from './curves_page';
import { charts, failing } from './fake_chart';
import { button, metric, points, run, settle, START } from './scene';

vi.mock('../../../src/ui/chart/chart', async () => ({
  Chart: (await import('./fake_chart')).FakeChart
}));

let page: CurvesPage;

function open(...args: ConstructorParameters<typeof CurvesPage>): CurvesPage {
  page = new CurvesPage(...args);
  return page;
}

function of(...names: string[]): RunView {
  return run({ metrics: names.map(name => metric(name)) });
}

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  failing.title = '';
});
afterEach(async () => {
  page.remove();
  await settle(); // what is put off must not wait for timers that are gone
  vi.useRealTimers();
});

describe('charts of a run', () => {
  it('are those of metrics that were logged more than once, and are found by name', () => {
    open(of(...Array.from({ length: 40 }, (_, place) => `m${place}`)));
    expect(page.titles).toHaveLength(12);
    button(page.parent.querySelector('[aria-label=Curves]')!, 'show 28 more').click();
    return settle().then(() => {
      expect(page.titles).toHaveLength(40);
      page.change(page.parent.querySelector('.aml-run-head input[type=search]')!, 'M14');
      expect(page.titles).toEqual(['m14']);
    });
  });

  it('leave out what was logged once, and need no filter when they are few', () => {
    open(run({ metrics: [metric('loss'), metric('final', null)] }));
    expect(page.titles).toEqual(['loss']);
    expect(page.parent.querySelector('.aml-run-head input[type=search]')).toBeNull();
    expect(page.text).toContain('final');
  });

  it('live on where one cannot be drawn', async () => {
    failing.title = 'bad';
    open(of('bad', 'loss'));
    await settle();
    expect(page.text).toContain('This part cannot be shown: no canvas');
    expect([...charts.keys()]).toEqual(['loss']);
  });

  it('say how many values are infinite, and the last value', () => {
    open(run({ metrics: [metric('loss', [1, 'Infinity', '-Infinity', 'NaN', 2])] }));
    expect(page.text).toContain('2 infinite values are not drawn');
    expect([...(page.chart().curves[0]!.y as Float64Array)]).toEqual([1, NaN, NaN, NaN, 2]);
    expect(page.chart().value).toBe('2');
  });

  it('are the same arrays while nothing is added, and others when something is', async () => {
    open(of('loss', 'acc'));
    const before = [page.chart().curves, page.chart('acc').curves];
    page.host.tell({
      type: 'update',
      token: '',
      update: { metrics: [{ ...metric('loss'), points: null, more: points([9], 3) }] }
    });
    await settle();
    expect(page.chart().curves).not.toBe(before[0]);
    expect(page.xs()).toEqual([0, 1, 2, 3]);
    expect(page.chart('acc').curves).toBe(before[1]);
  });

  it('can be made large, and are higher where they are few', () => {
    open();
    expect(page.chart().height).toBe(240);
    button(page.parent, 'Expand loss').click();
    expect(button(page.parent, 'Expand loss').getAttribute('aria-pressed')).toBe('true');
    expect(page.chart().height).toBeGreaterThan(300);
    button(page.parent, 'Expand loss').click();
    expect(page.chart().height).toBe(240);
  });

  it('hold a metric that has the name of what every object has', async () => {
    open(of('constructor', '__proto__'), { ghosts: () => [ghost('previous', 3)] });
    page.change(page.control('previous'), true);
    await settle();
    expect(page.text).not.toContain('cannot be shown');
    expect([...charts.values()].map(({ curves }) => curves.length)).toEqual([1, 1]);
  });

  it('have the cursor and the zoom in common, also after a look at another tab', async () => {
    open(of('loss', 'acc'));
    await settle();
    page.chart().onCursor!(2);
    await settle();
    expect([page.chart().cursor, page.chart('acc').cursor]).toEqual([2, 2]);
    page.chart('acc').onZoom!([1, 2]);
    expect(page.chart().zoom).toEqual([1, 2]);
    button(page.parent, 'Log').click();
    button(page.parent, 'Overview').click();
    expect(page.chart('acc').zoom).toEqual([1, 2]);
    button(page.parent, 'Reset zoom').click();
    expect([page.chart().zoom, page.chart('acc').zoom]).toEqual([null, null]);
  });
});

describe('sections', () => {
  const many = ['a', 'b', 'train/x', 'train/y', 'val/x', 'val/y', 'lone/z', 'system/cpu'];

  it('are those of prefixes, the machine last and folded', () => {
    open(of('system/cpu', ...many.slice(0, -1)));
    expect(page.heads).toEqual(['▾ train 2', '▾ val 2', '▸ system 1']);
    expect(page.titles).toEqual(['a', 'b', 'lone/z', 'train/x', 'train/y', 'val/x', 'val/y']);
    button(page.parent, '▸ system 1').click();
    expect(page.titles.at(-1)).toBe('system/cpu');
    button(page.parent, '▾ train 2').click();
    expect(page.titles).not.toContain('train/x');
  });

  it('are not made of few charts', () => {
    open(of('train/x', 'train/y', 'val/x', 'system/cpu'));
    expect([page.heads, page.titles]).toEqual([['▸ system 1'], ['train/x', 'train/y', 'val/x']]);
  });

  it('find what is folded', () => {
    open(of(...many));
    page.change(page.parent.querySelector('.aml-run-head input[type=search]')!, 'cpu');
    expect(page.titles).toEqual(['system/cpu']);
  });

  it('keep their places when points come to those that are first', async () => {
    open(of(...many));
    const before = page.titles;
    page.host.tell({
      type: 'update',
      token: '',
      update: { metrics: [{ ...metric('new'), more: null }] }
    });
    await settle();
    expect(page.titles.filter(title => title !== 'new')).toEqual(before);
  });
});

describe('charts of one’s own', () => {
  it('are pinned, moved, hidden and brought back', () => {
    open(of('a', 'b', 'c'));
    page.choose('c', 'Pin to the top');
    expect(page.titles).toEqual(['c', 'a', 'b']);
    page.choose('b', 'Move before');
    expect(page.titles).toEqual(['c', 'b', 'a']);
    page.choose('c', 'Pin to the top');
    page.choose('b', 'Move behind');
    expect(page.titles).toEqual(['a', 'b', 'c']);
    page.choose('a', 'Hide');
    expect(page.titles).toEqual(['b', 'c']);
    button(page.parent, 'Hidden charts').click();
    return settle().then(() => {
      button(page.parent, 'Show a').click();
      expect(page.titles).toEqual(['a', 'b', 'c']);
    });
  });

  it('draw several metrics, which are offered where their names match', () => {
    open(of('loss', 'lr', 'val_loss'));
    expect(page.chart('val_loss').menu!().flat()).toContainEqual(
      expect.objectContaining({ label: 'Combine with loss' })
    );
    button(page.parent, 'Combine loss + val_loss').click();
    expect(page.titles).toEqual(['loss + val_loss', 'lr']);
    const { curves, value } = page.chart('loss + val_loss');
    expect(curves.map(({ name, color }) => [name, color])).toEqual([
      ['loss', 0],
      ['val_loss', 1]
    ]);
    expect(value).toBeUndefined();
    page.choose('loss + val_loss', 'Split into 2 charts');
    expect(page.titles).toEqual(['loss', 'lr', 'val_loss']);
    page.choose('lr', 'Combine with loss');
    expect(page.titles).toEqual(['lr + loss', 'val_loss']);
  });

  it('are made by dragging one onto another, and moved by dragging it beside one', () => {
    open(of('a', 'b', 'c'));
    drag(page.parent, 'c', 'a', 0.1);
    expect(page.titles).toEqual(['c', 'a', 'b']);
    drag(page.parent, 'c', 'b', 0.9);
    expect(page.titles).toEqual(['a', 'b', 'c']);
    drag(page.parent, 'c', 'a', 0.5);
    expect(page.titles).toEqual(['a + c', 'b']);
    drag(page.parent, 'b', 'b', 0.5);
    expect(page.titles).toEqual(['a + c', 'b']);
  });
});

describe('controls', () => {
  it('set smoothing and the logarithmic axis', () => {
    open();
    page.change(page.control('smoothing'), '0.6');
    page.change(page.control('log y'), true);
    expect(page.chart()).toMatchObject({ smoothing: 0.6, y: { isLog: true } });
  });

  it('set the axis: the step, the time, or another metric', async () => {
    open();
    const axis = page.control('x') as unknown as HTMLSelectElement;
    expect([...axis.options].map(option => option.text)).toEqual(['step', 'time', 'loss']);
    expect(page.xs()).toEqual([0, 1, 2]);
    page.chart().onZoom!([0, 1]);
    page.change(axis as never, 'time');
    expect(page.xs()).toEqual([1, 2, 3]);
    expect(page.chart().x.text(90)).toBe('1 min 30 s');
    expect(page.chart().zoom).toBeNull();
    page.host.tell({
      type: 'update',
      token: '',
      update: { metrics: [{ ...metric('epoch', [0, 5, 9]), more: null }] }
    });
    await settle();
    page.change(axis as never, 'metric:epoch');
    expect(page.xs()).toEqual([0, 5, 9]);
    expect([page.chart().x.label, page.chart().curves[0]!.style]).toEqual(['epoch', 'line']);
  });

  it('draw points over a metric that goes back and forth', () => {
    open(run({ metrics: [metric('loss'), metric('lr', [0.1, 0.3, 0.2])] }));
    page.change(page.control('x'), 'metric:lr');
    expect(page.chart().curves[0]!.style).toBe('points');
    expect(page.xs()).toEqual([0.1, 0.2, 0.3]);
  });

  it('draw the best and the previous run behind, asked for once', async () => {
    open(run(), { ghosts: () => [ghost('previous', 3), ghost('best', 2)] });
    page.change(page.control('best'), true);
    await settle();
    expect(page.chart().curves.map(({ name, style }) => [name, style])).toEqual([
      ['best: run 2', 'ghost'],
      ['loss', 'line']
    ]);
    page.change(page.control('previous'), true);
    await settle();
    expect(page.chart().curves).toHaveLength(3);
    page.change(page.control('best'), false);
    page.change(page.control('previous'), false);
    await settle();
    expect(page.chart().curves).toHaveLength(1);
    expect(page.host.questions('ghosts')).toHaveLength(1);
  });

  it('say when there is no such run', async () => {
    open(run(), { ghosts: () => [] });
    page.change(page.control('best'), true);
    await settle();
    expect(page.text).toContain('there is no such run: best');
  });

  it('say when the other runs cannot be read', async () => {
    open(run(), {
      ghosts: () => {
        throw new Error('the server is away');
      }
    });
    page.change(page.control('best'), true);
    await settle();
    expect(page.text).toContain('The other runs cannot be read: the server is away');
  });
});
