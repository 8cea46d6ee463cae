// A server whose answers a test gives by hand.
import { vi } from 'vitest';
import type { Link, Listener } from '../../src/ui/host';
import type { Wire } from '../../src/lab/server/source';

export interface Request {
  address: string;
  init: RequestInit;
  headers: Headers;
  /** The JSON that it carries. */
  body: unknown;
  answer(response: Response): Promise<void>;
  fail(): Promise<void>;
}

const bytes = new TextEncoder();

/** Let everything happen that waits for promises only. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    await Promise.resolve();
  }
}

/** The same, and code that is loaded meanwhile is there. */
export async function loaded(): Promise<void> {
  await settle();
  await vi.dynamicImportSettled();
  await settle();
}

export class Server implements Wire {
  readonly baseUrl = 'http://hub.test/user/ada/';
  readonly requests: Request[] = [];

  request(address: string, init: RequestInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const answer = async (response: Response): Promise<void> => {
        resolve(response);
        await settle();
      };
      const fail = async (): Promise<void> => {
        reject(new TypeError('Failed to fetch'));
        await settle();
      };
      init.signal?.addEventListener('abort', () =>
        reject(new DOMException('aborted', 'AbortError'))
      );
      this.requests.push({
        address: address.replace(`${this.baseUrl}aml-magics/api/`, ''),
        init,
        headers: new Headers(init.headers),
        body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
        answer,
        fail
      });
    });
  }

  get last(): Request {
    return this.requests[this.requests.length - 1]!;
  }

  get addresses(): string[] {
    return this.requests.map(({ address }) => address);
  }
}

export class Stream {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  isCanceled = false;

  readonly response = new Response(
    new ReadableStream<Uint8Array>({
      start: controller => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isCanceled = true;
      }
    }),
    { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } }
  );

  async send(text: string): Promise<void> {
    this.#controller.enqueue(bytes.encode(text));
    await settle();
  }

  async tell(type: string, token: string, fields: object = {}): Promise<void> {
    await this.send(
      `event: ${type}\nid: ${token}\ndata: ${JSON.stringify({ type, token, ...fields })}\n\n`
    );
  }

  async close(): Promise<void> {
    this.#controller.close();
    await settle();
  }

  async break(): Promise<void> {
    this.#controller.error(new TypeError('network error'));
    await settle();
  }
}

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' }
  });
}

export function page(status: number): Response {
  return new Response('<!DOCTYPE html><title>Jupyter</title>', {
    status,
    headers: { 'Content-Type': 'text/html' }
  });
}

/** Keeps what it is told. */
export class Ear<E = { type: string }> implements Listener<E> {
  readonly events: E[] = [];
  readonly links: [Link, string?][] = [];

  event(event: E): void {
    this.events.push(event);
  }

  link(link: Link, message?: string): void {
    this.links.push(message === undefined ? [link] : [link, message]);
  }

  get now(): Link | undefined {
    return this.links[this.links.length - 1]?.[0];
  }

  get said(): string | undefined {
    return this.links[this.links.length - 1]?.[1];
  }
}

export function hide(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden });
  document.dispatchEvent(new Event('visibilitychange'));
}
