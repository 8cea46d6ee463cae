import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Front } from '../../src/lab/front';
import { LabHost, showSubject } from '../../src/lab/host';
import type { Subject } from '../../src/ui/host';
import { made, missing } from '../fake_screens';
import { frontOf } from './front';
import { json, Server, Stream } from './server';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));

let server: Server;
let front: Front;
let node: HTMLElement;
let inserted: [string, boolean][];
let opened: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  made.length = 0;
  missing.clear();
  inserted = [];
  opened = [];
  node = document.createElement('div');
  server = new Server();
  front = frontOf(server, {
    places: { open: (...all) => void opened.push(all) },
    notebooks: {
      insert: (_near, code, isRun) => inserted.push([code, isRun]) < 2,
      session: () => null,
      save: () => undefined,
      hold: () => null,
      holdView: () => undefined
    }
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Answers, and lets the code of the screen come. */
async function answer(response: Response): Promise<void> {
  await server.last.answer(response);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
}

describe('the host', () => {
  it('opens other places, and inserts code into a notebook', () => {
    const host = new LabHost(front, 'w', document.body);
    host.open?.({ kind: 'run', id: 'r' });
    expect(opened).toEqual([['w', { kind: 'run', id: 'r' }]]);
    host.insert?.('1', true);
    expect(inserted).toEqual([['1', true]]);
    expect(() => host.insert?.('2', false)).toThrow('Open a notebook first');
  });

  it('does neither in a page without them', () => {
    Object.assign(front, { places: null, notebooks: null });
    const host = new LabHost(front, 'w', document.body);
    expect([host.open, host.insert, host.selection]).toEqual([undefined, undefined, undefined]);
  });

  it('has addresses of files under the prefix of the server', () => {
    const host = new LabHost(front, 'w', document.body);
    expect(host.fileUrl('r', 'a/b.txt')).toBe(
      'http://hub.test/user/ada/aml-magics/api/workspaces/w/runs/r/files/a/b.txt'
    );
    expect(host.fileUrl('r', '../x')).toBe('#');
  });

  it('reaches other workspaces', async () => {
    const { workspaces } = new LabHost(front, 'w', document.body);
    const names = workspaces.names();
    await server.last.answer(json(['w', 'v']));
    expect(await names).toEqual(['w', 'v']);
    const other = workspaces.at('v');
    other.open?.({ kind: 'run', id: 'r' });
    expect([other.workspace, opened]).toEqual(['v', [['v', { kind: 'run', id: 'r' }]]]);
    const told: number[] = [];
    workspaces.watch(runs => told.push(runs.length))();
    expect(told).toEqual([0]);
  });

  it('tells edits of one run of its workspace', async () => {
    const edited = vi.fn();
    const unwatch = new LabHost(front, 'w', document.body).watchEdits('r', edited);
    const events = new Stream();
    await server.last.answer(events.response);
    const edits = [
      { workspace: 'v', id: 'r', time: 1 },
      { workspace: 'w', id: 'q', time: 1 }
    ];
    await events.tell('activity', '1', { runs: [], edits: [] });
    await events.tell('activity', '2', { runs: [], edits });
    expect(edited).not.toHaveBeenCalled();
    await events.tell('activity', '3', { runs: [], edits: [{ ...edits[1], id: 'r' }] });
    expect(edited).toHaveBeenCalledTimes(1);
    unwatch();
  });

  it('draws another screen in a part of one, and shares what is selected', async () => {
    const host = new LabHost(front, 'w', document.body);
    const selection = { get: () => [], set: () => undefined, subscribe: () => () => undefined };
    const embedded = host.embed(node, { kind: 'plain', id: 'p' }, selection);
    await answer(json({ id: 'p' }));
    expect(node.textContent).toBe('screen plain');
    expect(made[0]).toMatchObject({ selection, snapshot: { workspace: 'w', view: { id: 'p' } } });
    embedded.dispose();
    expect(made[0]!.isDisposed).toBe(true);
    expect(node.childNodes).toHaveLength(0);
  });
});

describe('a screen of its own', () => {
  const titles: string[] = [];
  const show = (subject: Subject): { dispose(): void } => {
    titles.length = 0;
    return showSubject(front, node, 'w', subject, { titled: title => titles.push(title) });
  };

  it('asks, draws and says its title', async () => {
    const shown = show({ kind: 'run', id: 'r' });
    expect(node.textContent).toBe('Loading…');
    await answer(json({ id: 'r', name: 'train' }));
    expect(node.textContent).toBe('screen run');
    expect(titles).toEqual(['train']);
    shown.dispose();
    expect(made.map(({ isDisposed }) => isDisposed)).toEqual([true]);
  });

  it('of a kind that nobody registered says so', () => {
    show({ kind: '<b>', id: 'r' });
    expect(node.textContent).toBe('There is no screen “<b>” in this version of aml_magics.');
    expect(server.requests).toEqual([]);
  });

  it('tries again by itself when the server is away', async () => {
    const shown = show({ kind: 'run', id: 'r' });
    await server.last.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(node.textContent).toContain('The Jupyter server does not answer.');
    await vi.advanceTimersByTimeAsync(1_000);
    await answer(json({ id: 'r' }));
    expect(node.textContent).toBe('screen run');
    shown.dispose();
  });

  it('tries again by itself when its code does not come', async () => {
    missing.add('run');
    const shown = show({ kind: 'run', id: 'r' });
    await answer(json({ id: 'r' }));
    expect(node.textContent).toContain('The code of this screen could not be loaded.');
    missing.clear();
    await vi.advanceTimersByTimeAsync(1_000);
    await answer(json({ id: 'r' }));
    expect(node.textContent).toBe('screen run');
    shown.dispose();
  });

  it('tries again when the user wants it, where a run is not there', async () => {
    const shown = show({ kind: 'run', id: 'r' });
    await answer(json({ message: 'There is no run <r>.' }, 404));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.requests).toHaveLength(1);
    expect(node.textContent).toContain('There is no run <r>.');
    node.querySelector('button')!.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.requests).toHaveLength(2);
    shown.dispose();
    await answer(json({ id: 'r', name: 'late' }));
    expect(node.textContent).toBe('');
    expect(made).toEqual([]);
  });

  it('says that it could not be drawn', async () => {
    show({ kind: 'run', id: 'r' });
    await answer(json({ id: 'r', name: 'broken' }));
    expect(node.textContent).toContain('This could not be drawn: It broke.');
  });
});
