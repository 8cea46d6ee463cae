import { describe, expect, it } from 'vitest';
import { groupChoices } from '../../../../src/screens/runs/rows/grouping';
import { isGroup, linesOf, withGroups } from '../../../../src/screens/runs/rows/lines';
import { listingOf } from '../../../../src/screens/runs/rows/listing';
import { startOf } from '../../../../src/screens/runs/rows/start';
import { groupId, UNCHOSEN, type TableState } from '../../../../src/screens/runs/state';
import type { Table } from '../../../../src/screens/runs/table';
import type { GroupView, RunTableView } from '../../../../src/contract.gen';
import { row, rows, tableOf } from '../sample';

const group = (key: string | null, count: number): GroupView => ({
  ...{ key, value: key, count, statuses: { Completed: count }, metrics: {} }
});
const viewOf = (...groups: GroupView[]): RunTableView => ({
  ...{ params: [], metrics: [], rows: [], groups },
  more: groups.reduce((sum, { count }) => sum + count, 0)
});
const base = startOf(tableOf(rows(9)).view, UNCHOSEN, []);
/** Groups, of which those that are named are open with some of their runs. */
function stateOf(groups: GroupView[], opened: Record<string, number> = {}): TableState {
  const state = { ...base, ...withGroups(base, viewOf(...groups)) };
  return {
    ...state,
    opened: new Map(
      Object.entries(opened).map(([key, known]) => {
        const count = groups.find(one => groupId(one.key) === key)!.count;
        return [key, listingOf(rows(known), count)];
      })
    )
  };
}

describe('the lines of groups', () => {
  const groups = [group('a', 3), group('b', 0), group('c', 2)];

  it('are heads, with the runs of those that are open below them', () => {
    const lines = linesOf(stateOf(groups, { 'group a': 2, 'group b': 0 }), undefined);
    expect(lines.count).toBe(6);
    const told = Array.from({ length: 6 }, (_, at) => lines.at(at)).map(line =>
      line === undefined ? '…' : isGroup(line) ? `${line.id} ${line.isOpen}` : line.id
    );
    expect(told).toEqual(['group a true', 'run-2', 'run-1', '…', 'group b true', 'group c false']);
    expect(['group c', 'run-1', 'group a', 'nothing'].map(lines.placeOf)).toEqual([
      5,
      2,
      0,
      undefined
    ]);
  });

  it('within a range are told by their groups, and heads are none of them', () => {
    const lines = linesOf(stateOf(groups, { 'group a': 3, 'group c': 2 }), undefined);
    expect(lines.within(2, 6)).toEqual([{ group: 'group a', first: 1, end: 3 }]);
    expect(lines.within(0, 100)).toEqual([
      { group: 'group a', first: 0, end: 3 },
      { group: 'group c', first: 0, end: 2 }
    ]);
    expect([lines.within(0, 1), lines.within(4, 5)]).toEqual([[], []]);
  });

  it('of no groups are none', () => {
    const lines = linesOf(stateOf([]), undefined);
    expect([lines.count, lines.within(0, 50), lines.placeOf('run-1')]).toEqual([0, [], undefined]);
  });

  it('without a value are apart from those whose value is empty', () => {
    const state = stateOf([group('', 1), group(null, 2)], { [groupId('')]: 1 });
    const lines = linesOf(state, undefined);
    expect(lines.count).toBe(3);
    expect([lines.placeOf(groupId('')), lines.placeOf(groupId(null))]).toEqual([0, 2]);
  });

  it('stand for no limit of the query', () => {
    expect(linesOf(stateOf(groups), 1).count).toBe(3);
    expect(linesOf(base, 4).count).toBe(4);
    expect(linesOf({ ...base, isUnlimited: true }, 4).count).toBe(9);
    expect(linesOf({ ...base, asked: { ...UNCHOSEN, text: 'x' } }, 4).count).toBe(9);
  });
});

describe('groups that come again', () => {
  it('stay open with the runs that are known, as many as there are now', () => {
    const state = stateOf([group('a', 3), group('c', 2)], { 'group a': 3, 'group c': 2 });
    const next = { ...state, ...withGroups(state, viewOf(group('a', 5), group('d', 1))) };
    expect([...next.opened.keys()]).toEqual(['group a']);
    expect(next.opened.get('group a')!.rows.map(one => one?.id)).toEqual([
      'run-3',
      'run-2',
      'run-1',
      undefined,
      undefined
    ]);
    expect([next.total, next.listing.rows.length]).toEqual([6, 6]);
  });

  it('count what a filter leaves, of the total before', () => {
    const asked = { ...UNCHOSEN, text: 'words' };
    const next = withGroups({ ...base, asked }, viewOf(group('a', 2)));
    expect([next.total, next.listing!.rows.length]).toEqual([9, 2]);
  });
});

it('runs can be grouped by what they have, and by what was chosen though no run here has it', () => {
  const of = (by: string): string[] =>
    groupChoices({
      state: { ...base, params: new Set(['lr', 'my param']), choice: { ...UNCHOSEN, by } },
      rows: [row(2, { tags: { stage: 'a' } }), row(1, { tags: { stage: 'b', 'a b': '' } })]
    } as unknown as Table);
  const own = [
    'experiment',
    'status',
    'params.lr',
    'params.`my param`',
    'tags.stage',
    'tags.`a b`'
  ];
  expect(of('')).toEqual(own);
  expect(of('tags.stage')).toEqual(own);
  expect(of('params.gone')).toEqual([...own, 'params.gone']);
});
