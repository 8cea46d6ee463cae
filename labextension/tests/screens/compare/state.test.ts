import { describe, expect, it } from 'vitest';
import entry from '../../../src/screens/compare';
import {
  askedOf,
  bestFirst,
  firstState,
  metricsOf,
  objectiveOf,
  type CompareSnapshot,
  type CompareState
} from '../../../src/screens/compare/state';
import { plainly, type Host } from '../../../src/ui/host';
import { run, trial, TRIALS, viewOf, type Trial } from './sample';

const stateOf = (trials: Trial[], more: Partial<CompareState> = {}): CompareState => ({
  ...firstState({ version: 1, workspace: 'w', view: viewOf(trials) }),
  ...more
});
const names = (...metrics: string[]): Trial[] =>
  [1, 2].map(number =>
    run(number, { metrics: Object.fromEntries(metrics.map(name => [name, number])) })
  );

describe('the objective', () => {
  it('is that of the user, else that of the view, else one whose direction is known', () => {
    const trials = names('speed', 'loss', 'acc');
    expect(objectiveOf(stateOf(trials))!.name).toBe('loss');
    const view = viewOf(trials, { objective: 'acc' });
    expect(objectiveOf(stateOf(trials, { view }))!.name).toBe('acc');
    expect(objectiveOf(stateOf(trials, { view, objective: 'speed' }))!.name).toBe('speed');
    expect(objectiveOf(stateOf(trials, { objective: 'gone' }))!.name).toBe('loss');
  });

  it('is one that differs before one that does not, and any number before none', () => {
    const same = [1, 2].map(number => run(number, { metrics: { loss: 1, acc: number } }));
    expect(objectiveOf(stateOf(same))!.name).toBe('acc');
    expect(objectiveOf(stateOf(names('speed')))!.name).toBe('speed');
    expect(objectiveOf(stateOf([run(1, { metrics: { note: 'words', lost: 'NaN' } })]))).toBeNull();
    expect(objectiveOf(stateOf([]))).toBeNull();
  });

  it('ranks runs by the way that is better, those without a value last, in their order', () => {
    const trials = [
      trial(1, 0.1, 0.5),
      trial(2, 0.1, null),
      trial(3, 0.1, 0.9),
      trial(4, 0.1, 0.5)
    ];
    const [acc] = metricsOf(stateOf(trials));
    expect(bestFirst(acc!)).toEqual([2, 0, 3, 1]);
    const [lower] = metricsOf(stateOf(trials, { goals: { acc: 'lower' } }));
    expect([bestFirst(lower!), lower!.best]).toEqual([
      [0, 3, 2, 1],
      [0, 3]
    ]);
  });

  it('is best in no way where the user says so', () => {
    const [acc] = metricsOf(stateOf(TRIALS, { goals: { acc: 'none' } }));
    expect([acc!.direction, acc!.best]).toEqual([null, []]);
  });

  it('may have a name that every object has', () => {
    const metrics = metricsOf(stateOf(names('constructor', 'toString', '__proto__x')));
    expect(metrics.map(({ direction }) => direction)).toEqual([null, null, null]);
    const told = metricsOf(
      stateOf(names('constructor'), { goals: { constructor: 'lower' } as never })
    );
    expect(told[0]!.direction).toBe('lower');
  });
});

it('questions are of the whole subject, or of the runs that are not switched off', () => {
  const query = { experiment: 'digits' };
  const state = stateOf(TRIALS, { subject: { query } });
  expect(askedOf(state)).toEqual({ runs: undefined, query });
  expect(askedOf({ ...state, hidden: new Set(['run-2']) })).toEqual({ runs: ['run-1', 'run-3'] });
  expect(askedOf({ ...state, hidden: new Set(['run-1', 'run-2', 'run-3']) })).toEqual({ runs: [] });
});

describe('a comparison, as hosts know it', () => {
  const snapshot = (more: Partial<CompareSnapshot> = {}): CompareSnapshot => ({
    ...{ version: 1, workspace: 'w', view: viewOf(TRIALS) },
    ...more
  });

  it('is of its runs, or of the query that it is made by', () => {
    const runs = ['run-1', 'run-2', 'run-3'];
    expect(entry.subjectOf(snapshot())).toEqual({ kind: 'compare', runs });
    const subject = { query: { experiment: 'digits' } };
    expect(entry.subjectOf(snapshot({ subject }))).toEqual({ kind: 'compare', ...subject });
  });

  it('is asked for with what makes it, and remembers that', async () => {
    const asked: unknown[] = [];
    const ask = async (...of: unknown[]): Promise<unknown> => {
      asked.push(of);
      return viewOf(TRIALS);
    };
    const host = { ask, workspace: 'w' } as unknown as Host;
    const subject = {
      kind: 'compare',
      query: { words: 'x' },
      goals: { acc: 'max' },
      tab: 'curves'
    };
    const made = (await entry.snapshot(host, subject)) as CompareSnapshot;
    const wanted = { runs: undefined, query: { words: 'x' }, goals: { acc: 'max' } };
    expect(asked).toEqual([['compare', wanted]]);
    expect([made.subject, made.workspace]).toEqual([wanted, 'w']);
  });

  it('is named by its experiment, or by the number of its runs', () => {
    const title = (of: CompareSnapshot): string => entry.title(of, { kind: 'compare' }, plainly);
    expect(title(snapshot())).toBe('Comparison of 3 runs');
    expect(title(snapshot({ subject: { query: { experiment: 'digits' } } }))).toBe(
      'Comparison of digits'
    );
    expect(title(snapshot({ subject: { query: {} } }))).toBe('Comparison of 3 runs');
  });

  it('is over with the last of its runs', () => {
    const of = (...statuses: string[]): boolean =>
      entry.isOver!(
        snapshot({ view: viewOf(statuses.map((status, at) => run(at + 1, { status }))) })
      );
    expect([of('Completed', 'Failed'), of('Completed', 'Running'), of('Canceled')]).toEqual([
      true,
      false,
      true
    ]);
  });

  it('is opened by ids or a query, and asks for the ids where there are neither', () => {
    const { subjectOf, question } = entry.command!;
    expect(subjectOf({ runs: ['a', 'b'] })).toEqual({ kind: 'compare', runs: ['a', 'b'] });
    expect(subjectOf({ query: { words: 'x' } })).toEqual({
      kind: 'compare',
      query: { words: 'x' }
    });
    expect(
      [{}, { runs: [] }, { runs: 'a b' }, { runs: ['a', ''] }, { runs: [5] }, { query: null }].map(
        subjectOf
      )
    ).toEqual([null, null, null, null, null, null]);
    expect(question!.answered(' a, b\n a  c,')).toEqual({ kind: 'compare', runs: ['a', 'b', 'c'] });
  });
});
