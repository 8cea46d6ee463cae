import { describe, expect, it } from 'vitest';
import { CurveBook } from '../../../../src/screens/run/curves/curve';
import { secondsLeft } from '../../../../src/screens/run/curves/eta';
import type { points } from '../scene';
import { metric, run } from '../scene';

/** Seconds that are left after so many, with these parameters and curves. */
function left(
  params: Record<string, string | number | boolean | null>,
  curves: Record<string, ReturnType<typeof points>>,
  elapsed = 10
): number | null {
  const book = new CurveBook();
  book.load(Object.entries(curves).map(([name, of]) => ({ ...metric(name, null), points: of })));
  return secondsLeft(run({ params }), book, elapsed);
}

const at = (steps: number[], times: number[], values = steps): ReturnType<typeof points> => ({
  steps,
  times,
  values
});

describe('how long a run takes', () => {
  it.each(['epochs', 'n_epochs', 'num_epochs', 'EPOCHS'])('is told by the parameter %s', name => {
    expect(left({ [name]: 10 }, { loss: at([0, 1, 2, 3, 4], [2, 4, 6, 8, 10]) })).toBe(10);
  });

  it.each(['max_steps', 'total_steps'])('is told by the parameter %s', name => {
    expect(left({ [name]: 20 }, { loss: at([1, 5], [2, 10]) })).toBe(30);
  });

  it.each([
    ['another parameter', { lr: 10 }],
    ['a total that is none', { epochs: 'many' }],
    ['nothing to do', { epochs: 0 }],
    ['a total below what is done', { epochs: 2 }],
    ['a total that is infinite', { epochs: 'NaN' }]
  ])('is not told by %s', (_, params) => {
    expect(left(params, { loss: at([0, 1, 2, 3], [1, 2, 3, 4]) })).toBeNull();
  });

  it('is a number that came as text, too', () => {
    expect(left({ epochs: '10' }, { loss: at([1, 5], [2, 10]) })).toBe(10);
  });

  it('is told by the metric that counts epochs rather than by steps', () => {
    const epoch = at([100, 200], [5, 10], [1, 2]);
    expect(left({ epochs: 4 }, { loss: at([0, 999], [1, 10]), epoch })).toBe(10);
    expect(left({ epochs: 4 }, { Epoch: at([0, 1], [5, 10], [0, 1]) })).toBe(10);
  });

  it('goes by the metric that is furthest', () => {
    expect(left({ epochs: 10 }, { a: at([1, 2], [4, 8]), b: at([1, 5], [2, 10]) })).toBe(10);
  });

  it('counts what has passed since the last point, and says nothing once that is over', () => {
    const loss = at([1, 5], [2, 10]);
    expect(left({ epochs: 10 }, { loss }, 13)).toBe(7);
    expect(left({ epochs: 10 }, { loss }, 20)).toBeNull();
    expect(left({ epochs: 5 }, { loss })).toBeNull();
  });

  it('is not told before anything is logged', () => {
    expect(left({ epochs: 10 }, {})).toBeNull();
    expect(left({ epochs: 10 }, { loss: at([], []) })).toBeNull();
    expect(left({ epochs: 10 }, { epoch: at([], []) })).toBeNull();
  });
});
