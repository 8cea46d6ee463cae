import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActiveRun } from '../../../src/lab/activity';
import { Activity } from '../../../src/lab/activity';
import type { Front } from '../../../src/lab/front';
import { nameOf, noticeOf } from '../../../src/lab/notice';
import { PanelView } from '../../../src/screens/workspace/panel_view';
import { Screen } from '../../../src/lab/screen';
import { settingsOf, watchSettings } from '../../../src/lab/settings';
import { Source } from '../../../src/lab/source';
import { cancelWish, wishOf, wordsOf } from '../../../src/lab/wish';
import { plainly } from '../../../src/ui/host';
import { json, page, Server, settle, Stream } from '../../lab/server';

const mounts: string[] = [];
vi.mock('../../../src/ui', () => {
  const mounter =
    (name: string) => (parent: HTMLElement, snapshot: { view: { name?: string } }) => {
      if (snapshot.view.name === 'broken') {
        throw new Error('It broke.');
      }
      mounts.push(name);
      parent.append(`screen ${name}`);
      return { update: () => undefined, dispose: () => mounts.push(`${name} gone`) };
    };
  return {
    mountRun: mounter('run'),
    mountRunTable: mounter('runs'),
    mountCompare: mounter('compare')
  };
});

const P = '<img src=x onerror="window.__pwned=1">';
let server: Server;
let front: Front;
let opened: string[][];

