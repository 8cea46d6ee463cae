import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host, Subject } from '../../src/ui/host';
import { fileLink, fileOf, save } from '../../src/widget/download';
import { widgetOf } from '../../src/widget/widget';
import { made, SCREENS } from '../fake_screens';
import { Model, snapshot } from './model';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));
vi.mock('../../src/widget/module', async original => ({
  ...(await original<object>()),
  imported: async ({ script }: { script: string }) =>
    SCREENS.find(({ kind }) => kind === script)!.load()
}));

let model: Model;
let el: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  made.length = 0;
  model = new Model();
  el = document.createElement('div');
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const render = async (): Promise<() => void> => {
  const cleanup = widgetOf(SCREENS[0]!).render({ model, el });
  await vi.advanceTimersByTimeAsync(0);
  return cleanup;
};
const host = (): Host => made.at(-1)!.host;
const lastAsk = (): { ask: number; kind: string; question: unknown } =>
  model.sent.filter(({ ask }) => ask).at(-1) as never;

describe('a widget', () => {
  it('draws its screen', async () => {
    await render();
    expect(made.map(one => one.kind)).toEqual(['run']);
    expect(el.textContent).toBe('screen run');
  });

  it('draws a packed snapshot', async () => {
    model.values['_snapshot'] = snapshot({ view: '{"id":"r"}' });
    await render();
    expect(made.map(one => one.kind)).toEqual(['run']);
  });

  it('takes newer snapshots', async () => {
    await render();
    model.change('_snapshot', snapshot({}, { status: 'Completed' }));
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toHaveLength(1);
  });

  it('leaves nothing behind', async () => {
    const cleanup = await render();
    cleanup();
    expect(model.count).toBe(0);
    expect(el.childNodes).toHaveLength(0);
  });

  it.each([
    [{ version: 99 }, 'newer version'],
    [null, 'damaged'],
    [{ version: 1 }, 'damaged']
  ])('says what is wrong with %j', async (value, text) => {
    model.values['_snapshot'] = value;
    await render();
    expect(el.textContent).toContain(text);
    model.change('_snapshot', snapshot());
    await vi.advanceTimersByTimeAsync(0);
    expect(el.textContent).toBe('screen run');
  });

  it('that cannot be drawn says so', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    model.values['_snapshot'] = snapshot({}, { name: 'broken' });
    await render();
    expect(el.textContent).toContain('This could not be drawn: It broke.');
  });

  it('draws the newest of the snapshots that come while its code is loaded', async () => {
    const rendered = render();
    model.change('_snapshot', snapshot({}, { name: 'new' }));
    await rendered;
    expect(made.map(one => one.snapshot.view)).toEqual([{ id: 'r', name: 'new' }]);
  });
});

