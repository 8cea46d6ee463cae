import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricView } from '../../../../src/contract.gen';
import { CurvesPage, ghost } from '../curves_page';
import { button, metric, points, run, settle, START } from '../scene';

vi.mock('../../../../src/ui/chart/chart', async () => ({
  Chart: (await import('../fake_chart')).FakeChart
}));

let page: CurvesPage;

function open(
  metrics: MetricView[],
  answers: ConstructorParameters<typeof CurvesPage>[1] = {}
): void {
  page = new CurvesPage(run({ metrics }), answers);
}

const grow = async (name: string, more: ReturnType<typeof points>): Promise<void> => {
  const change = { ...metric(name), points: null, more };
  page.host.tell({ type: 'update', token: '', update: { metrics: [change] } });
  await settle();
};
const axis = (): HTMLSelectElement => page.control('x') as unknown as HTMLSelectElement;
const names = (title = 'loss'): string[] => page.chart(title).curves.map(({ name }) => name);

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
});
afterEach(async () => {
  page.remove();
  await settle(); // What is put off must not wait for timers that are gone.
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a chart over another metric', () => {
  it('puts values between those of the metric by their times', async () => {
    open([
      metric('loss', [1, 2, 3]),
      metric('epoch', null, { points: { steps: [0, 1], times: [1, 3], values: [0, 10] } })
    ]);
    page.change(axis() as never, 'metric:epoch');
    expect(page.xs()).toEqual([0, 5, 10]);
    expect(page.chart().x).toMatchObject({ label: 'epoch', isTime: false });
    expect(page.chart().x.text(1234.5)).toBe('1,235');
  });

  it('grows with that metric, too', async () => {
    open([metric('loss', [1, 2, 3]), metric('epoch', [0, 1])]);
    page.change(axis() as never, 'metric:epoch');
    expect(page.xs()).toEqual([0, 1, 1]);
    await grow('epoch', points([5], 2));
    expect(page.xs()).toEqual([0, 1, 5]);
  });

  it('leaves out what that metric has no number for', () => {
    open([metric('loss', [1, 2, 3]), metric('epoch', ['NaN', 'NaN', 'NaN'])]);
    page.change(axis() as never, 'metric:epoch');
    expect(page.xs()).toEqual([]);
  });

  it('draws the runs behind over their own, and none that lacks it', async () => {
    const other = { ...ghost('best', 2), curves: { loss: points([9, 8]), epoch: points([0, 4]) } };
    open([metric('loss', [1, 2]), metric('epoch', [0, 1])], {
      ghosts: () => [other, ghost('previous', 3)]
    });
    page.change(page.control('best'), true);
    page.change(page.control('previous'), true);
    page.change(axis() as never, 'metric:epoch');
    await settle();
    const behind = page.chart().curves.filter(({ style }) => style === 'ghost');
    expect(behind.map(({ x }) => Array.from(x))).toEqual([[0, 4], []]);
  });

  it('of a hostile name is a choice with that name', () => {
    open([metric('loss'), metric('<b>x</b>\n')]);
    expect([...axis().options].map(one => one.text)).toEqual(['step', 'time', 'loss', '<b>x</b>']);
  });
});

describe('a zoom', () => {
  const many = (fields = {}): MetricView => metric('loss', [1, 2, 3, 4], { count: 900, ...fields });

  it('is in the units of its axis, and goes with another one', async () => {
    open([many()], { points: () => null });
    page.change(axis() as never, 'time');
    page.chart().onZoom!([1.5, 2.5]);
    await settle();
    await settle();
    expect(page.host.questions('points')).toMatchObject([{ x: 'time', low: 1.5, high: 2.5 }]);
    page.change(axis() as never, 'step');
    expect(page.chart().zoom).toBeNull();
    expect(() => button(page.parent, 'Reset zoom')).toThrow();
  });

  it('asks nothing of a stretch in which a metric has no point', async () => {
    open([many(), metric('epoch', [0, 1, 2, 3])], { points: () => null });
    page.change(axis() as never, 'metric:epoch');
    page.chart().onZoom!([7, 9]);
    await settle();
    await settle();
    expect(page.host.questions('points')).toEqual([]);
    expect(page.text).not.toContain('cannot be read');
  });

  it('asks for each metric of a chart that has more points than are here', async () => {
    open([many(), metric('val_loss', [1, 2]), { ...many(), name: 'test_loss' }], {
      points: ({ metric: name }) =>
        name === 'loss' ? points([7, 7, 7]) : Promise.reject(new Error('away'))
    });
    button(page.parent, /^Combine/).click();
    const title = 'loss + val_loss + test_loss';
    page.chart(title).onZoom!([0, 2]);
    await settle();
    await settle();
    expect(page.host.questions('points').map(one => (one as { metric: string }).metric)).toEqual([
      'loss',
      'test_loss'
    ]);
    expect(Array.from(page.chart(title).curves[0]!.y)).toEqual([7, 7, 7, 4]);
    expect(page.text).toContain('The points between cannot be read: away');
  });

  it('is one for all charts, and the cursor is, too', async () => {
    open([metric('a'), metric('b')]);
    page.chart('a').onZoom!([0, 1]);
    page.chart('a').onCursor!(2);
    await settle();
    expect([page.chart('b').zoom, page.chart('b').cursor]).toEqual([[0, 1], 2]);
    page.chart('b').onCursor!(null);
    await settle();
    expect(page.chart('a').cursor).toBeNull();
  });
});

