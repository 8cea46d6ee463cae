import { describe, expect, it } from 'vitest';
import { bestSoFar, stepPath } from '../../../src/screens/compare/points/best_so_far';
import { isWithin, movedBy, rangeOf } from '../../../src/screens/compare/parallel/brush';
import { firstAxes } from '../../../src/screens/compare/parallel/axes';
import { levelsOf } from '../../../src/screens/compare/parallel/levels';
import { fieldOf, numberAt, shareOf, textAt, ticksOf } from '../../../src/screens/compare/field';

describe('a field', () => {
  it('of numbers spans them, and what is not finite has no place', () => {
    const field = fieldOf('k', 'n', [3, 1, 'NaN', 'Infinity', null]);
    expect([field.words, field.low, field.high, field.scale.isLog]).toEqual([null, 1, 3, false]);
    expect(field.numbers.map(number => shareOf(field, number))).toEqual([1, 0, NaN, NaN, NaN]);
    expect([numberAt(field, 0.5), ticksOf(field, 3)]).toEqual([2, [1, 2, 3]]);
  });
  it('of words gives each a place, in their order', () => {
    const field = fieldOf('k', 'n', ['run 10', 'run 9', true, null, 5]);
    expect(field.words).toEqual(['5', 'run 9', 'run 10', 'True']);
    expect(field.numbers).toEqual([2, 1, 3, NaN, 0]);
    expect([textAt(field, 1), ticksOf(field, 2)]).toEqual(['run 9', [0, 2]]);
  });
  it('of positive numbers over decades goes by powers of ten', () => {
    const field = fieldOf('k', 'n', [1e-4, 1e-1]);
    expect(field.scale.isLog).toBe(true);
    expect(shareOf(field, 1e-3)).toBeCloseTo(1 / 3);
    expect(numberAt(field, 1 / 3)).toBeCloseTo(1e-3);
    expect(fieldOf('k', 'n', [0, 1e9]).scale.isLog).toBe(false);
  });
  it('copes with one value and with the largest numbers', () => {
    expect(shareOf(fieldOf('k', 'n', [5]), 5)).toBe(0.5);
    const huge = fieldOf('k', 'n', [-1.7e308, 1.7e308]);
    expect([shareOf(huge, 0), numberAt(huge, 0.5)]).toEqual([0.5, 0]);
    expect(Number.isFinite(fieldOf('k', 'n', [null]).low)).toBe(false);
  });
});

describe('brushing', () => {
  const fields = [fieldOf('a', 'a', [1, 2, 'NaN', 4]), fieldOf('b', 'b', ['x', 'y', 'x', 'y'])];
  const within = (ranges: [string, readonly [number, number]][]): boolean[] =>
    [0, 1, 2, 3].map(place => isWithin(fields, new Map(ranges), place));
  it('lets through what is within all ranges, their ends among it', () => {
    expect(within([])).toEqual([true, true, true, true]);
    expect(within([['a', [2, 4]]])).toEqual([false, true, false, true]);
    expect(
      within([
        ['a', [1, 2]],
        ['b', [0, 0]]
      ])
    ).toEqual([true, false, false, false]);
    expect(within([['a', [-Infinity, Infinity]]])).toEqual([true, true, false, true]);
    expect(within([['gone', [0, 0]]])).toEqual([true, true, true, true]);
  });
  it('takes two ends in any order, and whole places of words', () => {
    expect(rangeOf(fields[0]!, 4, 1)).toEqual([1, 4]);
    expect(rangeOf(fields[1]!, 1.4, 0.2)).toEqual([1, 1]);
    expect(rangeOf(fields[1]!, -Infinity, 0)).toEqual([-Infinity, 0]);
  });
  it('moves an axis within the others', () => {
    expect(movedBy(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(movedBy(['a', 'b', 'c'], 'c', -9)).toEqual(['c', 'a', 'b']);
    expect(movedBy(['a', 'b', 'c'], 'b', 9)).toEqual(['a', 'c', 'b']);
    expect(movedBy(['a', 'b'], 'x', 1)).toEqual(['a', 'b']);
  });
});

describe('the best so far', () => {
  const points = [
    [3, 5],
    [1, 2],
    [2, NaN],
    [4, 5],
    [5, 9],
    [6, 1]
  ] as const;
  it('grows by x in the direction that is better', () => {
    expect(bestSoFar(points, 'higher')).toEqual([
      [1, 2],
      [3, 5],
      [5, 9]
    ]);
    expect(bestSoFar(points, 'lower')).toEqual([
      [1, 2],
      [6, 1]
    ]);
    expect(bestSoFar([], 'lower')).toEqual([]);
  });
  it('is a line of steps', () => {
    expect(
      stepPath(
        [
          [0, 5],
          [10, 3]
        ],
        20
      )
    ).toBe('M0 5H10V3H20');
    expect(stepPath([], 20)).toBe('');
  });
});

describe('the axes at first', () => {
  const fields = [
    fieldOf('number', 'run number', [1, 2, 3]),
    fieldOf('params.lr', 'lr', [1, 2, 3]),
    fieldOf('params.fixed', 'fixed', [1, 1, 1]),
    fieldOf('metrics.loss', 'loss', [3, 2, 1]),
    fieldOf('metrics.acc', 'acc', [1, 2, 3])
  ];
  it('are the parameters that vary, then the objective', () => {
    expect(firstAxes(fields, 'loss')).toEqual(['params.lr', 'metrics.loss']);
    expect(firstAxes(fields, null)).toEqual(['params.lr']);
    const many = Array.from({ length: 20 }, (_, at) => fieldOf(`params.p${at}`, 'p', [1, 2, 3]));
    expect(firstAxes([...many, ...fields], 'loss')).toHaveLength(8);
  });
  it('are the metrics where no parameter varies', () => {
    expect(firstAxes(fields.slice(2), 'loss')).toEqual(['metrics.acc', 'metrics.loss']);
  });
  it('are not texts that nearly every run has of its own', () => {
    const texts = fieldOf(
      'params.id',
      'id',
      Array.from({ length: 40 }, (_, at) => `id ${at}`)
    );
    expect(firstAxes([texts], null)).toEqual([]);
  });
});

describe('the colours', () => {
  it('go from the worst to the best, or upwards where that is not known', () => {
    const field = fieldOf('metrics.loss', 'loss', [0, 0.5, 1, 'NaN']);
    expect(levelsOf(field, 'lower')).toEqual([8, 4, 0, -1]);
    expect(levelsOf(field, 'higher')).toEqual([0, 4, 8, -1]);
    expect(levelsOf(field, null)).toEqual([0, 4, 8, -1]);
  });
});

describe('moments', () => {
  it('have ticks at whole minutes or hours from the first, and as many words as tell them apart', () => {
    const field = { ...fieldOf('started', 'started', [0, 7_200]), isTime: true };
    expect(ticksOf(field, 3)).toEqual([0, 1_800, 3_600, 5_400, 7_200]);
    expect(ticksOf({ ...field, low: 100, high: 160 }, 3)).toEqual([100, 120, 140, 160]);
    expect(textAt(field, 3_600)).toMatch(/^\d\d:\d\d/);
    expect(textAt({ ...field, high: 86_400 * 300 }, 3_600)).toMatch(/19\d\d/);
  });
});
