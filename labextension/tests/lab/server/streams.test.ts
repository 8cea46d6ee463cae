import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../src/contract.gen';
import { LabHost } from '../../../src/lab/host';
import { Source } from '../../../src/lab/server/source';
import { plainly } from '../../../src/ui/host';
import { LabPage } from '../lab_page';
import { Ear, hide, json, Server, settle, Stream } from '../server';

vi.mock('../../../src/screens/registry.gen', () => import('../../fake_screens'));

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
});

const follow = (to = ear): { stop(): void } =>
  source.follow('w', 'run', { run: 'r' }, null, to, null);

async function begin(): Promise<Stream> {
  const stream = new Stream();
  await server.last.answer(stream.response);
  return stream;
}

/** Time goes on until the next request is there. */
async function next(count: number): Promise<void> {
  for (let turn = 0; turn < 200 && server.requests.length < count; turn += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(server.requests).toHaveLength(count);
}

describe('a stream of events', () => {
  it('is read though its letters are cut into bytes anywhere', async () => {
    follow();
    let push!: (chunk: Uint8Array) => void;
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        push = chunk => controller.enqueue(chunk);
      }
    });
    await server.last.answer(
      new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    );
    const text = 'event: end\nid: t\ndata: {"message":"für 👩‍👩‍👧"}\n\n';
    for (const byte of new TextEncoder().encode(text)) {
      push(new Uint8Array([byte]));
    }
    await settle();
    await vi.advanceTimersByTimeAsync(0);
    expect(ear.events).toMatchObject([{ type: 'end', message: 'für 👩‍👩‍👧' }]);
  });

  it('without a body is opened again', async () => {
    follow();
    await server.last.answer(
      new Response(null, { headers: { 'content-type': 'text/event-stream' } })
    );
    await next(2);
    expect(ear.now).toBe('live');
  });

  it('is told nothing after its end, whatever comes in one piece with it', async () => {
    follow();
    const stream = await begin();
    await stream.send(
      'event: end\ndata: {}\n\nevent: update\ndata: {"update":{"status":"Running"}}\n\n'
    );
    expect(ear.events.map(({ type }) => type)).toEqual(['end']);
    expect(ear.now).toBe('ended');
    expect(stream.isCanceled).toBe(true);
  });

  it.each([
    [json({ message: 'The question has no run.' }, 422), 'The question has no run.'],
    [json({ message: 'Too large.' }, 413), 'Too large.']
  ])('that is refused is asked for once a minute (%#)', async (response, message) => {
    const followed = follow();
    await server.last.answer(response);
    expect(ear.links.at(-1)).toEqual(['detached', message]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.requests).toHaveLength(2);
    followed.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.requests).toHaveLength(2);
  });

  it('says another reason where there is another one, and the same one once', async () => {
    follow();
    await server.last.answer(json({ message: 'Busy.' }, 503));
    await next(2);
    await server.last.answer(json({ message: 'Busy.' }, 503));
    await next(3);
    await server.last.answer(json({ message: 'Full.' }, 503));
    expect(ear.links).toEqual([['connecting'], ['detached', 'Busy.'], ['detached', 'Full.']]);
  });

  it('waits briefly again once it has told something', async () => {
    follow();
    for (let turn = 1; turn < 6; turn += 1) {
      await server.last.fail();
      await next(turn + 1);
    }
    const stream = await begin();
    await stream.tell('update', 't', { update: {} });
    await stream.break();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.requests).toHaveLength(7);
    expect(server.last.headers.get('last-event-id')).toBe('t');
  });

  it('has no token to go on from where the server gave none', async () => {
    follow();
    await (await begin()).send('event: update\ndata: {"update":{}}\n\n');
    expect(ear.events).toMatchObject([{ type: 'update' }]);
    hide(true);
    hide(false);
    expect(server.requests).toHaveLength(2);
    expect(server.last.headers.has('last-event-id')).toBe(false);
  });
});

describe('a host in JupyterLab', () => {
  it('asks and follows in its own workspace', async () => {
    const page = new LabPage();
    const host = new LabHost(page.front, 'a/b', document.body);
    const asked = host.ask('ghosts', { run: 'r' });
    await page.answer('workspaces/a%2Fb/ask/ghosts', []);
    expect(await asked).toEqual([]);
    const followed = host.follow('run', { run: 'r' }, 'token', ear);
    expect(page.request('workspaces/a%2Fb/follow/run').headers.get('last-event-id')).toBe('token');
    expect(page.request('workspaces/a%2Fb/follow/run').body).toEqual({ run: 'r' });
    followed.stop();
    expect(page.request('workspaces/a%2Fb/follow/run').init.signal?.aborted).toBe(true);
  });

  it('says in the language of the page what it says', () => {
    const page = new LabPage();
    expect(new LabHost(page.front, 'w', document.body).t('%1 of %2', 1, 2)).toBe('1 of 2');
  });
});
