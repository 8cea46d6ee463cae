import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Source } from '../../../../src/screens/runs/rows/source';
import { startOf } from '../../../../src/screens/runs/rows/start';
import { UNCHOSEN, type Choice, type TableState } from '../../../../src/screens/runs/state';
import { Store } from '../../../../src/ui/store';
import type { RunTableView } from '../../../../src/contract.gen';
import { row, rows, SampleHost, tableOf } from '../sample';

let host: SampleHost;
let store: Store<TableState>;
let source: Source;
const gone = vi.fn();
const all = rows(1_000);

/** Answers that a test gives when it wants to, in the order of the questions. */
let waiting: { question: unknown; resolve(answer: unknown): void; reject(error: Error): void }[];

function begin(view = tableOf(all.slice(0, 100), 900).view, query = {}): void {
  host = new SampleHost();
  waiting = [];
  host.ask = ((kind: string, question: unknown) =>
    new Promise((resolve, reject) => {
      host.asked.push([kind, question]);
      if (kind === 'runs') {
        waiting.push({ question, resolve, reject });
      }
    })) as never;
  store = new Store(startOf(view, UNCHOSEN, []));
  source = new Source(host, query, store, gone);
  source.start();
}
const settled = (time = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(time);
const choice = (more: Partial<Choice>): Choice => ({ ...UNCHOSEN, ...more });
const ids = (): (string | undefined)[] => store.state.listing.rows.slice(0, 3).map(one => one?.id);
const page = (offset: number, of = all): RunTableView => ({
  ...{ params: [], metrics: [], groups: null },
  ...{ rows: of.slice(offset, offset + 100), more: Math.max(of.length - offset - 100, 0) }
});

beforeEach(() => {
  vi.useFakeTimers();
  gone.mockClear();
});
afterEach(() => {
  source.stop();
  vi.useRealTimers();
});

describe('what the reader asks for', () => {
  it('leaves what is shown until it comes, and the last question wins', async () => {
    begin();
    void source.ask(choice({ text: 'first' }));
    void source.ask(choice({ text: 'second' }));
    expect([store.state.isAsking, ids()]).toEqual([true, ['run-1000', 'run-999', 'run-998']]);
    waiting[1]!.resolve(page(0, rows(2)));
    await settled();
    expect([store.state.isAsking, ids(), store.state.asked.text]).toEqual([
      false,
      ['run-2', 'run-1'],
      'second'
    ]);
    waiting[0]!.resolve(page(0, rows(9)));
    await settled();
    expect(ids()).toEqual(['run-2', 'run-1']);
  });

  it('that is refused late says nothing of a question that is asked no more', async () => {
    begin();
    void source.ask(choice({ text: 'bad ===' }));
    void source.ask(choice({ text: 'good' }));
    waiting[0]!.reject(new Error('no such column'));
    await settled();
    expect([store.state.problem, store.state.isAsking]).toEqual(['', true]);
    waiting[1]!.resolve(page(0, rows(1)));
    await settled();
    expect(ids()).toEqual(['run-1']);
  });

  it('is not asked again where it is what is shown: the question under way is void', async () => {
    begin();
    void source.ask(choice({ text: 'x' }));
    await source.ask(UNCHOSEN);
    expect([waiting.length, store.state.isAsking]).toEqual([1, false]);
    waiting[0]!.resolve(page(0, rows(1)));
    await settled();
    expect(ids()[0]).toBe('run-1000');
  });

  it('follows the host for it, and no more for what was shown', async () => {
    begin();
    const old = host.to('runs');
    void source.ask(choice({ text: 'x' }));
    waiting[0]!.resolve(page(0, rows(2)));
    await settled();
    expect([host.stopped, host.followed]).toEqual([1, [{ query: {} }, { query: { words: 'x' } }]]);
    old.event({
      ...{ type: 'rows', token: '1', rows: [row(77)], removed: [], order: null, more: 0 }
    });
    expect(ids()).toEqual(['run-2', 'run-1']);
  });

  it('brings nothing after the table went', async () => {
    begin();
    void source.ask(choice({ text: 'x' }));
    source.need(500, 520);
    source.stop();
    waiting[0]!.resolve(page(0, rows(1)));
    await settled(10_000);
    expect([ids()[0], waiting.length, vi.getTimerCount()]).toEqual(['run-1000', 1, 0]);
  });
});

describe('rows that are near to be seen', () => {
  it('are asked for once they rest in sight, two pages at once', async () => {
    begin();
    source.need(200, 220);
    source.need(500, 950);
    expect(waiting).toHaveLength(0);
    await settled(100);
    expect(waiting.map(one => one.question)).toEqual(
      [500, 600].map(offset => ({ query: {}, offset, limit: 100 }))
    );
    waiting[0]!.resolve(page(500));
    await settled();
    expect(waiting).toHaveLength(3);
    expect(store.state.listing.rows[500]!.id).toBe('run-500');
    expect(store.state.listing.rows[700]).toBeUndefined();
  });

  it('are not asked for twice, nor where they are here', async () => {
    begin();
    source.need(0, 100);
    source.need(120, 130);
    await settled(100);
    source.need(130, 140);
    await settled(100);
    waiting[0]!.resolve(page(100));
    await settled();
    source.need(120, 140);
    await settled(100);
    expect(waiting).toHaveLength(1);
  });

  it('that could not be had are asked for again only where the reader says so', async () => {
    begin();
    source.need(300, 320);
    await settled(100);
    waiting[0]!.reject(new Error('busy'));
    await settled(10_000);
    source.need(300, 330);
    await settled(10_000);
    expect([waiting.length, store.state.notice!.text]).toEqual([
      1,
      'Some runs could not be loaded: busy'
    ]);
    store.state.notice!.undo!();
    await settled();
    waiting[1]!.resolve(page(300));
    await settled();
    expect([store.state.notice, store.state.listing.rows[300]!.id]).toEqual([null, 'run-700']);
  });

  it('of another question are of no use', async () => {
    begin();
    source.need(300, 320);
    await settled(100);
    void source.ask(choice({ text: 'x' }));
    waiting[1]!.resolve(page(0, rows(3)));
    await settled();
    waiting[0]!.resolve(page(300));
    await settled();
    expect(store.state.listing.rows).toHaveLength(3);
  });

  it('are followed once the reader rests on them, and the first ones when back on top', async () => {
    begin();
    source.need(500, 520);
    await settled(900);
    expect(host.followed).toHaveLength(1);
    await settled(200);
    expect(host.followed.at(-1)).toEqual({ query: { offset: 400, limit: 200 } });
    const view = { ...page(400), rows: all.slice(400, 600), more: 400 };
    host.to('runs').event({ type: 'view', token: '1', view });
    expect([ids()[0], store.state.listing.rows[599]!.id]).toEqual(['run-1000', 'run-401']);
    source.need(0, 20);
    await settled(1_100);
    expect(host.followed.at(-1)).toEqual({ query: {} });
    expect(host.stopped).toBe(2);
  });
});

describe('what the host tells', () => {
  const tell = (more: object): void =>
    host.to('runs').event({
      ...{ type: 'rows', token: '1', rows: [], removed: [], order: null, more: 0 },
      ...more
    });

  it('of runs that are gone takes them out of the selection, but not what a filter leaves out', async () => {
    begin(tableOf(rows(3)).view);
    tell({ removed: ['run-2'] });
    expect(gone).toHaveBeenLastCalledWith(['run-2']);
    void source.ask(choice({ text: 'x' }));
    waiting[0]!.resolve(page(0, rows(2)));
    await settled();
    tell({ removed: ['run-1'] });
    expect(gone).toHaveBeenCalledTimes(1);
    expect(store.state.total).toBe(2);
  });

  it('brings names of parameters and metrics in the order of their first use', () => {
    begin(tableOf([row(1, { params: { b: 1 }, metrics: { loss: 1 } })]).view);
    tell({ rows: [row(1, { params: { a: 1, b: 1 }, metrics: { acc: 1, loss: 1 } })] });
    expect([[...store.state.params], [...store.state.metrics]]).toEqual([
      ['b', 'a'],
      ['loss', 'acc']
    ]);
  });

  it('keeps the order while rows are held, and takes the new one when they are let go', () => {
    begin(tableOf(rows(3)).view);
    source.hold(true);
    tell({ order: ['run-1', 'run-2', 'run-3'] });
    expect([ids(), store.state.listing.isHeld]).toEqual([['run-3', 'run-2', 'run-1'], true]);
    source.hold(false);
    expect([ids(), store.state.listing.isHeld]).toEqual([['run-1', 'run-2', 'run-3'], false]);
  });

  it('of how it stands to it is kept with its reason', () => {
    begin();
    host.to('runs').link('detached', 'gone to lunch');
    expect([store.state.link, store.state.message]).toEqual(['detached', 'gone to lunch']);
    host.to('runs').link('live');
    expect([store.state.link, store.state.message]).toEqual(['live', '']);
  });
});

it('all ids are known where all rows are here, else asked of the store by the same question', async () => {
  begin(tableOf(rows(3)).view);
  expect(source.knownIds(null)).toEqual(['run-3', 'run-2', 'run-1']);
  begin();
  expect([source.knownIds(null), source.knownIds('group x')]).toEqual([null, null]);
  void source.ids(null);
  expect(host.asked.at(-1)).toEqual(['run_ids', { query: {} }]);
});
