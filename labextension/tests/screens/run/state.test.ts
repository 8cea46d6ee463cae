import { describe, expect, it } from 'vitest';
import type { MetricView, RunView } from '../../../src/contract.gen';
import {
  goesBack,
  lineOf,
  metricAxis,
  spliced,
  timesWithin
} from '../../../src/screens/run/curves/axis';
import { Curve, CurveBook, keepExtremes } from '../../../src/screens/run/curves/curve';
import { directionOf } from '../../../src/screens/run/direction';
import { secondsLeft } from '../../../src/screens/run/curves/eta';
import { applied, inOrder, isNewer, loaded, retaken } from '../../../src/screens/run/state';
import { done, metric, points, run } from './scene';

describe('state of a run', () => {
  it('takes over what changed and keeps the rest', () => {
    const { view: before, book } = loaded(run());
    const update = { status: 'Failed', is_terminal: true, params: { lr: 1 } };
    const { view: after } = applied({ view: before, book }, update);
    expect(after).toMatchObject({
      status: 'Failed',
      is_terminal: true,
      params: { lr: 1 },
      name: 'quick fox'
    });
    expect(before.status).toBe('Running');
    expect(after.metrics).toBe(before.metrics);
  });

  it('puts a changed metric in its place and a new one at the end', () => {
    const { view: before, book } = loaded(run({ metrics: [metric('loss'), metric('acc')] }));
    const change = { ...metric('loss', null, { last: 9 }), more: points([9], 3) };
    const metrics = [change, { ...metric('f1'), more: null }];
    const { view: after } = applied({ view: before, book }, { metrics });
    expect(after.metrics.map(({ name, last }) => [name, last])).toEqual([
      ['loss', 9],
      ['acc', 3],
      ['f1', 3]
    ]);
    expect(after.metrics[1]).toBe(before.metrics[1]);
    expect(after.metrics.map(({ points: kept }) => kept)).toEqual([null, null, null]);
    expect([...book.get('loss')!.values]).toEqual([1, 2, 3, 9]);
    expect(Object.keys(after.metrics[0]!)).not.toContain('more');
  });

  it('lives with metrics that are damaged', () => {
    const broken = loaded(run({ metrics: null as never }));
    const metrics = [{ ...metric('loss'), more: null }];
    expect(applied(broken, { metrics }).view.metrics).toHaveLength(1);
  });

  it('shows what the machine did below what the user logged', () => {
    const names = ['system/cpu', 'z', 'system/memory', 'a', 'system'];
    expect(inOrder(names.map(name => ({ name }))).map(({ name }) => name)).toEqual([
      ...['z', 'a', 'system', 'system/cpu', 'system/memory']
    ]);
  });

  it('never goes back to an older snapshot', () => {
    expect(isNewer(run({ elapsed: 9 }), run({ elapsed: 5 }))).toBe(true);
    expect(isNewer(run({ elapsed: 4 }), run({ elapsed: 5 }))).toBe(false);
    expect(isNewer(run({ elapsed: 99 }), done())).toBe(false);
    expect(isNewer(run({ attempt: 2, elapsed: 0 }), done())).toBe(true);
  });

  it('keeps the points of curves of which a snapshot holds fewer', () => {
    const few = (count: number): { metrics: MetricView[] } => ({
      metrics: [metric('loss', [1, 4], { count })]
    });
    const valuesOf = (view: RunView, count = 4): number[] => {
      const before = loaded(run({ metrics: [metric('loss', [1, 2, 3, 4], { count })] }));
      return [...retaken(view, before).book.get('loss')!.values];
    };
    expect(valuesOf(done(few(4)))).toEqual([1, 2, 3, 4]);
    expect(valuesOf(done(few(5)))).toEqual([1, 4]);
    expect(valuesOf(done({ ...few(4), attempt: 2 }))).toEqual([1, 4]);
    expect(retaken(done({ metrics: null as never }), loaded(run())).book.size).toBe(0);
    expect(retaken(done({ metrics: [null as never] }), loaded(run())).book.size).toBe(0);
  });
});

