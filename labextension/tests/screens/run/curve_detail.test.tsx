import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunView } from '../../../src/contract.gen';
import { CurvesPage } from './curves_page';
import { button, metric, points, run, settle, START } from './scene';

vi.mock('../../../src/ui/chart/chart', async () => ({
  Chart: (await import('./fake_chart')).FakeChart
}));

let page: CurvesPage;
const many = (): RunView => run({ metrics: [metric('loss', [1, 2, 3, 4], { count: 900 })] });

function open(...args: ConstructorParameters<typeof CurvesPage>): void {
  page = new CurvesPage(...args);
}

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
});
afterEach(async () => {
  page.remove();
  await settle(); // what is put off must not wait for timers that are gone
  vi.useRealTimers();
});

describe('zoom', () => {
  it('asks for the stretch at full resolution, once the reader holds still, and shows it', async () => {
    open(many(), { points: () => ({ steps: [1, 1.5, 2], times: [2, 2.5, 3], values: [2, 9, 3] }) });
    await settle();
    page.chart().onZoom!([0.5, 2.5]);
    page.chart().onZoom!([1, 2]);
    await settle();
    await settle();
    expect(page.host.questions('points')).toEqual([
      { run: 'run-1-long-id', metric: 'loss', x: 'step', low: 1, high: 2, limit: 2_000 }
    ]);
    expect(page.xs()).toEqual([0, 1, 1.5, 2, 3]);
    button(page.parent, 'Reset zoom').click();
    expect(page.xs()).toEqual([0, 1, 2, 3]);
  });

  it('asks by time where the axis is a metric', async () => {
    open(
      run({ metrics: [metric('loss', [1, 2, 3], { count: 900 }), metric('epoch', [0, 1, 2])] }),
      {
        points: () => null
      }
    );
    page.change(page.control('x'), 'metric:epoch');
    await settle();
    page.chart().onZoom!([0.5, 1.5]);
    await settle();
    await settle();
    expect(page.host.questions('points')).toMatchObject([{ x: 'time', low: 2, high: 2 }]);
  });

  it('asks nothing where all points are there', async () => {
    open();
    await settle();
    page.chart().onZoom!([0, 1]);
    await settle();
    await settle();
    expect(page.host.questions('points')).toEqual([]);
  });

  it('forgets an answer that comes after all is shown again, and says what failed', async () => {
    let arrive = (): void => undefined;
    open(many(), {
      points: () => new Promise(resolve => (arrive = () => resolve(points([7, 7, 7]))))
    });
    await settle();
    page.chart().onZoom!([1, 2]);
    await settle();
    await settle();
    page.chart().onZoom!(null);
    arrive();
    await settle();
    expect(page.xs()).toEqual([0, 1, 2, 3]);
    page.host.answers.points = () => Promise.reject(new Error('away'));
    page.chart().onZoom!([1, 2]);
    await settle();
    await settle();
    expect(page.text).toContain('The points between cannot be read: away');
  });
});
