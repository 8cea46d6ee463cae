import { describe, expect, it } from 'vitest';
import type { Drawn, Series } from '../../src/ui/chart/contract';
import { moveBy, panTo, zoomBy } from '../../src/ui/chart/keys';
import { Model } from '../../src/ui/chart/points/model';
import { dashOf } from '../../src/ui/chart/paint/paint';
import { linearTicks, logTicks, scaleFor, tickTexts } from '../../src/ui/chart/points/scale';
import { smooth } from '../../src/ui/chart/points/smooth';
import { pointText, summaryText } from '../../src/ui/chart/points/summary';
import { plainly } from '../../src/ui/host';

const NAN = NaN;

function series(y: number[], more: Partial<Series> = {}): Series {
  return { name: 'loss', style: 'line', color: 0, x: y.map((_, place) => place), y, ...more };
}

function options(more: Partial<Drawn> = {}): Drawn {
  return {
    t: plainly,
    title: 'Loss',
    curves: [series([2.3, 1, 0.2, 0.21])],
    x: { label: 'step', text: String },
    ...more
  };
}

describe('a model', () => {
  it('spans all x, and leaves room above and below', () => {
    const model = new Model(options());
    expect(model.across()).toEqual([0, 3]);
    const [low, high] = model.upward();
    expect(low).toBeCloseTo(0.095);
    expect(high).toBeCloseTo(2.405);
  });

  it('fits the values of the stretch that is zoomed to', () => {
    const model = new Model(options());
    model.zoom = [2, 3];
    expect(model.upward()[1]).toBeLessThan(0.22);
  });

  it('gives room to a single point, and to a curve that is level', () => {
    const model = new Model(options({ curves: [series([5])] }));
    expect(model.across()).toEqual([-0.5, 0.5]);
    expect(model.upward()).toEqual([4.5, 5.5]);
  });

  it('shows the stretch that is asked for whole, also where no point is', () => {
    const model = new Model(options({ x: { label: 'time', text: String, span: [-300, 0] } }));
    expect(model.across()).toEqual([-300, 3]);
  });

  it('is empty without a finite value', () => {
    const model = new Model(options({ curves: [series([NAN, Infinity])] }));
    expect([model.isEmpty, model.across(), model.upward()]).toEqual([true, [0, 1], [0, 1]]);
  });

  it('starts bars at zero and holds the whole of the outer ones', () => {
    const model = new Model(options({ curves: [series([3, 4], { style: 'bars', x: [10, 20] })] }));
    expect(model.across()).toEqual([5, 25]);
    expect(model.upward()[0]).toBe(0);
  });

  it('counts what a logarithmic axis cannot show', () => {
    const model = new Model(options({ curves: [series([0, -1, 1, 100])], y: { isLog: true } }));
    expect(model.dropped).toBe(2);
    expect(model.upward()).toEqual([-0.1, 2.1]);
  });

  it.each([[[1e308, -1e308]], [[5e-324, 0]], [[1e300, 1.0000001e300]], [[2 ** 62, 2 ** 62]]])(
    'finds an axis for %j',
    values => {
      const model = new Model(options({ curves: [series(values)] }));
      const [low, high] = model.upward();
      expect(high).toBeGreaterThan(low);
      expect(Number.isFinite(high - low)).toBe(true);
      expect(Math.max(Math.abs(low), Math.abs(high))).toBeLessThan(1e13);
    }
  );

  it('sorts points whose x do not ascend', () => {
    const model = new Model(options({ curves: [series([1, 2, 3], { x: [3, 1, 2] })] }));
    expect([model.curves[0]!.x, model.curves[0]!.y]).toEqual([
      [1, 2, 3],
      [2, 3, 1]
    ]);
  });

  it('leaves out points without a place', () => {
    const model = new Model(options({ curves: [series([1, 2, 3], { x: [NAN, 1, 0] })] }));
    expect([model.curves[0]!.x, model.curves[0]!.y]).toEqual([
      [0, 1],
      [3, 2]
    ]);
  });

  it('reads the nearest point, and nothing where a curve has ended', () => {
    const long = series([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { name: 'long' });
    const model = new Model(options({ curves: [long, series([1, 2], { name: 'short' })] }));
    expect(model.nearest(model.curves[0]!, 6.6)).toBe(7);
    expect(model.nearest(model.curves[1]!, 6.6)).toBe(-1);
    expect(model.snap(6.6)).toBe(7);
  });

  it('leaves hidden curves out of the range', () => {
    const model = new Model(
      options({ curves: [series([1, 2]), series([100, 200], { name: 'other' })] })
    );
    model.hidden = new Set(['other']);
    expect(model.upward()[1]).toBeLessThan(3);
  });

  it('keeps a zoom out of what a logarithmic axis cannot show', () => {
    const model = new Model(
      options({
        curves: [series([1, 2, 3], { x: [1, 10, 100] })],
        x: { label: 'x', text: String, isLog: true }
      })
    );
    model.zoom = [-5, 10];
    expect(model.across()).toEqual([0, 1]);
  });
});

describe('smoothing', () => {
  it('is free of a bias to zero', () => {
    expect([...smooth([5, 5, 5], 0.9)].map(value => Number(value.toFixed(9)))).toEqual([5, 5, 5]);
  });

  it('weighs what came before', () => {
    const [first, second] = smooth([1, 3], 0.5);
    expect(first).toBe(1);
    expect(second).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75);
  });

  it('keeps gaps and goes on behind them', () => {
    expect([...smooth([2, NAN, 2, Infinity], 0.6)].map(value => Number(value.toFixed(9)))).toEqual([
      2,
      NAN,
      2,
      NAN
    ]);
  });

  it('draws lines smoothly before their own values, and leaves points alone', () => {
    const model = new Model(
      options({ curves: [series([0, 4]), series([0, 4], { style: 'points' })], smoothing: 0.5 })
    );
    expect(model.curves[0]!.raw).toEqual([0, 4]);
    expect(model.curves[0]!.y[1]).toBeCloseTo(8 / 3);
    expect([model.curves[1]!.raw, model.curves[1]!.y]).toEqual([null, [0, 4]]);
  });
});

