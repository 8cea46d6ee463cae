import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host, Subscription } from '../../src/ui/host';
import widget from '../../src/widget/index';
import { Ear } from '../lab/server';
import { made } from './screens';
import { Model } from './model';

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

describe('following in a widget', () => {
  let ear: Ear;
  const follow = (token: string | null = null): Subscription => {
    render();
    ear = new Ear();
    return host().follow('run', { run: 'r' }, token, ear as never);
  };

  it('says hello with the token, and tells what it hears', () => {
    follow('t0');
    expect(model.sent).toEqual([{ hello: { token: 't0' } }]);
    model.say({ link: 'live' });
    model.say({ event: { type: 'update', token: 't1', update: {} } });
    expect(ear.links).toEqual([['connecting'], ['live', undefined].slice(0, 1)]);
    expect(ear.events).toEqual([{ type: 'update', token: 't1', update: {} }]);
  });

  it('is detached when nothing comes, and calls again until it hears something', () => {
    follow();
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

  it('calls with its token when it has heard nothing for long, and is detached from a kernel that is gone', () => {
    follow();
    model.say({ event: { type: 'update', token: 't5', update: {} } });
    vi.advanceTimersByTime(30_000);
    expect(model.hellos.at(-1)).toEqual({ token: 't5' });
    expect(ear.now).not.toBe('detached');
    vi.advanceTimersByTime(5_000);
    expect(ear.now).toBe('detached');
    model.say({ link: 'live' });
    expect(ear.now).toBe('live');
  });

  it('calls nobody after the end', () => {
    follow();
    model.say({ event: { type: 'end', token: 't9' } });
    model.say({ link: 'ended' });
    expect(ear.now).toBe('ended');
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toHaveLength(1);
  });

  it('says what the kernel says of a run that is gone', () => {
    follow();
    model.say({ link: 'gone', message: 'There is no run r.' });
    expect(ear.links.at(-1)).toEqual(['gone', 'There is no run r.']);
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toHaveLength(1);
  });

  it('takes no word that it does not know', () => {
    follow();
    for (const content of [null, 7, 'x', {}, { link: 'javascript:' }, { answer: 'x' }]) {
      model.say(content);
    }
    expect(ear.links).toEqual([['connecting']]);
  });

  it('says goodbye, once', () => {
    const subscription = follow();
    subscription.stop();
    subscription.stop();
    model.say({ event: { type: 'update', token: 't1', update: {} } });
    vi.advanceTimersByTime(3_600_000);
    expect(model.sent).toEqual([{ hello: { token: null } }, { bye: true }]);
    expect(ear.events).toEqual([]);
  });

  it('works in several views of one widget', () => {
    const first = new Ear();
    const second = new Ear();
    render();
    host().follow('run', { run: 'r' }, null, first as never);
    const cleanup = widget.render({ model, el: document.createElement('div') });
    host().follow('run', { run: 'r' }, null, second as never);
    model.say({ event: { type: 'view', token: 't1' } });
    cleanup();
    model.say({ event: { type: 'update', token: 't2' } });
    expect([first.events.length, second.events.length]).toEqual([2, 1]);
  });

  it('asks for what the kernel does not tell of by itself', async () => {
    render();
    ear = new Ear();
    const runs = [{ id: 'a', status: 'Running' }];
    host().follow('compare', { runs: ['a'] }, null, ear as never);
    expect(lastAsk()).toMatchObject({ kind: 'compare', question: { runs: ['a'] } });
    model.say({ answer: lastAsk().ask, value: { runs } });
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.now).toBe('live');
    await vi.advanceTimersByTimeAsync(5_000);
    model.say({ answer: lastAsk().ask, value: { runs: [{ id: 'a', status: 'Completed' }] } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ear.events.map(event => event.type)).toEqual(['view', 'view', 'end']);
    expect(ear.now).toBe('ended');
    expect(model.sent.filter(({ ask }) => ask)).toHaveLength(2);
  });

  it('keeps asking for a table of other runs until it is stopped', async () => {
    render();
    ear = new Ear();
    const subscription = host().follow('runs', { query: { filter: 'x' } }, null, ear as never);
    model.say({ answer: lastAsk().ask, error: 'The filter cannot be read.' });
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.links.at(-1)).toEqual(['detached', 'The filter cannot be read.']);
    subscription.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(model.sent.filter(({ ask }) => ask)).toHaveLength(1);
  });
});
