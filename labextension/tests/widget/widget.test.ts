import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../src/ui/host';
import { fileLink, fileOf, save } from '../../src/widget/download';
import widget from '../../src/widget/index';
import { made } from './screens';
import { Model, snapshot } from './model';

vi.mock('../../src/ui', async () => (await import('./screens')).screens());

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

const render = (): (() => void) => widget.render({ model, el });
const host = (): Host => made.at(-1)!.host;
const lastAsk = (): { ask: number; kind: string; question: unknown } =>
  model.sent.filter(({ ask }) => ask).at(-1) as never;

describe('a widget', () => {
  it.each([
    ['run', 'run'],
    ['runs', 'runs'],
    ['run_table', 'runs'],
    ['compare', 'compare']
  ])('with the screen %s draws it', (screen, name) => {
    model.values['_screen'] = screen;
    model.values['_snapshot'] = snapshot({ query: {} }, { runs: [] });
    render();
    expect(made.map(one => one.name)).toEqual([name]);
  });

  it('draws a packed snapshot', () => {
    model.values['_snapshot'] = snapshot({ view: '{"id":"r"}' });
    render();
    expect(made.map(one => one.name)).toEqual(['run']);
  });

  it('takes newer snapshots', () => {
    render();
    model.change('_snapshot', snapshot({}, { status: 'Completed' }));
    expect(made).toHaveLength(1);
    expect(made[0]!.updates).toHaveLength(1);
  });

  it('leaves nothing behind', () => {
    const cleanup = render();
    cleanup();
    expect(model.count).toBe(0);
    expect(el.childNodes).toHaveLength(0);
  });

  it.each([
    [{ version: 99 }, 'newer version'],
    [null, 'damaged'],
    [{ version: 1 }, 'damaged']
  ])('says what is wrong with %j', (value, text) => {
    model.values['_snapshot'] = value;
    render();
    expect(el.textContent).toContain(text);
    model.change('_snapshot', snapshot());
    expect(el.textContent).toBe('run');
  });

  it.each([
    ['nothing', snapshot()],
    ['run', snapshot({}, { name: 'broken' })]
  ])('that cannot be drawn says so (%s)', (screen, value) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    Object.assign(model.values, { _screen: screen, _snapshot: value });
    render();
    expect(el.textContent).toContain('This output could not be drawn');
    expect(model.count).toBe(1);
  });
});

describe('questions of a widget', () => {
  it('are answered by number', async () => {
    render();
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
    render();
    const failed = expect(host().ask('cancel', { run: 'r' })).rejects.toThrow(
      'The kernel is busy; the answer comes when the cell has ended.'
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    model.say({ answer: lastAsk().ask, value: { status: 'Canceled', reason: '' } });
  });

  it('end with the view', async () => {
    const cleanup = render();
    const failed = expect(host().ask('ghosts', { run: 'r' })).rejects.toThrow(
      'The view was closed.'
    );
    cleanup();
    await failed;
  });

  it('of a kernel that cannot be reached say so in time', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    render();
    model.send = () => {
      throw new Error('comm is closed');
    };
    const failed = expect(host().ask('ghosts', { run: 'r' })).rejects.toThrow('The kernel is busy');
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  });
});

describe('the selection of a widget', () => {
  it('is the trait, both ways', () => {
    model.values['selected'] = ['a'];
    render();
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

  it('is not there without the trait', () => {
    render();
    expect(host().selection).toBeUndefined();
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
    render();
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

  it('are saved under a name without folders', () => {
    URL.createObjectURL = vi.fn(() => 'blob:x');
    const clicked = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    save('../', []);
    expect((clicked.mock.contexts[0] as HTMLAnchorElement).download).toBe('file');
  });
});
