import { beforeEach, describe, expect, it } from 'vitest';
import type { ActiveRun } from '../../../src/ui/host';
import { active, LabPage } from '../lab_page';
import { settle, Stream } from '../server';

const RUNS = 'workspaces/w/ask/runs';

let page: LabPage;

beforeEach(() => {
  page = new LabPage();
});

/** What a table of runs answers. */
const table = (...rows: object[]): object => ({ params: [], metrics: [], more: 0, rows });

describe('what runs', () => {
  it('is told at once to who comes later', async () => {
    const { activity } = page.front;
    activity.watch(() => undefined);
    await page.running(active('a'));
    const told: string[][] = [];
    activity.watch(runs => told.push(runs.map(({ id }) => id)));
    expect(told).toEqual([['a']]);
    expect(activity.runs).toHaveLength(1);
    expect(page.count('activity')).toBe(1);
  });

  it('is followed anew by who comes after all were gone', async () => {
    const { activity } = page.front;
    activity.watch(() => undefined)();
    activity.watch(() => undefined);
    expect(page.count('activity')).toBe(2);
  });

  it('stays as it is where a message says nothing of it', async () => {
    const told: number[] = [];
    page.front.activity.watch(runs => told.push(runs.length));
    const stream = new Stream();
    await page.request('activity').answer(stream.response);
    await stream.tell('view', '1', { runs: [active('a')] });
    await stream.tell('view', '2', { runs: null });
    await stream.tell('view', '3');
    expect(told).toEqual([0, 1]);
    expect(page.front.activity.runs).toHaveLength(1);
  });

  it('of one id in two workspaces is two runs', async () => {
    const told: ActiveRun[][] = [];
    page.front.activity.watchEndings(run => told.push([run]));
    await page.running(active('a'), active('a', { workspace: 'v' }));
    await page.running(active('a', { workspace: 'v' }));
    await page.answer(RUNS, table({ id: 'a', name: 'A', status: 'Completed', elapsed: 9 }));
    expect(told.map(([run]) => [run!.workspace, run!.status])).toEqual([['w', 'Completed']]);
  });
});

describe('the end of a run', () => {
  const endings = (): string[] => {
    const told: string[] = [];
    page.front.activity.watchEndings(({ id, status }) => told.push(`${id} ${status}`));
    return told;
  };

  it('is asked for of those alone that left, and of none where nobody wants to know', async () => {
    const stop = page.front.activity.watch(() => undefined);
    await page.running(active('a'));
    await page.running();
    expect(page.count(RUNS)).toBe(0);
    stop();
  });

  it('is none while the run goes on elsewhere, as one that was queued again', async () => {
    const told = endings();
    await page.running(active('a'));
    await page.running();
    await page.answer(RUNS, table({ id: 'a', name: 'A', status: 'Queued', elapsed: null }));
    expect(told).toEqual([]);
  });

  it('is told of each of several, though one of them cannot be asked for', async () => {
    const told = endings();
    await page.running(active('a'), active('b'), active('c'));
    await page.running();
    await page.request(RUNS).fail();
    await settle();
    await page.answer(RUNS, table({ id: 'b', name: 'B', status: 'Failed', elapsed: 1 }));
    await settle();
    await page.answer(RUNS, table({ id: 'other', name: 'C', status: 'Failed', elapsed: 1 }));
    expect(told).toEqual(['b Failed']);
    expect(page.request(RUNS).body).toMatchObject({ query: { ids: ['c'] } });
  });

  it('comes with its status where the stream tells that, and is asked for once', async () => {
    const told = endings();
    await page.running(active('a'));
    await page.running(active('a', { status: 'Canceled' }));
    await page.answer(RUNS, table({ id: 'a', name: 'A', status: 'Canceled', elapsed: 3 }));
    await page.running();
    expect(told).toEqual(['a Canceled']);
    expect(page.count(RUNS)).toBe(1);
  });

  it('is told to nobody who went away while it was asked for', async () => {
    const told: string[] = [];
    const stop = page.front.activity.watchEndings(({ id }) => told.push(id));
    await page.running(active('a'));
    await page.running();
    stop();
    await page.answer(RUNS, table({ id: 'a', name: 'A', status: 'Failed', elapsed: 3 }));
    expect(told).toEqual([]);
  });
});
