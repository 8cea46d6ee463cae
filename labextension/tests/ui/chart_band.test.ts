import { expect, it } from 'vitest';
import type { Series } from '../../src/ui/chart/contract';
import { Model } from '../../src/ui/chart/points/model';
import { paint, type Area } from '../../src/ui/chart/paint/paint';
import { plainly } from '../../src/ui/host';
import { canvas } from './chart_canvas';

const series = (low: number[], high: number[]): Series => ({
  ...{ name: 'a', style: 'line', color: 0, x: [0, 1, 2, 3], y: [1, 2, NaN, 2] },
  band: { low, high }
});
const modelOf = (one: Series, more: { isLog?: boolean; smoothing?: number } = {}): Model =>
  new Model({
    ...{ t: plainly, title: 'Loss', curves: [one], x: { label: 'step', text: String } },
    y: { isLog: more.isLog },
    smoothing: more.smoothing
  });
const area: Area = {
  ...{ left: 0, top: 0, width: 100, height: 100, low: 0, high: 3 },
  x: value => value,
  y: value => (value > -5 ? value : NaN)
};
/** The corners of what was filled. */
function filled(model: Model): unknown[][] {
  const { calls, context } = canvas();
  const colors = { palette: ['red'] } as never;
  paint(context, model.curves, area, colors);
  const end = calls.findIndex(([name]) => name === 'stroke');
  return calls
    .slice(0, end)
    .filter(([name]) => name === 'moveTo' || name === 'lineTo' || name === 'fill');
}

it('a band is filled from its upper bound to its lower one, in pieces where it has gaps', () => {
  const model = modelOf(series([0, 1, NaN, 1], [2, 3, NaN, 3]));
  expect(filled(model).slice(0, 7)).toEqual([
    ['moveTo', 0, 2],
    ['lineTo', 1, 3],
    ['lineTo', 1, 1],
    ['lineTo', 0, 0],
    ['fill'],
    ['moveTo', 3, 3],
    ['lineTo', 3, 1]
  ]);
});

it('a lower bound that an axis cannot show lies at its foot', () => {
  expect(filled(modelOf(series([-9, 1, 1, 1], [2, 3, 3, 3])))[7]).toEqual(['lineTo', 0, 100]);
});

it('the band is in sight as a whole, and smoothed with its line', () => {
  const model = modelOf(series([-4, 1, 1, 1], [2, 3, 3, 9]));
  const [low, high] = model.upward();
  expect([low < -4, high > 9]).toEqual([true, true]);
  const smooth = modelOf(series([0, 4, 4, 4], [2, 3, 3, 9]), { smoothing: 0.5 }).curves[0]!;
  expect(smooth.raw).toBeNull();
  expect([...Array.from(smooth.band!.low)][1]).toBeCloseTo(8 / 3);
});
