import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/runs';
import { Picked } from '../../../src/screens/runs/selection';
import type { RunTableSnapshot } from '../../../src/screens/runs/state';
import { Table } from '../../../src/screens/runs/table';
import { plainly, type Host } from '../../../src/ui/host';
import { rows, SampleHost, SampleSelection, tableOf } from './sample';

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
};

describe('what is picked', () => {
  it('is toggled together: all of them, unless all are picked', () => {
    const changed = vi.fn();
    const picked = new Picked(undefined, changed);
    picked.toggle(['a', 'b'], 'a');
    picked.toggle(['b', 'c'], 'c');
    expect([picked.get(), picked.anchor]).toEqual([['a', 'b', 'c'], 'c']);
    picked.toggle(['a', 'c'], 'a');
    expect(picked.get()).toEqual(['b']);
    picked.add(['b', 'd']);
    expect([picked.get(), changed.mock.calls.length]).toEqual([['b', 'd'], 4]);
  });

  it('forgets runs that are gone, and says so only where they were picked', () => {
    const shared = new SampleSelection();
    shared.ids = ['a', 'b'];
    const picked = new Picked(shared, () => undefined);
    picked.drop(['x', 'y']);
    expect(shared.told).toEqual([]);
    picked.drop(['a', 'x']);
    expect(shared.told).toEqual([['b']]);
  });

  it('follows the host until the table goes, and another screen may follow both', () => {
    const shared = new SampleSelection();
    const changed = vi.fn();
    const picked = new Picked(shared, changed);
    shared.listener!(['z']);
    expect([picked.get(), changed.mock.calls.length, shared.told]).toEqual([['z'], 1, []]);
    picked.dispose();
    expect(shared.listener).toBeNull();
    const told = vi.fn();
    const end = picked.subscribe(told);
    shared.listener!(['w']);
    end();
    expect([told.mock.calls, shared.listener]).toEqual([[[['w']]], null]);
    const alone = new Picked(undefined, changed);
    alone.subscribe(told)();
    alone.set(['only']);
    expect([alone.get(), told.mock.calls.length]).toEqual([['only'], 1]);
  });
});

describe('a table of which not all runs are here', () => {
  let host: SampleHost;
  let table: Table;
  const compare = vi.fn();

  beforeEach(() => {
    localStorage.clear();
    compare.mockClear();
    host = new SampleHost();
    host.all = rows(500);
    table = new Table(tableOf(rows(500).slice(0, 100), 400), host, undefined, {
      open: vi.fn(),
      compare
    });
  });
  afterEach(() => table.dispose());

  it('extends to runs that it does not have by asking which they are', async () => {
    table.toggle(98);
    table.extend(102);
    await settled();
    expect(table.selected).toEqual(['run-402', 'run-401', 'run-400', 'run-399', 'run-398']);
    expect(host.asked).toEqual([['run_ids', { query: {} }]]);
  });

  it('extends upwards, and from where the reader is where nothing was picked', () => {
    table.extend(10);
    expect(table.selected).toEqual(['run-490']);
    table.extend(8);
    expect(table.selected).toEqual(['run-492', 'run-491', 'run-490']);
    table.extend(11);
    expect(table.selected).toHaveLength(4);
  });

  it('says why all could not be picked, and picks none', async () => {
    host.says['run_ids'] = new Error('the store is away');
    table.pickAll(true);
    await settled();
    expect([table.state.notice, table.selected]).toEqual([
      { text: 'the store is away', isBad: true },
      []
    ]);
  });

  it('picks nothing of a row that is still to come', () => {
    table.toggle(300);
    expect([table.selected, host.asked]).toEqual([[], []]);
  });

  it('compares no fewer than two and no more than a thousand', () => {
    table.compare(['a']);
    table.compare(Array.from({ length: 1_001 }, (_, at) => `r${at}`));
    expect(compare).not.toHaveBeenCalled();
    table.compare(Array.from({ length: 1_000 }, (_, at) => `r${at}`));
    expect(compare).toHaveBeenCalledTimes(1);
  });

  it('has those that are picked in the order of its rows, then those that are not here', () => {
    table.picked.set(['far away', 'run-499', 'run-500']);
    expect(table.selected).toEqual(['run-500', 'run-499', 'far away']);
  });
});

describe('a table, as hosts know it', () => {
  const snapshot = (query = {}): RunTableSnapshot => ({ ...tableOf(rows(2)), query });

  it('is of its query, and named by its experiment', () => {
    expect(entry.subjectOf(snapshot({ words: 'x' }))).toEqual({
      kind: 'runs',
      query: { words: 'x' }
    });
    const title = (of: RunTableSnapshot): string => entry.title(of, { kind: 'runs' }, plainly);
    expect([title(snapshot()), title(snapshot({ experiment: '<b>' }))]).toEqual([
      'Azure ML runs',
      'Runs of <b>'
    ]);
    expect(entry.isOver).toBeUndefined();
  });

  it('is asked for as many rows as its query wants', async () => {
    const ask = vi.fn(async () => tableOf(rows(1)).view);
    const host = { ask, workspace: 'w' } as unknown as Host;
    await entry.snapshot(host, { kind: 'runs', query: {} });
    await entry.snapshot(host, { kind: 'runs', query: { limit: 7 } });
    expect(ask.mock.calls).toEqual([
      ['runs', { query: {}, offset: 0, limit: 100 }],
      ['runs', { query: { limit: 7 }, offset: 0, limit: 7 }]
    ]);
  });

  it('is opened by any arguments: of all runs where they hold no query', () => {
    const { subjectOf } = entry.command!;
    const all = { kind: 'runs', query: {} };
    expect([{}, { query: null }, { query: 'x' }, { query: [] }].map(subjectOf)).toEqual([
      all,
      all,
      all,
      all
    ]);
    expect(subjectOf({ query: { experiment: 'e' } })).toEqual({
      kind: 'runs',
      query: { experiment: 'e' }
    });
  });
});