describe('curve', () => {
  it('grows, with gaps for NaN and for infinities, which are counted', () => {
    const curve = new Curve(points([1, 'NaN', 'Infinity']));
    curve.append(
      points(
        Array.from({ length: 200 }, (_, place) => place),
        3
      )
    );
    expect(curve.length).toBe(203);
    expect([...curve.values.subarray(0, 4)]).toEqual([1, NaN, NaN, 0]);
    expect(curve.infinite).toBe(1);
    expect(curve.steps.at(-1)).toBe(202);
  });

  it('thins out beyond 4,000 points and loses no peak', () => {
    const curve = new Curve(points([0]));
    for (let chunk = 0; chunk < 100; chunk += 1) {
      const values = Array.from({ length: 100 }, (_, place) =>
        chunk === 50 && place === 50 ? 1_000 : Math.sin(place)
      );
      curve.append(points(values, 1 + chunk * 100));
    }
    expect(curve.length).toBeLessThanOrEqual(4_000);
    expect(Math.max(...curve.values)).toBe(1_000);
    expect(curve.steps[0]).toBe(0);
    expect(curve.steps.at(-1)).toBe(10_000);
    expect([...curve.steps]).toEqual([...curve.steps].sort((one, other) => one - other));
  });

  it('thins out into other columns, for a chart may hold those it had', () => {
    const curve = new Curve(points(Array.from({ length: 4_000 }, (_, place) => place)));
    const held = curve.values;
    curve.append(points([1, 2], 4_000));
    expect(held[3_999]).toBe(3_999);
  });

  it('keeps a gap where a stretch has no number', () => {
    const values = Array.from({ length: 100 }, (_, place) =>
      place >= 40 && place < 60 ? NaN : place
    );
    const kept = keepExtremes(values, 22);
    expect(kept.length).toBeLessThanOrEqual(22);
    expect(kept.some(place => Number.isNaN(values[place]!))).toBe(true);
    expect(kept.at(-1)).toBe(99);
  });

  it('is read from views and changes, whichever way points come', () => {
    const book = new CurveBook();
    book.load([metric('loss'), metric('one', null), null as never]);
    book.change([
      { ...metric('loss', null), more: points([9], 3) },
      { ...metric('one', null), more: points([1, 2]) }
    ]);
    expect([...book.get('loss')!.values]).toEqual([1, 2, 3, 9]);
    expect(book.get('one')!.length).toBe(2);
    book.change([{ ...metric('loss', [5, 6]), more: null }]);
    expect([...book.get('loss')!.values]).toEqual([5, 6]);
  });
});

describe('axis', () => {
  it('puts steps that go back into order and drops what has no place', () => {
    const curve = new Curve({
      steps: [3, 1, 'NaN', 2],
      times: [1, 2, 3, 4],
      values: [30, 10, 0, 20]
    });
    const line = lineOf(curve, 'step');
    expect([...line.x]).toEqual([1, 2, 3]);
    expect([...line.y]).toEqual([10, 20, 30]);
  });

  it('finds another metric of a point by its time', () => {
    const epochs = new Curve({ steps: [0, 1, 2], times: [0, 10, 20], values: [0, 1, 2] });
    const curve = new Curve({ steps: [0, 1, 2], times: [5, 10, 30], values: [1, 2, 3] });
    expect([...lineOf(curve, metricAxis('epoch'), epochs).x]).toEqual([0.5, 1, 2]);
    expect(goesBack(curve, metricAxis('epoch'), epochs)).toBe(false);
    expect(
      goesBack(
        curve,
        metricAxis('rate'),
        new Curve({ times: [5, 10, 30], steps: [0, 1, 2], values: [1, 3, 2] })
      )
    ).toBe(true);
    expect(timesWithin(curve, epochs, 0.4, 1)).toEqual([5, 10]);
    expect(lineOf(curve, metricAxis('epoch')).x).toHaveLength(0);
  });

  it('puts detail into a stretch', () => {
    const line = { x: Float64Array.of(0, 10, 20, 30), y: Float64Array.of(0, 1, 2, 3) };
    const detail = { x: Float64Array.of(8, 10, 12, 20, 21), y: Float64Array.of(7, 8, 9, 9, 9) };
    expect([...spliced(line, detail, 9, 20).x]).toEqual([0, 10, 12, 20, 30]);
  });
});

describe('what names and parameters tell', () => {
  it.each([
    ['val_loss', 'lower'],
    ['testRMSE', 'lower'],
    ['roc_auc', 'higher'],
    ['neg_mse', 'higher'],
    ['lr', null],
    ['loss_score', null]
  ])('%s is better when %s', (name, direction) => expect(directionOf(name)).toBe(direction));

  it('tells how long a run will take, by epochs and by steps', () => {
    const book = new CurveBook();
    book.load([metric('loss', [3, 2, 1])]);
    // 3 of 12 steps took 3 seconds.
    expect(secondsLeft(run({ params: { epochs: 12 } }), book, 3)).toBe(9);
    expect(secondsLeft(run({ params: { max_steps: 12 } }), book, 4)).toBe(8);
    expect(secondsLeft(run({ params: { epochs: 2 } }), book, 3)).toBeNull();
    expect(secondsLeft(run({ params: { epochs: 'many' } }), book, 3)).toBeNull();
    book.load([metric('loss', [3, 2, 1]), metric('epoch', [1, 2])]);
    expect(secondsLeft(run({ params: { num_epochs: 4 } }), book, 2)).toBe(2);
  });
});