describe('another screen in a widget', () => {
  const embed = (subject: Subject): { place: HTMLElement; end(): void } => {
    const place = document.createElement('div');
    const embedded = host().embed(place, subject);
    return { place, end: () => embedded.dispose() };
  };
  const said = (kind: string): { ask: number; question: unknown }[] =>
    model.sent.filter(one => one.kind === kind) as never;
  const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

  it('is drawn by code that comes from the kernel, once', async () => {
    const cleanup = await render();
    const one = embed({ kind: 'plain', id: 'p' });
    expect(said('module').map(({ question }) => question)).toEqual([{ screen: 'plain' }]);
    model.say({ answer: said('module')[0]!.ask, value: { script: 'plain', style: '.a {}' } });
    model.say({ answer: said('plain')[0]!.ask, value: { id: 'p' } });
    await settled();
    expect(one.place.textContent).toBe('screen plain');
    expect(el.querySelector('style')!.textContent).toBe('.a {}');
    expect(made.at(-1)).toMatchObject({ kind: 'plain', snapshot: { view: { id: 'p' } } });
    one.end();
    expect(made.at(-1)!.isDisposed).toBe(true);
    const again = embed({ kind: 'plain', id: 'q' });
    model.say({ answer: said('plain')[1]!.ask, value: { id: 'q' } });
    await settled();
    expect(again.place.textContent).toBe('screen plain');
    expect(said('module')).toHaveLength(1);
    cleanup();
    expect(el.querySelector('style')).toBeNull();
  });

  it('says why its code does not come, and asks again', async () => {
    await render();
    const { place } = embed({ kind: 'plain', id: 'p' });
    model.say({ answer: said('module')[0]!.ask, error: 'There is no screen plain.' });
    model.say({ answer: said('plain')[0]!.ask, value: { id: 'p' } });
    await settled();
    expect(place.textContent).toContain('There is no screen plain.');
    place.querySelector('button')!.click();
    await settled();
    expect(said('module')).toHaveLength(2);
  });

  it('waits for a kernel that is busy', async () => {
    await render();
    const { place } = embed({ kind: 'plain', id: 'p' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(place.textContent).toContain('The kernel is busy');
    await vi.advanceTimersByTimeAsync(1_000);
    model.say({ answer: said('module')[1]!.ask, value: { script: 'plain', style: '' } });
    model.say({ answer: said('plain')[1]!.ask, value: { id: 'p' } });
    await settled();
    expect(place.textContent).toBe('screen plain');
  });

  it('of a kind that nobody registered says so', async () => {
    await render();
    expect(embed({ kind: 'x' }).place.textContent).toContain('There is no screen “x”');
  });
});

describe('questions of a widget', () => {
  it('are answered by number', async () => {
    await render();
    const log = host().ask('log', { run: 'r' });
    const first = lastAsk();
    const ghosts = host().ask('ghosts', { run: 'r' });
    const second = lastAsk();
    expect(first).toMatchObject({ kind: 'log', question: { run: 'r' } });
    expect(second.ask).not.toBe(first.ask);
    expect(Number.isSafeInteger(second.ask)).toBe(true);
    model.say({ answer: second.ask, value: [] });
    model.say({ answer: first.ask, error: 'Run r has no log.' });
    model.say({ answer: first.ask, value: 'late' });
    expect(await ghosts).toEqual([]);
    await expect(log).rejects.toThrow('Run r has no log.');
  });

  it('that are not answered say that the kernel is busy, and a late answer is ignored', async () => {
    await render();
    const failed = expect(host().ask('cancel', { run: 'r' })).rejects.toThrow(
      'The kernel is busy; the answer comes when the cell has ended.'
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    model.say({ answer: lastAsk().ask, value: { status: 'Canceled', reason: '' } });
  });

  it('end with the view', async () => {
    const cleanup = await render();
    const failed = expect(host().ask('ghosts', { run: 'r' })).rejects.toThrow(
      'The view was closed.'
    );
    cleanup();
    await failed;
  });

  it('of a kernel that cannot be reached say so in time', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await render();
    model.send = () => {
      throw new Error('comm is closed');
    };
    const failed = expect(host().ask('ghosts', { run: 'r' })).rejects.toThrow('The kernel is busy');
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });
});

describe('the selection of a widget', () => {
  it('is the trait, both ways', async () => {
    model.values['selected'] = ['a'];
    await render();
    const selection = host().selection!;
    const told: string[][] = [];
    const end = selection.subscribe(ids => told.push(ids));
    expect(selection.get()).toEqual(['a']);
    selection.set(['a', 'b']);
    selection.set(['a', 'b']);
    expect(model.saved).toEqual([['a', 'b']]);
    model.change('selected', ['c', 5]);
    expect(told).toEqual([['c']]);
    end();
    model.change('selected', ['d']);
    expect(told).toHaveLength(1);
  });

  it('is not there without the trait', async () => {
    await render();
    expect(host().selection).toBeUndefined();
  });
});

describe('how a widget is shown', () => {
  it('is the trait, for each screen in it', async () => {
    await render();
    const { kept } = host();
    expect([kept!.get('run'), kept!.get('constructor')]).toEqual([undefined, undefined]);
    kept!.set('run', { a: 1 });
    kept!.set('compare', { b: 2 });
    expect(model.values['_views']).toEqual({ run: { a: 1 }, compare: { b: 2 } });
    expect(model.saved).toHaveLength(2);
    expect(kept!.get('run')).toEqual({ a: 1 });
  });
});

describe('files of a widget', () => {
  it.each(['a.txt', 'a/b c.bin', '../x', '<img>', '%2f'])(
    'have a link for %j that can be read back',
    file => {
      expect(new URL(fileLink('r/1', file)).protocol).toBe('blob:');
      expect(fileOf(fileLink('r/1', file))).toEqual({ run: 'r/1', file });
    }
  );

  it('are asked for by a click, and saved', async () => {
    URL.createObjectURL = vi.fn(() => 'blob:x');
    URL.revokeObjectURL = vi.fn();
    const clicked = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    await render();
    const link = document.createElement('a');
    link.href = host().fileUrl!('r', 'out/model.bin');
    made[0]!.parent.append(link);
    const event = new MouseEvent('click', { bubbles: true, cancelable: true });
    link.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(lastAsk()).toMatchObject({
      kind: 'download',
      question: { run: 'r', file: 'out/model.bin' }
    });
    model.say({ answer: lastAsk().ask, value: { size: 1 } }, [new DataView(new ArrayBuffer(1))]);
    await vi.advanceTimersByTimeAsync(0);
    expect(clicked.mock.contexts.map(one => (one as HTMLAnchorElement).download)).toEqual([
      'model.bin'
    ]);
    link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    model.say({ answer: lastAsk().ask, error: 'It is too large.' });
    await vi.advanceTimersByTimeAsync(0);
    expect(el.textContent).toContain('It is too large.');
  });

  it('are saved under a name without folders', async () => {
    URL.createObjectURL = vi.fn(() => 'blob:x');
    const clicked = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    save('../', []);
    expect((clicked.mock.contexts[0] as HTMLAnchorElement).download).toBe('file');
  });
});
