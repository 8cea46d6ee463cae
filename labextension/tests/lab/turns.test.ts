import { describe, expect, it, vi } from 'vitest';
import { following } from './front';
import { Stream } from './server';

describe('following more than a browser has connections for', () => {
  const at = following();

  it('holds three connections at most, and gives each panel its turn', async () => {
    const streams: Stream[] = [];
    for (const run of ['a', 'b', 'c', 'd', 'e']) {
      at.follow(run);
    }
    expect(at.server.requests).toHaveLength(3);
    for (const request of [...at.server.requests]) {
      const stream = new Stream();
      streams.push(stream);
      await request.answer(stream.response);
    }
    await streams[0]!.tell('update', 'a1', { update: {} });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(streams[0]!.isCanceled).toBe(true);
    expect(at.server.last.body).toEqual({ run: 'd' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(at.server.requests.slice(3).map(({ body }) => body)).toEqual([
      { run: 'd' },
      { run: 'e' },
      { run: 'a' }
    ]);
    expect(at.server.last.headers.get('last-event-id')).toBe('a1');
    expect(at.server.requests.filter(({ init }) => !init.signal?.aborted)).toHaveLength(3);
    expect(at.ear.links.some(([link]) => link === 'detached')).toBe(false);
  });

  it('gives the turn of one that ended to the next at once', async () => {
    for (const run of ['a', 'b', 'c', 'd']) {
      at.follow(run);
    }
    const stream = new Stream();
    await at.server.requests[0]!.answer(stream.response);
    await stream.tell('end', 'a9');
    expect(at.server.last.body).toEqual({ run: 'd' });
  });
});
