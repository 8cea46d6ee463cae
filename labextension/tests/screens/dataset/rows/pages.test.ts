import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetPageView, Questions } from '../../../../src/contract.gen';
import { datasetPages, type Query, type Row } from '../../../../src/screens/dataset/rows/pages';
import type { Pages } from '../../../../src/ui/grid';
import { TestHost } from '../../run/scene';
import { pageOf, rowsOf } from '../scene_data';

type Question = Questions['dataset_rows'];

const NAMES = ['age', 'city', 'gap'];
let changed: number;
let host: TestHost;

beforeEach(() => {
  vi.useFakeTimers();
  changed = 0;
  return () => vi.useRealTimers();
});

function pages(
  answer: (question: Question) => DatasetPageView | Promise<DatasetPageView>,
  {
    rows = 1_000,
    names = NAMES,
    head = 100
  }: { rows?: number | null; names?: string[]; head?: number } = {}
): Pages<Row, Query> {
  host = new TestHost({ dataset_rows: answer });
  const view = { columns: NAMES, rows: rowsOf(head), count: head };
  return datasetPages(host, 'id', names, view, rows, () => (changed += 1));
}

const wait = (): Promise<unknown> => vi.advanceTimersByTimeAsync(100);
const offsets = (): number[] =>
  host.questions('dataset_rows').map(one => (one as Question).offset ?? 0);

describe('pages of rows', () => {
  it('asks for what is in sight and not there, once', async () => {
    const all = pages(question => pageOf(question, 1_000));
    all.want(0, 40);
    await wait();
    expect(offsets()).toEqual([]);
    all.want(80, 120);
    all.want(90, 130);
    await wait();
    expect(offsets()).toEqual([100]);
    expect(all.row(129)).toEqual([129, 'word 129', null]);
    expect(changed).toBe(1);
    all.want(90, 130);
    await wait();
    expect(offsets()).toEqual([100]);
  });

  it('asks for two pages at once, and for the next when one has come', async () => {
    const arrivals: (() => void)[] = [];
    const all = pages(
      question => new Promise(resolve => arrivals.push(() => resolve(pageOf(question, 1_000)))),
      { head: 0 }
    );
    all.want(0, 399);
    await wait();
    expect(offsets()).toEqual([0, 100]);
    arrivals[1]!();
    await wait();
    expect(offsets()).toEqual([0, 100, 200]);
  });

  it('asks no more after a failure until it is told to, and then for what is still missing', async () => {
    let isAway = true;
    const all = pages(question => {
      if (isAway) {
        throw new Error('away');
      }
      return pageOf(question, 1_000);
    });
    all.want(100, 150);
    await wait();
    expect([all.problem, all.row(120)]).toEqual(['away', undefined]);
    all.want(100, 151);
    await wait();
    expect(offsets()).toEqual([100]);
    isAway = false;
    all.again();
    await wait();
    expect([all.problem, all.row(120)?.[0], offsets()]).toEqual(['', 120, [100, 100]]);
  });

  it('takes no answer to an earlier question', async () => {
    const arrivals: ((fails?: boolean) => void)[] = [];
    const all = pages(
      question =>
        new Promise((resolve, reject) =>
          arrivals.push(fails => (fails ? reject(new Error('late')) : resolve(pageOf(question))))
        )
    );
    const first = all.load({ filter: 'a' });
    const second = all.load({ filter: 'b' });
    arrivals[1]!();
    expect(await second).toBe(true);
    arrivals[0]!(true);
    expect(await first).toBe(false);
    expect(all.query).toEqual({ filter: 'b' });
    expect([all.count, all.problem]).toEqual([7, '']);
  });

  it('keeps the rows that it has while others are asked for, and where that fails', async () => {
    let answer: () => DatasetPageView = () => {
      throw new Error('no such column');
    };
    const all = pages(() => answer());
    await expect(all.load({ sort: 'x' })).rejects.toThrow('no such column');
    expect([all.row(5)?.[0], all.query]).toEqual([5, {}]);
    answer = () => pageOf({ dataset: 'id', offset: 0, limit: 100, filter: 'x' });
    expect(await all.load({ filter: 'x' })).toBe(true);
    expect([all.count, all.row(50)]).toEqual([7, undefined]);
  });

  it('asks nothing once it is stopped, and takes nothing', async () => {
    let arrive = (): void => undefined;
    const all = pages(
      question => new Promise(resolve => (arrive = () => resolve(pageOf(question, 1_000))))
    );
    all.want(100, 150);
    await wait();
    all.want(300, 350);
    all.stop();
    arrive();
    await wait();
    expect([offsets(), all.row(120), changed]).toEqual([[100], undefined, 0]);
  });

  it('puts the values of an answer under the columns that it is shown by', async () => {
    const columns = ['gap', 'age'];
    const all = pages(() => ({ columns, rows: [[1, 2]], offset: 0, count: 1 }), { head: 0 });
    await all.load({});
    expect(all.row(0)).toEqual([2, null, 1]);
  });

  it('asks beyond the last row that is known as long as nobody has counted', async () => {
    const all = pages(question => pageOf(question, 150), { rows: null });
    expect([all.count, all.isCounted]).toEqual([100, false]);
    all.want(60, 100);
    await wait();
    expect(offsets()).toEqual([100]);
    expect([all.count, all.isCounted]).toEqual([150, true]);
  });

  it('drops pages that are far from sight where they are many, and has them again', async () => {
    const names = Array.from({ length: 5_000 }, (_, at) => `c${at}`);
    const wide = (question: Question): DatasetPageView => ({
      ...pageOf(question, 2_000),
      columns: names
    });
    const all = pages(wide, { rows: 2_000, names, head: 0 });
    for (let page = 0; page < 8; page += 1) {
      all.want(page * 100, page * 100 + 50);
      await wait();
    }
    expect(all.row(0)).toBeUndefined();
    expect(all.row(700)?.[0]).toBe(700);
    all.want(0, 50);
    await wait();
    expect(all.row(0)?.[0]).toBe(0);
  });

  it('is taken along by the page, as far as its rows are there', async () => {
    const all = pages(question => pageOf(question, 1_000), { rows: 130 });
    expect(all.pageAt(99)).toMatchObject({ first: 0, rows: { length: 100 } });
    expect(all.pageAt(100)).toEqual({ first: 100, rows: [] });
    all.want(100, 130);
    await wait();
    expect(all.pageAt(129).rows).toHaveLength(100);
  });
});
