import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CurvesPage } from '../curves_page';
import { metric, run, settle, START } from '../scene';

vi.mock('../../../../src/ui/chart/chart', async () => ({
  Chart: (await import('../fake_chart')).FakeChart
}));

let page: CurvesPage;
const view = run({ metrics: ['a', 'b'].map(name => metric(name)) });
const keep = () => ({ views: [] });
const kept = (): Record<string, unknown>[] =>
  page.host.questions('save_view').map(one => (one as { state: Record<string, unknown> }).state);
const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_500);
const tab = (id: string): void =>
  page.parent.querySelector<HTMLElement>(`[data-tab=${id}]`)!.click();

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
});
afterEach(async () => {
  page.remove();
  await settle();
  vi.useRealTimers();
});

describe('what was chosen of charts', () => {
  it('is kept though the reader goes to another tab at once', async () => {
    page = new CurvesPage(view, { views: keep, save_view: keep });
    await settle();
    page.choose('a', 'Hide');
    tab('log');
    await pause();
    expect(kept()).toMatchObject([{ hidden: ['a'] }]);
    tab('overview');
    await pause();
    expect(page.titles).toEqual(['b']);
    expect(kept()).toHaveLength(1);
  });

  it('is kept though the panel is closed at once', async () => {
    page = new CurvesPage(view, { views: keep, save_view: keep });
    await settle();
    page.choose('a', 'Hide');
    await settle();
    page.remove();
    await pause();
    expect(kept()).toMatchObject([{ hidden: ['a'] }]);
  });

  it('is not kept where it is taken back at once', async () => {
    page = new CurvesPage(view, { views: keep, save_view: keep });
    await settle();
    page.choose('a', 'Pin to the top');
    await settle();
    page.choose('a', 'Pin to the top');
    await pause();
    tab('log');
    await pause();
    expect(kept()).toEqual([]);
  });

  it('stays where what was kept comes late', async () => {
    let arrive = (): void => undefined;
    const views = [{ name: 'last', version: 1, updated: null, state: { hidden: ['b'] } }];
    page = new CurvesPage(view, {
      views: () => new Promise(resolve => (arrive = () => resolve({ views }))),
      save_view: keep
    });
    await settle();
    page.choose('a', 'Hide');
    arrive();
    await pause();
    expect(page.titles).toEqual(['b']);
    expect(kept()).toMatchObject([{ hidden: ['a'] }]);
  });

  it('is not asked to be kept by an output that nobody answers', async () => {
    page = new CurvesPage(view, { views: keep, save_view: keep });
    page.host.link('still');
    await settle();
    page.choose('a', 'Hide');
    await pause();
    expect([page.titles, kept()]).toEqual([['b'], []]);
  });

  it('is told once it can be kept again', async () => {
    let isAway = true;
    page = new CurvesPage(view, {
      views: keep,
      save_view: () => (isAway ? Promise.reject(new Error('away')) : { views: [] })
    });
    await settle();
    page.choose('a', 'Pin to the top');
    await pause();
    expect(page.text).toContain('The charts cannot be kept: away');
    isAway = false;
    page.choose('b', 'Pin to the top');
    await pause();
    expect(page.text).not.toContain('cannot be kept');
  });

  it.each([
    ['of no view of this name', { views: [{ name: 'other', state: { hidden: ['a'] } }] }],
    ['of a newer version', { views: [{ name: 'last', state: { hidden: { a: true }, new: 1 } }] }],
    ['that is empty', { views: [{ name: 'last', state: null }] }]
  ])('before leaves the charts as they are, %s', async (_, views) => {
    page = new CurvesPage(view, { views: () => views as never, save_view: keep });
    await pause();
    expect(page.titles).toEqual(['a', 'b']);
    expect(kept()).toEqual([]);
  });

  it('names metrics that this run has not, which are left out and kept for others', async () => {
    const state = { pinned: ['b', 'gone'], combined: [['a', 'gone']], axis: 'metric:gone' };
    page = new CurvesPage(view, {
      views: () => ({ views: [{ name: 'last', version: 1, updated: null, state }] }),
      save_view: keep
    });
    await settle();
    expect(page.titles).toEqual(['b', 'a']);
    const axis = page.control('x') as unknown as HTMLSelectElement;
    expect(axis.value).toBe('metric:gone');
    expect(page.xs('a')).toEqual([]);
    page.change(axis as never, 'step');
    await pause();
    expect(kept()).toMatchObject([{ pinned: ['b', 'gone'], combined: [['a', 'gone']] }]);
  });
});