describe('axes', () => {
  it('put ticks of a logarithm at decades, and between them where there is room', () => {
    expect(logTicks(-4.2, 0.1, 5)).toEqual([-4, -3, -2, -1, 0]);
    expect(logTicks(0, 1, 8).map(tick => Math.round(10 ** tick))).toEqual([1, 2, 5, 10]);
    expect(logTicks(-300, 300, 8).length).toBeLessThan(12);
    expect(
      logTicks(Math.log10(2), Math.log10(6), 4).map(tick => Number((10 ** tick).toPrecision(9)))
    ).toEqual([2, 3, 4, 5, 6]);
  });

  it('put ticks at round numbers', () => {
    expect(linearTicks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(linearTicks(-0.3, 0.3, 4)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(0.1, 3, 8, 1)).toEqual([1, 2, 3]);
  });

  it('put ticks of a time at whole minutes and hours', () => {
    expect(linearTicks(0, 150, 4, 0, true)).toEqual([0, 30, 60, 90, 120, 150]);
    expect(linearTicks(0, 600, 5, 0, true)).toEqual([0, 120, 240, 360, 480, 600]);
    expect(linearTicks(0, 20_000, 3, 0, true)).toEqual([0, 7_200, 14_400]);
    expect(linearTicks(0, 30, 3, 0, true)).toEqual([0, 10, 20, 30]);
  });

  it.each([
    [0, 1e13, 5],
    [-1.1, 1.1, 6],
    [1e12, 1e12 + 0.001, 5],
    [4.6, 4.6 + 1e-15, 5]
  ])('are few and within %d and %d', (low, high, most) => {
    const ticks = linearTicks(low, high, most);
    expect(ticks.length).toBeLessThanOrEqual(2 * most + 2);
    expect(ticks.every(tick => tick >= low * (1 - 1e-15) - 1e-15 && tick <= high + 1e-9)).toBe(
      true
    );
  });

  it('write more digits where ticks would read the same', () => {
    expect(tickTexts([100_000.2, 100_000.4])).toEqual(['100000.2', '100000.4']);
    expect(tickTexts([999.5, 1_000, 1_000.5])).toEqual(['999.5', '1,000', '1000.5']);
    expect(tickTexts([0, 0.5, 1])).toEqual(['0', '0.5', '1']);
    expect(tickTexts([1.01, 1.02], value => value.toFixed(1))).toEqual(['1.01', '1.02']);
  });

  it('come back from where they go', () => {
    for (const [isLog, value] of [
      [true, 0.001],
      [false, 3e200],
      [false, -2],
      [false, 1e-20]
    ] as const) {
      const scale = scaleFor(isLog, Math.abs(value));
      expect(scale.from(scale.to(value)) / value).toBeCloseTo(1, 12);
    }
  });
});

describe('words', () => {
  it('tell a chart', () => {
    expect(summaryText(new Model(options()))).toBe(
      'Loss. loss: 4 points, from 0.2 to 2.3, last 0.21'
    );
    expect(summaryText(new Model(options({ curves: [series([NAN])] })))).toBe(
      'Loss. loss: no values'
    );
  });

  it('tell a few of many curves', () => {
    const many = Array.from({ length: 100 }, (_, place) =>
      series([1, 2], { name: `run ${place}` })
    );
    expect(summaryText(new Model(options({ curves: many })))).toContain(
      'run 4: 2 points, from 1 to 2, last 2. and 95 more'
    );
    expect(pointText(new Model(options({ curves: many })), 1)).toBe(
      'step 1: run 0 2, run 1 2, run 2 2, run 3 2, run 4 2, and 95 more'
    );
  });

  it('hide nothing in a name', () => {
    expect(
      summaryText(new Model(options({ curves: [series([1], { name: 'a\u202eb\nc' })] })))
    ).toContain('a\ufffdb c: one point');
  });
});

describe('keys', () => {
  const model = new Model(options());

  it('walk from point to point', () => {
    expect(moveBy('ArrowRight', model, null)).toBe(0);
    expect(moveBy('ArrowRight', model, 0)).toBe(1);
    expect(moveBy('ArrowRight', model, 3)).toBe(3);
    expect(moveBy('ArrowLeft', model, 2)).toBe(1);
    expect([moveBy('Home', model, 2), moveBy('End', model, 2), moveBy('x', model, 2)]).toEqual([
      0,
      3,
      null
    ]);
  });

  it('zoom around a point, and out to everything', () => {
    expect(zoomBy('+', model, 1)).toEqual([0.5, 2]);
    expect(zoomBy('-', model, 1)).toBeNull();
    expect(zoomBy('a', model, 1)).toBeUndefined();
  });

  it('take the zoom along', () => {
    const zoomed = new Model(options());
    zoomed.zoom = [0, 1];
    expect(panTo(3, zoomed)).toEqual([2.5, 3.5]);
    expect(panTo(1, zoomed)).toEqual([0, 1]);
  });
});

describe('a dash', () => {
  it('tells colours that come round again apart by their dashes', () => {
    expect(dashOf(series([], { color: 0 }))).toEqual([]);
    expect(dashOf(series([], { color: 8 }))).not.toEqual([]);
    expect(dashOf(series([], { color: 16 }))).not.toEqual(dashOf(series([], { color: 8 })));
  });
});
