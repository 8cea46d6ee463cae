// The server extension, asked and followed.
import type { Listener, Subscription, Translate } from '../../ui/host';
import type { Answers, Events, Questions, Subjects } from '../../contract.gen';
import { BASE, eventsAddress, fileAddress, questionAddress } from './address';
import { Follower } from './follower';
import { check, refusalOf } from './refusal';
import { Turns } from './turns';

/** Panels that follow at once, beside the stream of what runs: a second tab still gets its answers. */
const STREAMS = 3;
const TURN = 5_000;

/** How the server is reached: with its prefix, its token and its protection against forgery. */
export interface Wire {
  /** Ends with a slash. */
  readonly baseUrl: string;
  request(address: string, init: RequestInit): Promise<Response>;
}

interface Told {
  type: string;
  token?: string;
  message?: string;
}

export class Source {
  readonly #turns = new Turns(STREAMS, TURN);
  readonly #alone = new Turns(1, TURN);
  readonly #followers = new Set<{ hurry(): void }>();
  #isDown = false;

  readonly #wire: Wire;
  readonly #t: Translate;

  constructor(wire: Wire, t: Translate) {
    this.#wire = wire;
    this.#t = t;
    window.addEventListener('online', () => this.hurry());
  }

  /** The names of the workspaces, the user's default first. */
  async workspaces(): Promise<string[]> {
    return namesOf(await this.#json('workspaces'));
  }

  async ask<K extends keyof Questions>(
    workspace: string,
    kind: K,
    question: Questions[K]
  ): Promise<Answers[K]> {
    return (await this.#json(questionAddress(workspace, kind), question)) as Answers[K];
  }

  /** Follow while `node` can be seen. */
  follow<K extends keyof Subjects>(
    workspace: string,
    kind: K,
    subject: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>,
    node: Element | null
  ): Subscription {
    const open = (init: RequestInit): Promise<Response> =>
      this.#request(eventsAddress(workspace, kind), post(subject, init));
    return this.#stream<Events[K]>(open, token, listener, node, this.#turns);
  }

  /** Follow what runs in all workspaces; it has a connection of its own. */
  activity<E extends Told>(listener: Listener<E>): Subscription {
    const open = (init: RequestInit): Promise<Response> => this.#request('activity', init);
    return this.#stream<E>(open, null, listener, null, this.#alone);
  }

  fileUrl(workspace: string, run: string, file: string): string {
    return this.#wire.baseUrl + BASE + fileAddress(workspace, run, file);
  }

  /** The connection is known to be lost: with the first answer everything that waits tries again. */
  lost(): void {
    this.#isDown = true;
  }

  /** The server may be back: everything that waits tries now. */
  hurry(): void {
    for (const follower of [...this.#followers]) {
      follower.hurry();
    }
  }

  #stream<E extends Told>(
    ask: (init: RequestInit) => Promise<Response>,
    token: string | null,
    listener: Listener<E>,
    node: Element | null,
    turns: Turns
  ): Subscription {
    const open = async (from: string | null, signal: AbortSignal): Promise<Response> =>
      ask({
        signal,
        headers: {
          Accept: 'text/event-stream',
          ...(from === null ? {} : { 'Last-Event-ID': from })
        }
      });
    const way = { open, node, turns, t: this.#t };
    const follower = new Follower<E>(way, token, listener, over => this.#followers.delete(over));
    this.#followers.add(follower);
    return follower;
  }

  async #request(address: string, init: RequestInit): Promise<Response> {
    try {
      const response = await this.#wire.request(this.#wire.baseUrl + BASE + address, init);
      if (this.#isDown && response.ok) {
        this.#isDown = false;
        this.hurry();
      }
      return response;
    } catch (error) {
      this.#isDown ||= !init.signal?.aborted;
      throw error;
    }
  }

  async #json(address: string, question?: object): Promise<unknown> {
    try {
      const init = { headers: { Accept: 'application/json' } };
      const response = await this.#request(address, question ? post(question, init) : init);
      await check(response, 'application/json', this.#t);
      return await response.json();
    } catch (error) {
      throw refusalOf(error, this.#t);
    }
  }
}

/** A request that carries an object. */
function post(body: object, init: RequestInit): RequestInit {
  const headers = { 'Content-Type': 'application/json', ...(init.headers as object) };
  return { ...init, method: 'POST', body: JSON.stringify(body), headers };
}

function namesOf(answer: unknown): string[] {
  const rows = Array.isArray(answer)
    ? answer
    : ((answer as { workspaces?: unknown }).workspaces ?? []);
  return (rows as unknown[]).map(row =>
    typeof row === 'string' ? row : String((row as { name?: unknown }).name)
  );
}