beforeEach(() => {
  vi.useFakeTimers();
  mounts.length = 0;
  opened = [];
  server = new Server();
  const source = new Source(server, plainly);
  const places = {
    openRun: (...all: string[]) => void opened.push(all),
    openRuns: () => undefined,
    openCompare: () => undefined,
    openDataset: (...all: unknown[]) => void opened.push(all.map(String))
  };
  front = { source, activity: new Activity(source), t: plainly, places, notebooks: null };
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
    const first = front.activity.watch(runs => told.push(runs.length));
    const second = front.activity.watch(() => undefined);
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

  it('has ended once it left, with the status that it has now', async () => {
    const ended: ActiveRun[] = [];
    front.activity.watchEndings(run => ended.push(run));
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

describe('the arguments of commands', () => {
  it('are taken where they have their form', () => {
    const nothing = { workspace: undefined, run: undefined, runs: undefined, query: undefined };
    expect(wishOf({ workspace: 1, run: '', runs: ['a', 2], query: [] })).toEqual(nothing);
    expect(wishOf({ workspace: 'w', run: 'r', runs: ['a'], query: { sort: 'x' } })).toEqual({
      workspace: 'w',
      run: 'r',
      runs: ['a'],
      query: { sort: 'x' }
    });
    expect(cancelWish({ run: 'r' })).toBeNull();
    expect(wordsOf(' a, b\tb ')).toEqual(['a', 'b']);
  });
});

describe('the side panel', () => {
  const rows = (counts: Record<string, number> = { Running: 1, Failed: 2 }) => [
    { name: P, id: '1', created: null, is_archived: false, runs: 3, by_status: counts, tags: {} },
    { name: 'old', id: '2', created: null, is_archived: true, runs: 0, by_status: {}, tags: {} }
  ];
  let node: HTMLElement;
  let view: PanelView;

  async function shown(names: string[] = ['w'], runs: ActiveRun[] = []): Promise<Stream> {
    node = document.createElement('div');
    document.body.replaceChildren(node);
    view = new PanelView(node, front);
    view.show();
    const events = await stream();
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(json(names));
    await find('workspaces/w/ask/experiments').answer(json({ workspace: 'w', rows: rows() }));
    if (runs.length > 0) {
      await events.tell('view', '1', { runs });
    }
    return events;
  }
  const buttons = (): HTMLButtonElement[] => [...node.querySelectorAll('button')];

  it('lists experiments with their counts, and never as markup', async () => {
    await shown();
    expect(node.querySelector('img')).toBeNull();
    expect(buttons().map(button => button.textContent)).toEqual([
      'All runs',
      `${P}● 1 Running✗ 2 Failed`
    ]);
    expect(node.querySelector('select')!.hidden).toBe(true);
  });

  it('lets the user choose among workspaces', async () => {
    await shown(['w', P]);
    const select = node.querySelector('select')!;
    expect(select.hidden).toBe(false);
    select.value = P;
    select.dispatchEvent(new Event('change'));
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(json(['w', P]));
    expect(server.last.address).toBe(`workspaces/${encodeURIComponent(P)}/ask/experiments`);
  });

  it('shows what runs, and opens it', async () => {
    await shown(['w'], [active('r1', { name: P })]);
    const button = buttons()[0]!;
    expect(button.textContent).toBe(`● Running ${P}`);
    button.click();
    expect(opened).toEqual([['w', 'r1']]);
  });

  it('keeps the focus when something changes', async () => {
    const events = await shown(['w'], [active('r1')]);
    const experiment = buttons().at(-1)!;
    experiment.focus();
    await events.tell('view', '2', { runs: [active('r2'), active('r1')] });
    await vi.advanceTimersByTimeAsync(2_000);
    await find('workspaces').answer(json(['w']));
    await find('workspaces/w/ask/experiments').answer(
      json({ workspace: 'w', rows: [{ ...rows()[0], name: 'new' }, ...rows({ Running: 2 })] })
    );
    expect(document.activeElement).toBe(experiment);
    expect(experiment.textContent).toBe(`${P}● 2 Running`);
    expect(buttons()).toHaveLength(5);
  });

  it('shows the runs of an experiment', async () => {
    await shown();
    buttons()[1]!.click();
    expect(server.last.address).toBe('workspaces/w/ask/runs');
    expect(server.last.body).toEqual({
      query: { experiment: P },
      offset: 0,
      limit: 100
    });
    await server.last.answer(json({ params: [], metrics: [], rows: [], more: 0 }));
    expect(mounts).toEqual(['runs']);
    expect(buttons()[1]!.getAttribute('aria-pressed')).toBe('true');
    buttons()[0]!.click();
    expect(mounts).toEqual(['runs', 'runs gone']);
    view.dispose();
  });

  it('says what is wrong, and looks again', async () => {
    node = document.createElement('div');
    view = new PanelView(node, front);
    view.show();
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(page(404));
    expect(node.textContent).toContain('The server extension aml_magics is not enabled.');
    const count = server.requests.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.requests).toHaveLength(count + 1);
    view.dispose();
  });

  it('asks for nothing while it is hidden', async () => {
    const events = await shown(['w'], [active('r1')]);
    view.hide();
    await settle();
    expect(events.isCanceled).toBe(true);
    const count = server.requests.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.requests).toHaveLength(count);
  });
});

describe('a screen of its own', () => {
  const node = document.createElement('div');

  it('asks, draws and says its title', async () => {
    const titles: string[] = [];
    const screen = new Screen(node, front, { kind: 'run', workspace: 'w', run: 'r' }, title =>
      titles.push(title)
    );
    expect(node.textContent).toBe('Loading…');
    await server.last.answer(json({ id: 'r', name: 'train', short_id: 'r' }));
    expect(node.textContent).toBe('screen run');
    expect(titles).toEqual(['train']);
    screen.dispose();
    expect(mounts).toEqual(['run', 'run gone']);
  });

  it('tries again by itself when the server is away', async () => {
    const screen = new Screen(node, front, { kind: 'compare', workspace: 'w', runs: ['a'] });
    await server.last.fail();
    expect(node.textContent).toContain('The Jupyter server does not answer.');
    await vi.advanceTimersByTimeAsync(1_000);
    await server.last.answer(json({ runs: [] }));
    expect(node.textContent).toBe('screen compare');
    screen.dispose();
  });

  it('tries again when the user wants it, where a run is not there', async () => {
    const screen = new Screen(node, front, { kind: 'run', workspace: 'w', run: 'r' });
    await server.last.answer(json({ message: 'There is no run r.' }, 404));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.requests).toHaveLength(1);
    expect(node.textContent).toContain('There is no run r.');
    node.querySelector('button')!.click();
    expect(server.requests).toHaveLength(2);
    screen.dispose();
    await server.last.answer(json({ id: 'r', name: 'late', short_id: 'r' }));
    expect(node.textContent).toBe('');
  });

  it('says that it could not be drawn', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    new Screen(node, front, { kind: 'run', workspace: 'w', run: 'r' });
    await server.last.answer(json({ id: 'r', name: 'broken', short_id: 'r' }));
    expect(node.textContent).toContain('It broke.');
  });
});