describe('what a chart says', () => {
  it('is its last value, where it has one metric', () => {
    open([metric('loss', [1, 2, 0.5]), metric('val_loss', [1, 2])]);
    expect(page.chart().value).toBe('0.5');
    button(page.parent, 'Combine loss + val_loss').click();
    expect(page.chart('loss + val_loss').value).toBeUndefined();
  });

  it('counts infinite values of all its metrics', () => {
    open([metric('loss', [1, 'Infinity', 2]), metric('val_loss', ['-Infinity', 'Infinity', 2])]);
    button(page.parent, 'Combine loss + val_loss').click();
    expect(page.text).toContain('3 infinite values are not drawn');
  });

  it('names the runs behind by metric where there are several', async () => {
    open([metric('loss'), metric('val_loss')], { ghosts: () => [ghost('best', 2)] });
    page.change(page.control('best'), true);
    await settle();
    expect(names('val_loss')).toEqual(['val_loss']);
    button(page.parent, 'Combine loss + val_loss').click();
    expect(names('loss + val_loss')).toEqual(['loss, best: run 2', 'loss', 'val_loss']);
  });

  it('is text, whatever the metric is called', () => {
    open([metric('<b>x</b>\u202e')]);
    expect(page.titles).toEqual(['<b>x</b>\ufffd']);
    expect(page.parent.querySelector('.aml-run-curve b')).toBeNull();
  });

  it('is at its button whether it is large', async () => {
    open([metric('a'), metric('b')]);
    const expand = (): HTMLButtonElement => button(page.parent, 'Expand a');
    expect(expand().getAttribute('aria-pressed')).toBe('false');
    const before = page.chart('a').height;
    expand().click();
    await settle();
    expect(expand().getAttribute('aria-pressed')).toBe('true');
    expect(page.chart('a').height).toBeGreaterThan(before);
    expect(page.chart('b').height).toBe(before);
  });
});

describe('the runs behind', () => {
  it('that come after they are no longer wanted are not drawn', async () => {
    let arrive = (): void => undefined;
    open([metric('loss')], {
      ghosts: () => new Promise(ready => (arrive = () => ready([ghost('best', 2)])))
    });
    page.change(page.control('best'), true);
    page.change(page.control('best'), false);
    arrive();
    await settle();
    expect(names()).toEqual(['loss']);
  });

  it('are asked for again after a failure, which goes then', async () => {
    let isAway = true;
    open([metric('loss')], {
      ghosts: () => (isAway ? Promise.reject(new Error('away')) : [ghost('best', 2)])
    });
    page.change(page.control('best'), true);
    await settle();
    expect(page.text).toContain('The other runs cannot be read: away');
    isAway = false;
    page.change(page.control('best'), false);
    page.change(page.control('best'), true);
    await settle();
    expect(names()).toEqual(['best: run 2', 'loss']);
    expect(page.text).not.toContain('cannot be read');
  });

  it('are named where both are missing, and only the missing one otherwise', async () => {
    open([metric('loss')], { ghosts: () => [ghost('best', 2)] });
    page.change(page.control('best'), true);
    page.change(page.control('previous'), true);
    await settle();
    expect(page.text).toContain('there is no such run: previous');
    expect(page.text).not.toContain('no such run: best');
  });
});

describe('charts of damaged points', () => {
  it('draw what they have of columns that differ in length', () => {
    open([metric('loss', null, { points: { steps: [0, 1], times: [1], values: [1, 2, 3] } })]);
    expect(page.xs()).toEqual([0, 1]);
  });
});
