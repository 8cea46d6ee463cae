import { describe, expect, it } from 'vitest';
import type { PipelineRowView, StepDifferenceView } from '../../../src/contract.gen';
import { firstOther, othersOf, timeDifference } from '../../../src/screens/pipeline/compare';
import { barOf, sorted, spanOf } from '../../../src/screens/pipeline/table';
import { ask, bed, openTab, over, show, step, text, useBed, view } from './bed';

useBed();

const row = (id: string, created: string, experiment = 'e'): PipelineRowView => ({
  ...{ id, name: id, number: 1, experiment, status: 'Completed', created, started: created },
  ...{ seconds: 5, total: 1, done: 1, reused: 0, failed: 0 }
});
const difference = (fields: Partial<StepDifferenceView>): StepDifferenceView => ({
  ...{ name: 'a', change: 'same', words: [], here: step('a'), there: step('a') },
  ...fields
});
const side = { short_id: '', status: 'Completed', created: null, seconds: 5, parameters: [] };

describe('two runs side by side', () => {
  it('say which steps differ, in what, and by how much time', async () => {
    const steps = [
      difference({
        change: 'changed',
        words: ['a.py changed, line 2'],
        there: step('a', { seconds: 4 })
      }),
      difference({ name: 'b', change: 'only here', there: null }),
      difference({ name: 'c', change: 'only there', here: null }),
      difference({ name: 'd', change: 'unknown' })
    ];
    const rate = { name: 'rate', type: 'float', value: 0.5, default: 0.5 };
    ask.mockImplementation(kind =>
      Promise.resolve(
        kind === 'pipelines'
          ? { runs: [row('P1', '5'), row('P0', '1')] }
          : {
              here: { ...side, id: 'P1', name: 'P1', parameters: [rate] },
              there: { ...side, id: 'P0', name: 'P0', parameters: [{ ...rate, value: 1 }] },
              steps
            }
      )
    );
    show(view([step('a')], { ...over('Completed'), created: '5' }));
    await openTab('compare');
    expect(ask).toHaveBeenLastCalledWith('pipeline_difference', { run: 'P1', other: 'P0' });
    expect(text()).toContain('rate: 0.5, there 1.');
    const cells = [...bed.parent.querySelectorAll('tbody tr:first-child > *')].map(
      cell => cell.textContent
    );
    expect(cells.slice(0, 2)).toEqual(['a', 'a.py changed, line 2']);
    expect(cells[4]).toBe('+6.0 s');
    expect(text()).toContain('only in this run');
    expect(text()).toContain('only in the other run');
    expect(text()).toContain('never given its inputs');
  });

  it('say so where there is only one', async () => {
    ask.mockResolvedValue({ runs: [row('P1', '5')] });
    show(view([step('a')]));
    await openTab('compare');
    expect(text()).toContain('no other run of a pipeline');
  });

  it('are those of an experiment first, and the one before', () => {
    const runs = [row('new', '9'), row('P1', '5'), row('x', '4', 'other'), row('old', '3')];
    const others = othersOf(runs, { id: 'P1', experiment: 'e' });
    expect(others.map(({ id }) => id)).toEqual(['new', 'old', 'x']);
    expect(firstOther(others, view([], { created: '5' }))).toBe('old');
    const origins = [{ kind: 'rerun' as const, id: 'R', name: 'r' }];
    expect(firstOther(others, view([], { origins }))).toBe('R');
    expect(firstOther([], view([]))).toBeUndefined();
  });

  it('have no difference of time where one was reused', () => {
    expect(timeDifference(difference({ here: step('a', { decision: 'reused' }) }))).toBe('');
    expect(timeDifference(difference({ here: step('a', { seconds: 4 }) }))).toBe('−6.0 s');
  });
});

describe('the bars of steps', () => {
  const now = Date.parse('2026-01-01T10:00:20Z');
  const late = step('b', { started: '2026-01-01T10:00:10Z', seconds: null, status: 'Running' });

  it('stand where the steps ran', () => {
    const span = spanOf(view([step('a'), late]), now)!;
    expect(barOf(step('a'), span, now)).toEqual({ left: 0, width: 0.5 });
    expect(barOf(late, span, now)).toEqual({ left: 0.5, width: 0.5 });
    expect(barOf(step('a', { started: null }), span, now)).toBeNull();
    expect(spanOf(view([]), now)).toBeNull();
  });

  it('are in the order that the reader wants', () => {
    const steps = [
      step('b', { seconds: 2 }),
      step('a', { seconds: 12 }),
      step('c', { seconds: null })
    ];
    const ids = (column: string, descending: boolean): string =>
      sorted(steps, { column, descending })
        .map(({ id }) => id)
        .join('');
    expect(ids('seconds', false)).toBe('cba');
    expect(ids('name', false)).toBe('abc');
    expect(ids('name', true)).toBe('cba');
    expect(sorted(steps, null)).toBe(steps);
  });
});
