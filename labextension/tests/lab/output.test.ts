import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from '../../src/lab/activity';
import type { Front } from '../../src/lab/front';
import { Output } from '../../src/lab/output';
import { Source } from '../../src/lab/source';
import type { Host } from '../../src/ui/host';
import { plainly } from '../../src/ui/host';
import { MIME, VERSION } from '../../src/ui/snapshot';
import { Server } from './server';

interface Made {
  name: string;
  snapshot: object;
  host: Host;
  updates: object[];
  isDisposed: boolean;
}
const made: Made[] = [];

vi.mock('../../src/ui', () => {
  const mounter =
    (name: string) => (parent: HTMLElement, snapshot: { view: { name?: string } }, host: Host) => {
      if (snapshot.view.name === 'broken') {
        throw new Error('It broke.');
      }
      const one: Made = { name, snapshot, host, updates: [], isDisposed: false };
      made.push(one);
      parent.append(name);
      return {
        update: (newer: object) => one.updates.push(newer),
        dispose: () => (one.isDisposed = true)
      };
    };
  return {
    mountRun: mounter('run'),
    mountRunTable: mounter('runs'),
    mountCompare: mounter('compare')
  };
});

describe('an output', () => {
  let node: HTMLElement;
  let front: Front;
  const html = { show: vi.fn(async () => undefined), hide: vi.fn() };

  beforeEach(() => {
    made.length = 0;
    html.show.mockClear();
    html.hide.mockClear();
    node = document.createElement('div');
    const source = new Source(new Server(), plainly);
    front = { source, activity: new Activity(source), t: plainly, places: null, notebooks: null };
  });

  afterEach(() => vi.restoreAllMocks());

  const run = (fields: object = {}, view: object = {}): object => ({
    version: 1,
    workspace: 'w',
    view: { id: 'r', ...view },
    ...fields
  });
  const output = (mime: string = MIME.run): Output => new Output(node, mime, front, html);

  it.each([
    [MIME.run, run(), 'run'],
    [MIME.runTable, { version: 1, workspace: 'w', query: {}, view: { rows: [] } }, 'runs'],
    [MIME.compare, { version: 1, workspace: 'w', view: { runs: [] } }, 'compare']
  ])('of %s is its screen', async (mime, snapshot, name) => {
    await output(mime).render({ [mime]: snapshot });
    expect(made.map(one => one.name)).toEqual([name]);
  });

  it('has the notebook of a run that goes on saved once, and of no other', async () => {
    vi.useFakeTimers();
    const save = vi.fn();
    front.notebooks = { insert: () => false, session: () => null, save };
    const drawn = async (...views: object[]): Promise<number> => {
      save.mockClear();
      const one = output();
      for (const view of views) {
        await one.render({ [MIME.run]: run({}, view) });
      }
      vi.advanceTimersByTime(60_000);
      return save.mock.calls.length;
    };
    expect(await drawn({ is_terminal: false })).toBe(1);
    expect(await drawn({ is_terminal: false }, { is_terminal: false })).toBe(1);
    expect(await drawn({ is_terminal: false }, { is_terminal: true })).toBe(0);
    expect(await drawn({ is_terminal: true })).toBe(0);
    save.mockClear();
    const away = output();
    await away.render({ [MIME.run]: run({}, { is_terminal: false }) });
    away.dispose();
    vi.advanceTimersByTime(60_000);
    expect(save).not.toHaveBeenCalled();
    vi.useRealTimers();
  });

  it('unpacks what a notebook holds', async () => {
    await output().render({
      [MIME.run]: run({ view: '{"id":"r","files":{"$fields":["name"],"$rows":[["a"]]}}' })
    });
    expect(made[0]!.snapshot).toMatchObject({ view: { id: 'r', files: [{ name: 'a' }] } });
  });

  it('takes a newer state of its run, and begins anew with another one', async () => {
    const one = output();
    await one.render({ [MIME.run]: run() });
    await one.render({ [MIME.run]: run({}, { status: 'Completed' }) });
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toHaveLength(1);
    await one.render({ [MIME.run]: run({}, { id: 's' }) });
    expect(made).toHaveLength(2);
    expect(made[0]!.isDisposed).toBe(true);
    expect(node.textContent).toBe('run');
  });

  it('shows the HTML of a newer version', async () => {
    await output().render({ [MIME.run]: { version: VERSION + 1 }, 'text/html': '<b>run</b>' });
    expect(html.show).toHaveBeenCalledTimes(1);
    expect(node.textContent).toBe('');
  });

  it('says that it is of a newer version where there is no HTML', async () => {
    await output().render({ [MIME.run]: { version: VERSION + 1 } });
    expect(html.show).not.toHaveBeenCalled();
    expect(node.textContent).toContain('newer version');
  });

  it('leaves the screen for a newer version, and comes back', async () => {
    const one = output();
    await one.render({ [MIME.run]: run() });
    await one.render({ [MIME.run]: { version: VERSION + 1 }, 'text/html': 'x' });
    expect(made[0]!.isDisposed).toBe(true);
    html.hide.mockClear();
    await one.render({ [MIME.run]: run() });
    expect(html.hide).toHaveBeenCalled();
    expect(made).toHaveLength(2);
  });

  it.each([
    null,
    undefined,
    7,
    'x',
    {},
    { version: 1 },
    { version: 1, workspace: 'w', view: null }
  ])('that holds %j says that it is damaged', async data => {
    await output().render({ [MIME.run]: data });
    expect(node.textContent).toContain('This output is damaged');
  });

  it('that fails says so, and lets nothing out', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await output().render({ [MIME.run]: run({}, { name: 'broken' }) });
    expect(node.textContent).toBe('This output could not be drawn: It broke.');
  });

  it('that fails to draw HTML says so', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    html.show.mockRejectedValueOnce(new Error('<b>no</b>'));
    await output().render({ [MIME.run]: { version: VERSION + 1 }, 'text/html': 'x' });
    expect(node.textContent).toContain('<b>no</b>');
    expect(node.querySelector('b')).toBeNull();
  });

  it('is put away once', async () => {
    const one = output();
    await one.render({ [MIME.run]: run() });
    one.dispose();
    one.dispose();
    expect(made[0]!.isDisposed).toBe(true);
  });

  it('shares its selection where it is of a widget', async () => {
    await output().render({ [MIME.run]: run({ widget: 'm1' }) });
    expect(made[0]!.host.selection?.get()).toEqual([]);
    await output().render({ [MIME.run]: run() });
    expect(made[1]!.host.selection).toBeUndefined();
  });
});
