import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host, Subscription } from '../../src/ui/host';
import { widgetOf } from '../../src/widget/widget';
import { Ear } from '../lab/server';
import { made, SCREENS } from '../fake_screens';
import { Model } from './model';

vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));

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

const render = async (into = el): Promise<() => void> => {
  const cleanup = widgetOf(SCREENS[0]!).render({ model, el: into });
  await vi.advanceTimersByTimeAsync(0);
  return cleanup;
};
const host = (): Host => made.at(-1)!.host;
const lastAsk = (): { ask: number; kind: string; question: unknown } =>
  model.sent.filter(({ ask }) => ask).at(-1) as never;

/** What the snapshot of the widget is of. */
const OWN = { id: 'r' };

describe('following in a widget', () => {
  let ear: Ear;
  const follow = async (token: string | null = null): Promise<Subscription> => {
    await render();
    ear = new Ear();
    return host().follow('run', OWN as never, token, ear);
  };

  it('says hello with the token, and tells what it hears', async () => {
    await follow('t0');
    expect(model.sent).toEqual([{ hello: { token: 't0' } }]);
    model.say({ link: 'live' });
    model.say({ event: { type: 'update', token: 't1', update: {} } });
    expect(ear.links).toEqual([['connecting'], ['live', undefined].slice(0, 1)]);
    expect(ear.events).toEqual([{ type: 'update', token: 't1', update: {} }]);
  });

  it('is detached when nothing comes, and calls again until it hears something', async () => {
    await follow();
    vi.advanceTimersByTime(4_999);
    expect(ear.now).toBe('connecting');
    vi.advanceTimersByTime(1);
    expect(ear.now).toBe('detached');
    vi.advanceTimersByTime(5_000);
    expect(model.sent.slice(1)).toEqual([{ bye: true }, { hello: { token: null } }]);
    vi.advanceTimersByTime(20_000);
    expect(model.hellos).toHaveLength(3);
    model.say({ event: { type: 'update', token: 't1', update: {} } });
    expect(ear.now).toBe('live');
    vi.advanceTimersByTime(29_000);
    expect(model.hellos).toHaveLength(3);
  });

  it('calls with its token when it has heard nothing for long, and is detached from a kernel that is gone', async () => {
    await follow();
    model.say({ event: { type: 'update', token: 't5', update: {} } });
    vi.advanceTimersByTime(30_000);
    expect(model.hellos.at(-1)).toEqual({ token: 't5' });
    expect(ear.now).not.toBe('detached');
    vi.advanceTimersByTime(5_000);
    expect(ear.now).toBe('detached');
    model.say({ link: 'live' });
    expect(ear.now).toBe('live');
  });

  it('calls nobody after the end', async () => {
    await follow();
    model.say({ event: { type: 'end', token: 't9' } });
    model.say({ link: 'ended' });
    expect(ear.now).toBe('ended');
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toHaveLength(1);
  });

  it('says what the kernel says of a run that is gone', async () => {
    await follow();
    model.say({ link: 'gone', message: 'There is no run r.' });
    expect(ear.links.at(-1)).toEqual(['gone', 'There is no run r.']);
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toHaveLength(1);
  });

  it('takes no word that it does not know', async () => {
    await follow();
    for (const content of [null, 7, 'x', {}, { link: 'javascript:' }, { answer: 'x' }]) {
      model.say(content);
    }
    expect(ear.links).toEqual([['connecting']]);
  });

  it('says goodbye, once', async () => {
    const subscription = await follow();
    subscription.stop();
    subscription.stop();
    model.say({ event: { type: 'update', token: 't1', update: {} } });
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toEqual([{ hello: { token: null } }, { bye: true }]);
    expect(ear.events).toEqual([]);
  });

  it('works in several views of one widget', async () => {
    const first = new Ear();
    const second = new Ear();
    await render();
    host().follow('run', OWN as never, null, first);
    const cleanup = await render(document.createElement('div'));
    host().follow('run', OWN as never, null, second);
    model.say({ event: { type: 'view', token: 't1' } });
    cleanup();
    model.say({ event: { type: 'update', token: 't2' } });
    expect([first.events.length, second.events.length]).toEqual([2, 1]);
  });

  it('asks for what the kernel does not tell of by itself, to its end', async () => {
    await render();
    ear = new Ear();
    host().follow('run', { id: 'other' } as never, null, ear);
    expect(lastAsk()).toMatchObject({ kind: 'run', question: { run: 'other' } });
    model.say({ answer: lastAsk().ask, value: { id: 'other', isOver: false } });
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.now).toBe('live');
    await vi.advanceTimersByTimeAsync(5_000);
    model.say({ answer: lastAsk().ask, value: { id: 'other', isOver: true } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ear.events.map(event => event.type)).toEqual(['view', 'view', 'end']);
    expect(ear.now).toBe('ended');
    expect(model.sent.filter(({ ask }) => ask)).toHaveLength(2);
  });

  it('keeps asking for what has no end until it is stopped', async () => {
    await render();
    ear = new Ear();
    const subscription = host().follow('compare', { id: 'c' } as never, null, ear);
    model.say({ answer: lastAsk().ask, error: 'The filter cannot be read.' });
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.links.at(-1)).toEqual(['detached', 'The filter cannot be read.']);
    await vi.advanceTimersByTimeAsync(6_000);
    model.say({ answer: lastAsk().ask, value: { id: 'c' } });
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.now).toBe('live');
    subscription.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(model.sent.filter(({ ask }) => ask)).toHaveLength(2);
  });

  it('of what no screen is for stays as it was', async () => {
    await render();
    ear = new Ear();
    host()
      .follow('unknown' as never, {} as never, null, ear)
      .stop();
    expect(ear.links).toEqual([['still']]);
  });
});
