import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Front, Notebooks } from '../../src/lab/front';
import { subjectOfBundle } from '../../src/lab/notebook/bundle';
import { Output } from '../../src/lab/notebook/output';
import { VERSION } from '../../src/ui/place/snapshot';
import { made, missing } from '../fake_screens';
import { frontOf } from './front';
import { Server } from './server';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));

const RUN = 'application/vnd.test.run+json';
const NOTEBOOKS: Notebooks = {
  insert: () => false,
  session: () => null,
  save: () => undefined,
  hold: () => null,
  holdView: () => undefined
};

describe('an output', () => {
  let node: HTMLElement;
  let front: Front;
  const html = { show: vi.fn(async () => undefined), hide: vi.fn() };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    made.length = 0;
    missing.clear();
    html.show.mockClear();
    html.hide.mockClear();
    node = document.createElement('div');
    front = frontOf(new Server());
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const run = (fields: object = {}, view: object = {}): object => ({
    version: 1,
    workspace: 'w',
    view: { id: 'r', ...view },
    ...fields
  });
  const output = (mime: string = RUN): Output => new Output(node, mime, front, html);

  it.each(['run', 'compare', 'plain'])('of a %s is its screen', async kind => {
    const mime = `application/vnd.test.${kind}+json`;
    await output(mime).render({ [mime]: run() });
    expect(made.map(one => one.kind)).toEqual([kind]);
    expect(made[0]!.host.workspace).toBe('w');
    expect(node.textContent).toBe(`screen ${kind}`);
  });

  it('of a kind that nobody registered is its HTML', async () => {
    const mime = 'application/vnd.test.unknown+json';
    await output(mime).render({ [mime]: run(), 'text/html': 'x' });
    expect(html.show).toHaveBeenCalledTimes(1);
    await output(mime).render({ [mime]: run() });
    expect(node.textContent).toContain('newer version');
  });

  it('has the notebook of a run that goes on saved once, and of no other', async () => {
    const save = vi.fn();
    front.notebooks = { ...NOTEBOOKS, save };
    const drawn = async (...views: object[]): Promise<number> => {
      save.mockClear();
      const one = output();
      for (const view of views) {
        await one.render({ [RUN]: run({}, view) });
      }
      vi.advanceTimersByTime(60_000);
      return save.mock.calls.length;
    };
    expect(await drawn({ isOver: false })).toBe(1);
    expect(await drawn({ isOver: false }, { isOver: false })).toBe(1);
    expect(await drawn({ isOver: false }, { isOver: true })).toBe(0);
    expect(await drawn({ isOver: true })).toBe(0);
    save.mockClear();
    const away = output();
    await away.render({ [RUN]: run({}, { isOver: false }) });
    away.dispose();
    vi.advanceTimersByTime(60_000);
    expect(save).not.toHaveBeenCalled();
  });

  it('of a run that goes on is remembered for a reload, until it is put away', async () => {
    const forget = vi.fn();
    const hold = vi.fn(() => forget);
    front.notebooks = { ...NOTEBOOKS, hold };
    const one = output();
    const bundle = { [RUN]: run({}, { isOver: false }), 'text/html': 'x' };
    await one.render(bundle);
    expect(hold).not.toHaveBeenCalled();
    document.body.append(node);
    one.attached();
    const subject = '["w",null,{"kind":"run","id":"r"}]';
    expect(hold.mock.calls).toEqual([[node, subject, bundle]]);
    const end = { [RUN]: run({}, { isOver: true }) };
    await one.render(end);
    expect(hold.mock.calls.slice(1)).toEqual([[node, subject, end]]);
    expect(forget).not.toHaveBeenCalled();
    one.dispose();
    expect(forget).toHaveBeenCalledTimes(1);
    hold.mockClear();
    await output().render(end);
    expect(hold).not.toHaveBeenCalled();
    node.remove();
  });

  it('keeps how it is shown, and begins anew where somebody else changed that', async () => {
    const holdView = vi.fn();
    front.notebooks = { ...NOTEBOOKS, holdView };
    const one = output();
    const model = {
      metadata: {},
      data: { [RUN]: run() },
      setData: vi.fn((options: { metadata: object }) => {
        model.metadata = options.metadata;
        void one.render(model.data, model);
      })
    };
    await one.render(model.data, model);
    const { kept } = made[0]!.host;
    kept!.set('run', { a: 1 });
    expect(model.metadata).toEqual({ [RUN]: { view: { a: 1 } } });
    expect(holdView.mock.calls).toEqual([
      [node, '["w",null,{"kind":"run","id":"r"}]', { mime: RUN, view: { a: 1 } }]
    ]);
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toEqual([]);
    model.metadata = { [RUN]: { view: { a: 2 } } };
    await one.render(model.data, model);
    expect(made).toHaveLength(2);
    expect(made[1]!.host.kept!.get('run')).toEqual({ a: 2 });
    kept!.set('run', { a: 3 });
    expect(model.metadata).toEqual({ [RUN]: { view: { a: 2 } } });
  });

  it('unpacks what a notebook holds', async () => {
    await output().render({
      [RUN]: run({ view: '{"id":"r","files":{"$fields":["name"],"$rows":[["a"]]}}' })
    });
    expect(made[0]!.snapshot).toMatchObject({ view: { id: 'r', files: [{ name: 'a' }] } });
  });

  it('takes a newer state of its run, and begins anew with another one', async () => {
    const one = output();
    await one.render({ [RUN]: run() });
    await one.render({ [RUN]: run({}, { status: 'Completed' }) });
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toHaveLength(1);
    await one.render({ [RUN]: run({}, { id: 's' }) });
    expect(made).toHaveLength(2);
    expect(made[0]!.isDisposed).toBe(true);
    expect(node.textContent).toBe('screen run');
  });

  it('draws the newest state where several come while its code is loaded', async () => {
    const one = output();
    const first = one.render({ [RUN]: run({}, { name: 'old' }) });
    await one.render({ [RUN]: run({}, { name: 'new' }) });
    await first;
    expect(made.map(({ snapshot }) => (snapshot.view as { name: string }).name)).toEqual(['new']);
  });

  it('that was put away while its code was loaded draws nothing', async () => {
    const one = output();
    const drawn = one.render({ [RUN]: run() });
    one.dispose();
    await drawn;
    expect(made).toEqual([]);
  });

  it('whose code does not come says so, shows its HTML, and tries again', async () => {
    missing.add('run');
    const one = output();
    await one.render({ [RUN]: run(), 'text/html': 'x' });
    expect(node.textContent).toContain('The code of this screen could not be loaded');
    expect(html.show).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(made).toEqual([]);
    missing.clear();
    html.hide.mockClear();
    node.querySelector('button')!.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(node.textContent).toBe('screen run');
    expect(html.hide).toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(made).toHaveLength(1);
  });

  it('shows the HTML of a newer version', async () => {
    await output().render({ [RUN]: { version: VERSION + 1 }, 'text/html': '<b>run</b>' });
    expect(html.show).toHaveBeenCalledTimes(1);
    expect(node.textContent).toBe('');
  });

  it('says that it is of a newer version where there is no HTML', async () => {
    await output().render({ [RUN]: { version: VERSION + 1 } });
    expect(html.show).not.toHaveBeenCalled();
    expect(node.textContent).toContain('newer version');
  });

  it('leaves the screen for a newer version, and comes back', async () => {
    const one = output();
    await one.render({ [RUN]: run() });
    await one.render({ [RUN]: { version: VERSION + 1 }, 'text/html': 'x' });
    expect(made[0]!.isDisposed).toBe(true);
    html.hide.mockClear();
    await one.render({ [RUN]: run() });
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
    { version: 1, workspace: 'w', view: null },
    { version: 1, workspace: 'w', view: "{'cut" }
  ])('that holds %j says that it is damaged', async data => {
    await output().render({ [RUN]: data });
    expect(node.textContent).toContain('This output is damaged');
  });

  it('that fails says so, and lets nothing out', async () => {
    await output().render({ [RUN]: run({}, { name: 'broken' }) });
    expect(node.textContent).toBe('This could not be drawn: It broke.Try again');
    expect(html.show).toHaveBeenCalledTimes(1);
  });

  it('that fails to draw HTML says so', async () => {
    html.show.mockRejectedValueOnce(new Error('<b>no</b>'));
    await output().render({ [RUN]: { version: VERSION + 1 }, 'text/html': 'x' });
    expect(node.textContent).toContain('<b>no</b>');
    expect(node.querySelector('b')).toBeNull();
  });

  it('is what commands are about, and is drawn anew with what it held last', async () => {
    const one = output();
    await one.render({ [RUN]: run() });
    await one.render({ [RUN]: run({}, { name: 'newer' }) });
    document.body.append(node);
    node.dispatchEvent(new Event('pointerdown'));
    const shown = front.focus.current(null, 'run')!;
    expect(shown).toMatchObject({ workspace: 'w', subject: { kind: 'run', id: 'r' } });
    shown.renew();
    await vi.advanceTimersByTimeAsync(0);
    expect(made.map(({ isDisposed }) => isDisposed)).toEqual([true, false]);
    expect(made[1]!.snapshot).toMatchObject({ view: { name: 'newer' } });
    one.dispose();
    expect(front.focus.current(null)).toBeNull();
    shown.renew();
    await vi.advanceTimersByTimeAsync(0);
    expect(made).toHaveLength(2);
    node.remove();
  });

  it('is put away once', async () => {
    const one = output();
    await one.render({ [RUN]: run() });
    one.dispose();
    one.dispose();
    expect(made[0]!.isDisposed).toBe(true);
  });

  it('shares its selection where it is of a widget', async () => {
    await output().render({ [RUN]: run({ widget: 'm1' }) });
    expect(made[0]!.host.selection?.get()).toEqual([]);
    await output().render({ [RUN]: run() });
    expect(made[1]!.host.selection).toBeUndefined();
  });
});

describe('what a bundle is of', () => {
  it('is its workspace, its widget, and what its screen shows', () => {
    const of = (snapshot: unknown): string | null =>
      subjectOfBundle({ 'text/plain': 'a run', [RUN]: snapshot });
    const whole = { version: 1, workspace: 'w', view: { id: 'r', name: 'any' } };
    expect(of(whole)).toBe('["w",null,{"kind":"run","id":"r"}]');
    expect(of({ ...whole, widget: 'm' })).toBe('["w","m",{"kind":"run","id":"r"}]');
    expect(of({ ...whole, view: '{"id":"r"}' })).toBe(of(whole));
  });

  it.each([[{}], [{ 'text/plain': 'x' }], [{ [RUN]: null }], [{ [RUN]: { version: 1 } }]])(
    'is nothing of %j',
    data => expect(subjectOfBundle(data)).toBeNull()
  );
});
