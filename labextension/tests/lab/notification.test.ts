import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forget, notes } from './fake_apputils';
import { active, LabPage } from './lab_page';
import { settle } from './server';

vi.mock('@jupyterlab/apputils', () => import('./fake_apputils'));
vi.mock('@jupyterlab/settingregistry', () => ({ ISettingRegistry: 'settings' }));
vi.mock('../../src/lab/front_plugin', () => ({ IFront: 'front' }));

let page: LabPage;
let composite: Record<string, unknown>;
let change: (settings: object) => Promise<void>;

beforeEach(() => {
  forget();
  page = new LabPage();
  composite = {};
});

/** Starts the plugin with these settings, which can be changed. */
async function start(settings: object): Promise<void> {
  Object.assign(composite, settings);
  let slot = (): void => undefined;
  const registry = {
    load: async () => ({ composite, changed: { connect: (told: () => void) => (slot = told) } })
  };
  change = async now => {
    Object.assign(composite, now);
    slot();
    await settle();
  };
  const { notification } = await import('../../src/lab/notification');
  page.activate(notification, registry);
  await settle();
}

/** A run is seen running, and has ended like this. */
async function end(status: string, elapsed: number): Promise<void> {
  await page.running(active('a'));
  await page.running();
  const rows = [{ id: 'a', name: 'train', status, elapsed }];
  await page.answer('workspaces/w/ask/runs', { params: [], metrics: [], more: 0, rows });
}

describe('the note of a run that ended', () => {
  it('says how and when, goes by itself, and opens the run', async () => {
    const open = vi.fn();
    page.front.places = { open };
    await start({});
    await end('Completed', 65);
    expect(notes).toMatchObject([
      { type: 'success', text: 'train completed after 1 min 05 s.', autoClose: 10_000 }
    ]);
    expect(notes[0]!.actions.map(({ label }) => label)).toEqual(['Open run']);
    notes[0]!.actions[0]!.callback();
    expect(open).toHaveBeenCalledExactlyOnceWith('w', { kind: 'run', run: 'a' });
  });

  it('offers nothing to open where there is no place for it', async () => {
    await start({});
    await end('Failed', 65);
    expect(notes).toMatchObject([{ type: 'error', actions: [] }]);
  });

  it('is left out where the run was quicker than the settings say, as they are by then', async () => {
    await start({ minimumSeconds: 100 });
    await end('Completed', 99);
    expect(notes).toEqual([]);
    await change({ minimumSeconds: 99 });
    await end('Completed', 99);
    expect(notes).toHaveLength(1);
  });

  it('is of those alone that failed, where the user wants that', async () => {
    await start({ notifications: 'failed', minimumSeconds: 0 });
    await end('Completed', 65);
    await end('Canceled', 65);
    expect(notes).toEqual([]);
    await end('Failed', 65);
    expect(notes).toHaveLength(1);
  });

  it('costs no connection where the user wants none, and begins when they do', async () => {
    await start({ notifications: 'none' });
    expect(page.server.requests).toEqual([]);
    await change({ notifications: 'all' });
    expect(page.count('activity')).toBe(1);
    await page.running(active('a'));
    await change({ notifications: 'none' });
    expect(page.request('activity').init.signal?.aborted).toBe(true);
  });

  it('is not said twice when settings change that are not about it', async () => {
    await start({});
    await change({ side: 'right' });
    await change({ side: 'left' });
    expect(page.count('activity')).toBe(1);
    await end('Completed', 65);
    expect(notes).toHaveLength(1);
  });

  it('is said by the defaults where the settings cannot be read', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { notification } = await import('../../src/lab/notification');
    page.activate(notification, { load: () => Promise.reject(new Error('no schema')) });
    await settle();
    await end('Completed', 31);
    expect(notes).toHaveLength(1);
    vi.restoreAllMocks();
  });
});
