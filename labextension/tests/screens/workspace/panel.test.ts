import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from '../../../src/lab/activity';
import type { Front } from '../../../src/lab/front';
import { PanelView } from '../../../src/screens/workspace/panel_view';
import { LabHost } from '../../../src/lab/host';
import { Source } from '../../../src/lab/source';
import { plainly, type ActiveRun } from '../../../src/ui/host';
import type { Mount } from '../../../src/ui/screen';
import { json, page, Server, settle, Stream } from '../../lab/server';

vi.mock('../../../src/screens/registry.gen', async () => {
  const { default: runs } = await import('../../../src/screens/runs/index');
  return { SCREENS: [{ ...runs, load: async () => ({ mount }) }] };
});
const mounts: string[] = [];
const mount: Mount = parent => {
  mounts.push('runs');
  parent.append('screen runs');
  return { update: () => undefined, dispose: () => mounts.push('runs gone') };
};

const P = '<img src=x onerror="window.__pwned=1">';
let server: Server;
let front: Front;
let opened: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  mounts.length = 0;
  opened = [];
  server = new Server();
  const source = new Source(server, plainly);
  const places = {
    open: (workspace: string, subject: object) => void opened.push([workspace, subject])
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

const panel = (): PanelView => {
  const host = new LabHost(front, '', node);
  return new PanelView(node, host, host.workspaces);
};
let node: HTMLElement;

describe('the side panel', () => {
  const rows = (counts: Record<string, number> = { Running: 1, Failed: 2 }) => [
    { name: P, id: '1', created: null, is_archived: false, runs: 3, by_status: counts, tags: {} },
    { name: 'old', id: '2', created: null, is_archived: true, runs: 0, by_status: {}, tags: {} }
  ];
  let view: PanelView;

  async function shown(names: string[] = ['w'], runs: ActiveRun[] = []): Promise<Stream> {
    node = document.createElement('div');
    document.body.replaceChildren(node);
    view = panel();
    view.show();
    const events = await stream();
    await vi.advanceTimersByTimeAsync(0);
    await find('workspaces').answer(json(names));
    await find('workspaces/w/experiments').answer(json({ workspace: 'w', rows: rows() }));
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
    expect(server.last.address).toBe(`workspaces/${encodeURIComponent(P)}/experiments`);
  });

  it('shows what runs, and opens it', async () => {
    await shown(['w'], [active('r1', { name: P })]);
    const button = buttons()[0]!;
    expect(button.textContent).toBe(`● Running ${P}`);
    button.click();
    expect(opened).toEqual([['w', { kind: 'run', run: 'r1' }]]);
  });

  it('keeps the focus when something changes', async () => {
    const events = await shown(['w'], [active('r1')]);
    const experiment = buttons().at(-1)!;
    experiment.focus();
    await events.tell('view', '2', { runs: [active('r2'), active('r1')] });
    await vi.advanceTimersByTimeAsync(2_000);
    await find('workspaces').answer(json(['w']));
    await find('workspaces/w/experiments').answer(
      json({ workspace: 'w', rows: [{ ...rows()[0], name: 'new' }, ...rows({ Running: 2 })] })
    );
    expect(document.activeElement).toBe(experiment);
    expect(experiment.textContent).toBe(`${P}● 2 Running`);
    expect(buttons()).toHaveLength(5);
  });

  it('shows the runs of an experiment', async () => {
    await shown();
    buttons()[1]!.click();
    expect(server.last.address).toBe(
      `workspaces/w/runs?experiment=${encodeURIComponent(P)}&limit=100&offset=0`
    );
    await server.last.answer(json({ params: [], metrics: [], rows: [], more: 0 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(mounts).toEqual(['runs']);
    expect(buttons()[1]!.getAttribute('aria-pressed')).toBe('true');
    buttons()[0]!.click();
    expect(mounts).toEqual(['runs', 'runs gone']);
    view.dispose();
  });

  it('says what is wrong, and looks again', async () => {
    node = document.createElement('div');
    view = panel();
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
