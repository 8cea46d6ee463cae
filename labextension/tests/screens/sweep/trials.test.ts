import { describe, expect, it } from 'vitest';
import {
  bestFirst,
  comparisonOf,
  merged,
  plainName,
  powersOf,
  runOf,
  sorted,
  trialWords,
  valueAt
} from '../../../src/screens/sweep/trials';
import { fieldsOf } from '../../../src/screens/compare/field';
import { plainly } from '../../../src/ui/host';
import { trial, view } from './bed';

const numbers = (trials: readonly { number: number }[]): number[] =>
  trials.map(({ number }) => number);

describe('trials that come', () => {
  const before = view([trial(0, 0.1), trial(1, null, { status: 'Running' })]);

  it('take the place of what they were, and the others stay the same objects', () => {
    const after = merged(before, view([trial(1, 0.5)], { done: 2 }));
    expect(after.trials[0]).toBe(before.trials[0]);
    expect(after.trials[1]!.metric).toBe(0.5);
    expect(after.done).toBe(2);
  });

  it('stand by number', () => {
    expect(numbers(merged(before, view([trial(3), trial(2)])).trials)).toEqual([0, 1, 2, 3]);
  });

  it('are all that were where only the head changed', () => {
    expect(merged(before, view([], { status: 'Completed' })).trials).toBe(before.trials);
  });
});

describe('the order of trials', () => {
  const trials = [trial(0, 0.2), trial(1), trial(2, 0.9), trial(3, 0.2)];

  it('has the best first, equal ones by number, and those without a metric last', () => {
    expect(numbers(sorted(trials, bestFirst({ goal: 'higher' })))).toEqual([2, 0, 3, 1]);
    expect(numbers(sorted(trials, bestFirst({ goal: 'lower' })))).toEqual([0, 3, 2, 1]);
  });

  it('is that of words where a parameter holds some, numbers before them', () => {
    const mixed = ['tanh', 3, 'relu', null].map((value, number) =>
      trial(number, 0, { values: [value] })
    );
    expect(numbers(sorted(mixed, { column: 'params.0', descending: false }))).toEqual([1, 2, 0, 3]);
    expect(numbers(sorted(mixed, { column: 'params.0', descending: true }))).toEqual([1, 0, 2, 3]);
  });

  it('leaves the list as it was', () => {
    sorted(trials, { column: 'number', descending: true });
    expect(numbers(trials)).toEqual([0, 1, 2, 3]);
  });
});

describe('a trial', () => {
  it('that the policy ended says so', () => {
    expect(valueAt(trial(0, 0, { is_early: true, status: 'Canceled' }), 'status')).toBe(
      'Ended early'
    );
  });

  it('has no value of a parameter that a small snapshot left out', () => {
    expect(valueAt(trial(0), 'params.9')).toBeNull();
  });

  it('has the id of its run by its number', () => {
    expect(runOf({ id: 'HD_1' }, trial(7))).toBe('HD_1_7');
    expect(plainName('--rate')).toBe('rate');
  });
});

describe('the comparison of the trials', () => {
  it('has the parameters and the metric in the order of the trials', () => {
    const found = comparisonOf(view([trial(0, 0.1), trial(4, 0.3)]), plainly);
    expect(found.runs.map(({ id, number }) => [id, number])).toEqual([
      ['HD_1_0', 0],
      ['HD_1_4', 4]
    ]);
    expect(found.params).toEqual([
      { name: 'lr', values: [0, 0.4], differs: true },
      { name: 'act', values: ['relu', 'relu'], differs: false }
    ]);
    expect(found.metrics[0]).toMatchObject({
      name: 'acc',
      values: [0.1, 0.3],
      direction: 'higher'
    });
    expect(found.objective).toBe('acc');
  });

  it('places what is drawn from powers by powers, however little it spans', () => {
    const parameters = [
      { name: '--lr', expression: 'loguniform(-3, -1)' },
      { name: 'x', expression: 'choice(loguniform(1))' }
    ];
    const shown = view([trial(1, 0.1), trial(2, 0.3)], { parameters });
    expect([...powersOf(shown)]).toEqual(['lr']);
    const logs = (powers?: ReadonlySet<string>): string[] =>
      fieldsOf(comparisonOf(shown, plainly), { t: plainly, words: trialWords(plainly), powers })
        .filter(({ scale }) => scale.isLog)
        .map(({ key }) => key);
    expect(logs(powersOf(shown))).toEqual(['params.lr']);
    expect(logs()).toEqual([]);
  });
});
