import { describe, expect, it, vi } from 'vitest';
import { following } from './front';
import { hide, json, page, settle, Stream } from './server';

describe('following', () => {
  const at = following();

  const begin = async (): Promise<Stream> => {
    const stream = new Stream();
    await at.server.last.answer(stream.response);
    return stream;
  };

  it('tells events and the state of the link', async () => {
    at.follow();
    expect(at.ear.links).toEqual([['connecting']]);
    expect(at.server.last.address).toBe('workspaces/w/follow/run');
    expect(at.server.last.init.method).toBe('POST');
    expect(at.server.last.body).toEqual({ run: 'r1' });
    expect(at.server.last.headers.get('accept')).toBe('text/event-stream');
    expect(at.server.last.headers.has('last-event-id')).toBe(false);
    const stream = await begin();
    expect(at.ear.now).toBe('live');
    await stream.tell('update', 't1', { update: { status: 'Running' } });
    expect(at.ear.events).toEqual([{ type: 'update', token: 't1', update: { status: 'Running' } }]);
  });

  it('is detached with the reason while the store is away, and tries again', async () => {
    at.follow();
    await (await begin()).tell('away', '', { message: 'The catalogue does not answer.' });
    expect(at.ear.links.at(-1)).toEqual(['detached', 'The catalogue does not answer.']);
    await vi.advanceTimersByTimeAsync(600);
    expect(at.server.requests).toHaveLength(2);
  });

  it('starts from the token that the screen has', () => {
    at.follow('r1', 't0');
    expect(at.server.last.headers.get('last-event-id')).toBe('t0');
  });

  it('goes on from the last token when the connection breaks', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('update', 't7', { update: {} });
    await stream.break();
    expect(at.ear.now).toBe('detached');
    expect(at.server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(at.server.requests).toHaveLength(2);
    expect(at.server.last.headers.get('last-event-id')).toBe('t7');
    await begin();
    expect(at.ear.now).toBe('live');
  });

  it('waits longer with each failure, and is detached once', async () => {
    at.follow();
    for (const delay of [500, 1000, 2000, 4000, 8000, 15000, 15000]) {
      const count = at.server.requests.length;
      await at.server.last.fail();
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(at.server.requests).toHaveLength(count);
      await vi.advanceTimersByTimeAsync(1);
      expect(at.server.requests).toHaveLength(count + 1);
    }
    expect(at.ear.links).toEqual([
      ['connecting'],
      ['detached', 'The Jupyter server does not answer.']
    ]);
  });

  it('opens a stream again without a word that ended in order', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    await stream.close();
    await vi.advanceTimersByTimeAsync(500);
    expect(at.server.requests).toHaveLength(2);
    expect(at.ear.links).toEqual([['connecting'], ['live']]);
  });

  it('is detached from a server that ends every stream', async () => {
    at.follow();
    await (await begin()).close();
    await vi.advanceTimersByTimeAsync(500);
    await (await begin()).close();
    expect(at.ear.now).toBe('detached');
  });

  it('opens a stream again that has been silent for too long', async () => {
    at.follow();
    const stream = await begin();
    await vi.advanceTimersByTimeAsync(40_000);
    await stream.send(': ping\n\n');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(stream.isCanceled).toBe(false);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(stream.isCanceled).toBe(true);
    expect(at.server.requests).toHaveLength(2);
    expect(at.ear.now).toBe('live');
  });

  it('asks for nothing more after the end', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('end', 't9');
    expect(stream.isCanceled).toBe(true);
    expect(at.ear.now).toBe('ended');
    hide(true);
    hide(false);
    at.source.hurry();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(at.server.requests).toHaveLength(1);
  });

  it('asks for nothing more of a run that was deleted while it was followed', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('gone', 't9', { message: 'Run r1 was deleted.' });
    expect(at.ear.links[at.ear.links.length - 1]).toEqual(['gone', 'Run r1 was deleted.']);
    expect(at.server.last.init.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(at.server.requests).toHaveLength(1);
  });

  it('asks for nothing more of a run that is not there', async () => {
    at.follow();
    await at.server.last.answer(json({ message: 'There is no run r1.' }, 404));
    expect(at.ear.links[at.ear.links.length - 1]).toEqual(['gone', 'There is no run r1.']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(at.server.requests).toHaveLength(1);
  });

  it('says that the extension is missing, and asks rarely', async () => {
    at.follow();
    await at.server.last.answer(page(404));
    expect(at.ear.links[at.ear.links.length - 1]).toEqual([
      'detached',
      'The server extension aml_magics is not enabled.'
    ]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(at.server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(at.server.requests).toHaveLength(2);
  });

  it('says that somebody has to sign in, who is sent to a page', async () => {
    at.follow();
    await at.server.last.answer(page(200));
    expect(at.ear.said).toBe('The Jupyter server asks you to sign in again.');
  });

  it('asks for no address of a name that would lead elsewhere', async () => {
    at.source.follow('..', 'run', { run: 'r1' }, null, at.ear, null);
    await settle();
    expect(at.server.requests).toHaveLength(0);
    expect(at.ear.now).toBe('gone');
  });

  it('stops while the page is hidden, and goes on from the token', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('update', 't3', { update: {} });
    hide(true);
    await settle();
    expect(stream.isCanceled || at.server.last.init.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(at.server.requests).toHaveLength(1);
    expect(at.ear.now).toBe('live');
    hide(false);
    expect(at.server.requests).toHaveLength(2);
    expect(at.server.last.headers.get('last-event-id')).toBe('t3');
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
    at.follow('r1', null, document.body);
    expect(at.server.requests).toHaveLength(0);
    show(true);
    expect(at.server.requests).toHaveLength(1);
    const stream = await begin();
    show(false);
    await settle();
    expect(at.server.last.init.signal?.aborted).toBe(true);
    expect(stream.isCanceled).toBe(true);
    show(true);
    expect(at.server.requests).toHaveLength(2);
  });

  it('tries at once when the browser is online again', async () => {
    at.follow();
    await at.server.last.fail();
    window.dispatchEvent(new Event('online'));
    expect(at.server.requests).toHaveLength(2);
  });

  it('tries everything at once with the first answer after a loss', async () => {
    at.follow('r1');
    at.follow('r2');
    for (const request of [...at.server.requests]) {
      await request.fail();
    }
    const asked = at.source.workspaces();
    const count = at.server.requests.length;
    await at.server.last.answer(json(['w']));
    expect(await asked).toEqual(['w']);
    expect(at.server.requests).toHaveLength(count + 2);
  });

  it('stops when it is told to, in any state', async () => {
    const open = at.follow();
    const stream = await begin();
    open.stop();
    await settle();
    expect(stream.isCanceled).toBe(true);
    const failed = at.follow();
    await at.server.last.fail();
    failed.stop();
    const count = at.server.requests.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(at.server.requests).toHaveLength(count);
  });

  it('goes on when a screen fails', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    at.ear.event = () => {
      throw new Error('a bug');
    };
    at.follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    expect(error).toHaveBeenCalled();
    expect(at.ear.now).toBe('live');
  });

  it('asks again for a message that is damaged', async () => {
    at.follow();
    const stream = await begin();
    await stream.tell('update', 't1', { update: {} });
    await stream.send('event: update\nid: t2\ndata: {"type":\n\n');
    await vi.advanceTimersByTimeAsync(500);
    expect(at.server.last.headers.get('last-event-id')).toBe('t1');
  });
});
