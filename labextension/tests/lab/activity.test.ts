import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from '../../src/lab/server/activity';
import { noticeOf } from '../../src/lab/notice';
import { settingsOf, watchSettings } from '../../src/lab/settings';
import { Source } from '../../src/lab/server/source';
import { nameOf } from '../../src/ui/format';
import { plainly, type ActiveRun } from '../../src/ui/host';
import { json, Server, settle, Stream } from './server';

let server: Server;
let activity: Activity;

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  activity = new Activity(new Source(server, plainly));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const active = (id: string, fields: Partial<ActiveRun> = {}): ActiveRun => ({
  workspace: 'w',
  id,
  short_id: id,
  number: 1,
  name: `run ${id}`,
  experiment: 'e',
  status: 'Running',
  started: null,
  elapsed: 5,
  ...fields
});
const find = (address: string) =>
  server.requests.filter(request => request.address.startsWith(address)).at(-1)!;

async function stream(): Promise<Stream> {
  const opened = new Stream();
  await find('activity').answer(opened.response);
  return opened;
}

describe('what runs', () => {
  it('is told with one stream to all who ask, which ends with the last of them', async () => {
    const told: number[] = [];
    const first = activity.watch(runs => told.push(runs.length));
    const second = activity.watch(() => undefined);
    const events = await stream();
    await events.tell('view', '1', {
      runs: [active('a'), active('b'), active('c', { status: 'Failed' })]
    });
    expect(told).toEqual([0, 2]);
    expect(server.requests).toHaveLength(1);
    first();
    expect(events.isCanceled).toBe(false);
    second();
    await settle();
    expect(events.isCanceled).toBe(true);
  });

  it('tells edits of ended runs that came after the first look', async () => {
    const told: string[][] = [];
    const unwatch = activity.watchEdits(edits => told.push(edits.map(({ id }) => id)));
    const events = await stream();
    const edit = (id: string, time: number) => ({ workspace: 'w', id, time });
    await events.tell('view', '1', { runs: [], edits: [edit('a', 1)] });
    expect(told).toEqual([]);
    await events.tell('view', '2', { runs: [], edits: [edit('b', 2), edit('a', 1)] });
    await events.tell('view', '3', { runs: [active('c')], edits: [edit('b', 2), edit('a', 1)] });
    await events.tell('view', '4', { runs: [], edits: [edit('a', 3), edit('b', 2)] });
    await events.tell('view', '5', { runs: [] });
    expect(told).toEqual([['b'], ['a']]);
    unwatch();
    await settle();
    expect(events.isCanceled).toBe(true);
  });

  it('has ended once it left, with the status that it has now', async () => {
    const ended: ActiveRun[] = [];
    activity.watchEndings(run => ended.push(run));
    const events = await stream();
    await events.tell('view', '1', { runs: [active('a'), active('b')] });
    await events.tell('view', '2', { runs: [] });
    await find('workspaces/w/ask/runs').answer(
      json({
        params: [],
        metrics: [],
        more: 0,
        rows: [{ id: 'a', name: 'A', status: 'Completed', elapsed: 60 }]
      })
    );
    await find('workspaces/w/ask/runs').answer(
      json({ params: [], metrics: [], more: 0, rows: [] })
    );
    expect(ended.map(run => [run.name, run.status, run.elapsed])).toEqual([['A', 'Completed', 60]]);
  });
});

describe('the notice of an ending', () => {
  const settings = settingsOf({ minimumSeconds: 10 });
  const run = (status: string, elapsed: number | null = 65): ActiveRun =>
    active('a', { status, elapsed, name: 'train' });

  it('says how it went', () => {
    expect(noticeOf(run('Completed'), settings, plainly)).toEqual({
      text: 'train completed after 1 min 05 s.',
      type: 'success'
    });
    expect(noticeOf(run('Failed'), settings, plainly)?.type).toBe('error');
    expect(noticeOf(run('Canceled'), settings, plainly)?.text).toContain('was canceled');
  });

  it('is left out as the settings say', () => {
    expect(noticeOf(run('Completed', 9), settings, plainly)).toBeNull();
    expect(noticeOf(run('Completed', null), settings, plainly)).toBeNull();
    expect(
      noticeOf(run('Completed'), { ...settings, notifications: 'failed' }, plainly)
    ).toBeNull();
    expect(
      noticeOf(run('Failed'), { ...settings, notifications: 'failed' }, plainly)
    ).not.toBeNull();
    expect(noticeOf(run('Failed'), { ...settings, notifications: 'none' }, plainly)).toBeNull();
  });

  it('has a name on one short line', () => {
    expect(nameOf({ name: 'a\n\u202eb', short_id: 's' })).toBe('a \ufffdb');
    expect(nameOf({ name: ' ', short_id: 's' })).toBe('s');
    expect(nameOf({ name: 'x'.repeat(300), short_id: 's' })).toHaveLength(60);
  });
});

describe('settings', () => {
  it('have defaults for what is missing or wrong', () => {
    const defaults = { notifications: 'all', minimumSeconds: 30, side: 'left' };
    expect(settingsOf({})).toEqual(defaults);
    expect(settingsOf({ notifications: 7, minimumSeconds: -1, side: 'up' })).toEqual(defaults);
  });

  it('are told at once and when they change', async () => {
    const told: string[] = [];
    const composite: Record<string, unknown> = { side: 'right' };
    let slot = (): void => undefined;
    const changed = { connect: (given: () => void) => (slot = given) };
    await watchSettings({ load: async () => ({ composite, changed }) }, ({ side }) =>
      told.push(side)
    );
    composite['side'] = 'left';
    slot();
    await watchSettings(null, ({ side }) => told.push(side));
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await watchSettings({ load: () => Promise.reject(new Error('no')) }, ({ side }) =>
      told.push(side)
    );
    expect(told).toEqual(['right', 'left', 'left', 'left']);
  });
});
