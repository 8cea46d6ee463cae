// Follows one subject over server-sent events, through every loss of the connection.
import type { Link, Listener, Subscription, Translate } from '../../ui/host';
import { EventParser } from './event_parser';
import type { ServerEvent } from './event_parser';
import { delayAfter } from '../../ui/place/retry';
import { check, Refusal, refusalOf } from './refusal';
import type { Holder, Turns } from './turns';
import { watchVisible } from '../../ui/visibility';

/** Before asking again for what another try is not likely to change. */
const SLOW_DELAY = 60_000;
/** A stream that is silent for so long is taken for lost: the server says something twice as often. */
const SILENCE = 45_000;

export interface Way {
  open(token: string | null, signal: AbortSignal): Promise<Response>;
  /** Follow only while this can be seen. */
  node: Element | null;
  turns: Turns;
  t: Translate;
}

interface Told {
  type: string;
  token?: string;
  message?: string;
}

export class Follower<E extends Told> implements Holder, Subscription {
  readonly #unwatch: () => void;
  #isOver = false;
  #isWanted = false;
  #failures = 0;
  #link: string | null = null;
  #stream: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  readonly #way: Way;
  #token: string | null;
  readonly #listener: Listener<E>;
  readonly #ended: (follower: Follower<E>) => void;

  constructor(
    way: Way,
    token: string | null,
    listener: Listener<E>,
    ended: (follower: Follower<E>) => void = () => undefined
  ) {
    this.#way = way;
    this.#token = token;
    this.#listener = listener;
    this.#ended = ended;
    this.#tell('connecting');
    this.#unwatch = watchVisible(way.node, isVisible => {
      this.#isWanted = isVisible;
      if (isVisible) {
        this.hurry();
      } else {
        this.#rest();
      }
    });
  }

  /** Try now rather than after the delay. */
  hurry(): void {
    if (this.#isWanted && !this.#isOver && this.#stream === null) {
      this.#forget();
      this.#way.turns.enter(this);
    }
  }

  begin(): void {
    void this.#run(new AbortController());
  }

  end(): void {
    this.#stream?.abort();
    this.#stream = null;
  }

  stop(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      // Undefined while the constructor still runs.
      this.#unwatch?.();
      this.#rest();
      this.#ended(this);
    }
  }

  #rest(): void {
    this.#forget();
    this.end();
    this.#way.turns.leave(this);
  }

  #forget(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  async #run(stream: AbortController): Promise<void> {
    this.#stream = stream;
    let failure: unknown = null;
    try {
      const response = await this.#way.open(this.#token, stream.signal);
      await check(response, 'text/event-stream', this.#way.t);
      if (!stream.signal.aborted) {
        this.#tell('live');
        await this.#read(response, stream.signal);
      }
    } catch (error) {
      failure = error ?? new Error();
    }
    if (this.#stream !== stream || this.#isOver) {
      return;
    }
    this.#stream = null;
    this.#way.turns.leave(this);
    this.#again(failure);
  }

  #again(failure: unknown): void {
    this.#failures += 1;
    let delay = delayAfter(this.#failures);
    // A stream that told something and ended in order is opened again without a word.
    if (failure !== null || this.#failures > 1) {
      const refusal = refusalOf(failure, this.#way.t);
      if (refusal.kind === 'gone') {
        this.#tell('gone', refusal.message);
        this.stop();
        return;
      }
      this.#tell('detached', refusal.message);
      delay = refusal.kind === 'away' ? delay : SLOW_DELAY;
    }
    this.#timer = setTimeout(() => this.hurry(), delay);
  }

  async #read(response: Response, signal: AbortSignal): Promise<void> {
    const reader = response.body?.getReader();
    if (!reader) {
      return;
    }
    const cancel = (): void => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', cancel);
    const parser = new EventParser();
    const decoder = new TextDecoder();
    while (!signal.aborted && !this.#isOver) {
      const silence = setTimeout(() => {
        this.#failures = 0;
        cancel();
      }, SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) {
        return;
      }
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) {
        if (!signal.aborted && !this.#isOver) {
          this.#take(event);
        }
      }
    }
  }

  #take({ name, data, id }: ServerEvent): void {
    const told = { type: name, ...(JSON.parse(data || '{}') as object) } as E;
    if (told.type === 'away') {
      throw new Refusal('away', told.message ?? '');
    }
    told.token = id ?? told.token;
    this.#token = told.token ?? this.#token;
    this.#failures = 0;
    this.#tell('live');
    this.#guard(() => this.#listener.event(told));
    if (told.type === 'end' || told.type === 'gone') {
      this.#tell(told.type === 'end' ? 'ended' : 'gone', told.message);
      this.stop();
    }
  }

  #tell(link: Link, message?: string): void {
    const told = `${link} ${message ?? ''}`;
    if (told !== this.#link) {
      this.#link = told;
      this.#guard(() => this.#listener.link(link, message));
    }
  }

  /** A screen that fails is no reason to open the stream again. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      console.error('aml_magics: a screen failed.', error);
    }
  }
}
