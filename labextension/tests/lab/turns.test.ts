import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Source } from '../../src/lab/server/source';
import { plainly } from '../../src/ui/host';
import type { RunEvent } from '../../src/contract.gen';
import { Ear, hide, Server, Stream } from './server';

describe('following more than a browser has connections for', () => {
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

  it('holds three connections at most, and gives each panel its turn', async () => {
    const streams: Stream[] = [];
    for (const run of ['a', 'b', 'c', 'd', 'e']) {
      follow(run);
    }
    expect(server.requests).toHaveLength(3);
    for (const request of [...server.requests]) {
      const stream = new Stream();
      streams.push(stream);
      await request.answer(stream.response);
    }
    await streams[0]!.tell('update', 'a1', { update: {} });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(streams[0]!.isCanceled).toBe(true);
    expect(server.last.body).toEqual({ run: 'd' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.requests.slice(3).map(({ body }) => body)).toEqual([
      { run: 'd' },
      { run: 'e' },
      { run: 'a' }
    ]);
    expect(server.last.headers.get('last-event-id')).toBe('a1');
    expect(server.requests.filter(({ init }) => !init.signal?.aborted)).toHaveLength(3);
    expect(ear.links.some(([link]) => link === 'detached')).toBe(false);
  });

  it('gives the turn of one that ended to the next at once', async () => {
    for (const run of ['a', 'b', 'c', 'd']) {
      follow(run);
    }
    const stream = new Stream();
    await server.requests[0]!.answer(stream.response);
    await stream.tell('end', 'a9');
    expect(server.last.body).toEqual({ run: 'd' });
  });
});
