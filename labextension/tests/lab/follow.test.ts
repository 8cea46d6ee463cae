import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Source } from '../../src/lab/server/source';
import { plainly } from '../../src/ui/host';
import type { RunEvent } from '../../src/contract.gen';
import { Ear, hide, json, page, Server, settle, Stream } from './server';

describe('following', () => {
  let server: Server;
  let source: Source;
  let ear: Ear<RunEvent>;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    server = new Server();
    source = new Source(server, plainly);
    ear = new Ear();
  });

  afterEach(() => {
    hide(false);
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  const follow = (
    run = 'r1',
    token: string | null = null,
    node: Element | null = null
  ): { stop(): void } => source.follow('w', 'run', { run }, token, ear, node);

  const begin = async (): Promise<Stream> => {
    const stream = new Stream();
    await server.last.answer(stream.response);
    return stream;
  };

  it('tells events and the state of the link', async () => {
    follow();
    expect(ear.links).toEqual([['connecting']]);
    expect(server.last.address).toBe('workspaces/w/follow/run');
    expect(server.last.init.method).toBe('POST');
    expect(server.last.body).toEqual({ run: 'r1' });
    expect(server.last.headers.get('accept')).toBe('text/event-stream');
    expect(server.last.headers.has('last-event-id')).toBe(false);
    const stream = await begin();
    expect(ear.now).toBe('live');
    await stream.tell('update', 't1', { update: { status: 'Running' } });
    expect(ear.events).toEqual([{ type: 'update', token: 't1', update: { status: 'Running' } }]);
  });

  it('is detached with the reason while the store is away, and tries again', async () => {
    follow();
    await (await begin()).tell('away', '', { message: 'The catalogue does not answer.' });
    expect(ear.links.at(-1)).toEqual(['detached', 'The catalogue does not answer.']);
    await vi.advanceTimersByTimeAsync(600);
    expect(server.requests).toHaveLength(2);
  });

  it('starts from the token that the screen has', () => {
    follow('r1', 't0');
    expect(server.last.headers.get('last-event-id')).toBe('t0');
  });

  it('goes on from the last token when the connection breaks', async () => {
    follow();
    const stream = await begin();
    await stream.tell('update', 't7', { update: {} });
    await stream.break();
    expect(ear.now).toBe('detached');
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests).toHaveLength(2);
    expect(server.last.headers.get('last-event-id')).toBe('t7');
    await begin();
    expect(ear.now).toBe('live');
  });

  it('waits longer with each failure, and is detached once', async () => {
    follow();
    for (const delay of [500, 1000, 2000, 4000, 8000, 15000, 15000]) {
      const count = server.requests.length;
      await server.last.fail();
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(server.requests).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(1);
      expect(server.requests).toHaveLength(count + 1);
    }
    expect(ear.links).toEqual([
      ['connecting'],
      ['detached', 'The Jupyter server does not answer.']
    ]);
  });

  it('opens a stream again without a word that ended in order', async () => {
    follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    await stream.close();
    await vi.advanceTimersByTimeAsync(500);
    expect(server.requests).toHaveLength(2);
    expect(ear.links).toEqual([['connecting'], ['live']]);
  });

  it('is detached from a server that ends every stream', async () => {
    follow();
    await (await begin()).close();
    await vi.advanceTimersByTimeAsync(500);
    await (await begin()).close();
    expect(ear.now).toBe('detached');
  });

  it('opens a stream again that has been silent for too long', async () => {
    follow();
    const stream = await begin();
    await vi.advanceTimersByTimeAsync(40_000);
    await stream.send(': ping\n\n');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(stream.isCanceled).toBe(false);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(stream.isCanceled).toBe(true);
    expect(server.requests).toHaveLength(2);
    expect(ear.now).toBe('live');
  });

  it('asks for nothing more after the end', async () => {
    follow();
    const stream = await begin();
    await stream.tell('end', 't9');
    expect(stream.isCanceled).toBe(true);
    expect(ear.now).toBe('ended');
    hide(true);
    hide(false);
    source.hurry();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.requests).toHaveLength(1);
  });

  it('asks for nothing more of a run that was deleted while it was followed', async () => {
    follow();
    const stream = await begin();
    await stream.tell('gone', 't9', { message: 'Run r1 was deleted.' });
    expect(ear.links[ear.links.length - 1]).toEqual(['gone', 'Run r1 was deleted.']);
    expect(server.last.init.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.requests).toHaveLength(1);
  });

  it('asks for nothing more of a run that is not there', async () => {
    follow();
    await server.last.answer(json({ message: 'There is no run r1.' }, 404));
    expect(ear.links[ear.links.length - 1]).toEqual(['gone', 'There is no run r1.']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.requests).toHaveLength(1);
  });

  it('says that the extension is missing, and asks rarely', async () => {
    follow();
    await server.last.answer(page(404));
    expect(ear.links[ear.links.length - 1]).toEqual([
      'detached',
      'The server extension aml_magics is not enabled.'
    ]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.requests).toHaveLength(2);
  });

  it('says that somebody has to sign in, who is sent to a page', async () => {
    follow();
    await server.last.answer(page(200));
    expect(ear.said).toBe('The Jupyter server asks you to sign in again.');
  });

  it('asks for no address of a name that would lead elsewhere', async () => {
    source.follow('..', 'run', { run: 'r1' }, null, ear, null);
    await settle();
    expect(server.requests).toHaveLength(0);
    expect(ear.now).toBe('gone');
  });

  it('stops while the page is hidden, and goes on from the token', async () => {
    follow();
    const stream = await begin();
    await stream.tell('update', 't3', { update: {} });
    hide(true);
    await settle();
    expect(stream.isCanceled || server.last.init.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.requests).toHaveLength(1);
    expect(ear.now).toBe('live');
    hide(false);
    expect(server.requests).toHaveLength(2);
    expect(server.last.headers.get('last-event-id')).toBe('t3');
  });

  it('follows only what is on the screen', async () => {
    const seen: IntersectionObserverCallback[] = [];
    class Observer {
      constructor(callback: IntersectionObserverCallback) {
        seen.push(callback);
      }
      observe(): void {}
      disconnect(): void {}
    }
    vi.stubGlobal('IntersectionObserver', Observer);
    const show = (isIntersecting: boolean): void =>
      seen[0]!([{ isIntersecting } as IntersectionObserverEntry], {} as IntersectionObserver);
    follow('r1', null, document.body);
    expect(server.requests).toHaveLength(0);
    show(true);
    expect(server.requests).toHaveLength(1);
    const stream = await begin();
    show(false);
    await settle();
    expect(server.last.init.signal?.aborted).toBe(true);
    expect(stream.isCanceled).toBe(true);
    show(true);
    expect(server.requests).toHaveLength(2);
  });

  it('tries at once when the browser is online again', async () => {
    follow();
    await server.last.fail();
    window.dispatchEvent(new Event('online'));
    expect(server.requests).toHaveLength(2);
  });

  it('tries everything at once with the first answer after a loss', async () => {
    follow('r1');
    follow('r2');
    for (const request of [...server.requests]) {
      await request.fail();
    }
    const asked = source.workspaces();
    const count = server.requests.length;
    await server.last.answer(json(['w']));
    expect(await asked).toEqual(['w']);
    expect(server.requests).toHaveLength(count + 2);
  });

  it('stops when it is told to, in any state', async () => {
    const open = follow();
    const stream = await begin();
    open.stop();
    await settle();
    expect(stream.isCanceled).toBe(true);
    const failed = follow();
    await server.last.fail();
    failed.stop();
    const count = server.requests.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.requests).toHaveLength(count);
  });

  it('goes on when a screen fails', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    ear.event = () => {
      throw new Error('a bug');
    };
    follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    expect(error).toHaveBeenCalled();
    expect(ear.now).toBe('live');
  });

  it('asks again for a message that is damaged', async () => {
    follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    await stream.send('event: update\nid: t2\ndata: {"type":\n\n');
    await vi.advanceTimersByTimeAsync(500);
    expect(server.last.headers.get('last-event-id')).toBe('t1');
  });
});
