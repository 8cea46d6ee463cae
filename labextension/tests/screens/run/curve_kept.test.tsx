import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NO_CHOICES } from '../../../src/screens/run/curves/choices';
import { readChoices } from '../../../src/screens/run/curves/kept';
import { CurvesPage } from './curves_page';
import { metric, run, settle, START } from './scene';

vi.mock('../../../src/ui/chart/chart', async () => ({
  Chart: (await import('./fake_chart')).FakeChart
}));

let page: CurvesPage;
const view = run({ metrics: ['a', 'b'].map(name => metric(name)) });
const saved = (state: Record<string, unknown>): { views: never[] } => ({
  views: [{ name: 'last', version: 1, updated: null, state }] as never[]
});

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
});
afterEach(async () => {
  page.remove();
  await settle();
  vi.useRealTimers();
});

it('charts come back as they were chosen, and are kept for the experiment when that changes', async () => {
  const save = vi.fn(() => ({ views: [] }));
  page = new CurvesPage(view, { views: () => saved({ order: ['b', 'a'] }), save_view: save });
  await settle();
  expect(page.titles).toEqual(['b', 'a']);
  expect(page.host.questions('views')).toEqual([{ kind: 'charts', scope: 'digits' }]);
  page.choose('a', 'Pin to the top');
  page.choose('b', 'Pin to the top');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(save).toHaveBeenCalledTimes(1);
  expect(page.host.questions('save_view')).toMatchObject([
    { kind: 'charts', scope: 'digits', name: 'last', state: { pinned: ['a', 'b'] } }
  ]);
});

it('a zoom is not kept, and a host that keeps nothing says so', async () => {
  page = new CurvesPage(view);
  await settle();
  page.chart('a').onZoom!([0, 1]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(page.host.questions('save_view')).toEqual([]);
  page.choose('a', 'Hide');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(page.titles).toEqual(['b']);
  expect(page.text).toContain('The charts cannot be kept: no answer to save_view');
});

it('reads what fits of a damaged state', () => {
  const state = { order: 'x', pinned: ['a'], isFolded: [], smoothing: '1', zoom: [0, 1] };
  expect(readChoices(state)).toEqual({ ...NO_CHOICES, pinned: ['a'] });
});
