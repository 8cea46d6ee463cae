// One view of a widget talks with the kernel: it asks, and hears what is new.
import type { Link, Listener, Subscription, Translate } from '../ui/host';
import { Refusal } from '../ui/place/retry';
import type { Heard, WidgetModel } from './model';

/** Milliseconds after which a view that hears nothing is detached, and the first time until it calls again. */
const PATIENCE = 5_000;
const FIRST_CALL = 10_000;
const LAST_CALL = 60_000;
/** After so long a silence the view calls, to hear whether the kernel is there. */
const SILENCE = 30_000;
const ANSWER = 10_000;

/** Each message goes to all views of a widget, in all pages: numbers of questions must differ. */
let lastQuestion = Math.floor(Math.random() * 2 ** 30) * 2 ** 20;

interface Waiting {
  resolve(answer: { value: unknown; buffers: DataView[] }): void;
  reject(reason: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

interface Told {
  type: string;
  token?: string;
  message?: string;
}

const LINKS: readonly string[] = [
  'connecting',
  'live',
  'detached',
  'ended',
  'gone',
  'still'
] satisfies Link[];

export class Conversation {
  readonly #waiting = new Map<number, Waiting>();
  #listener: Listener<Told> | null = null;
  #token: string | null = null;
  #isDetached = false;
  #calls = 0;
  #timers: ReturnType<typeof setTimeout>[] = [];
  readonly #hear = (content: unknown, buffers?: DataView[]): void =>
    this.#heard(content, buffers ?? []);

  readonly #model: WidgetModel;
  readonly #t: Translate;

  constructor(model: WidgetModel, t: Translate) {
    this.#model = model;
    this.#t = t;
    model.on('msg:custom', this.#hear);
  }

  /** An answer that comes later than `patience`, in milliseconds, is not waited for. */
  ask(
    kind: string,
    question: object,
    patience = ANSWER
  ): Promise<{ value: unknown; buffers: DataView[] }> {
    const id = (lastQuestion += 1);
    return new Promise((resolve, reject) => {
      const late = (): void => {
        this.#waiting.delete(id);
        reject(
          new Refusal(
            'away',
            this.#t('The kernel is busy; the answer comes when the cell has ended.')
          )
        );
      };
      this.#waiting.set(id, { resolve, reject, timer: setTimeout(late, patience) });
      this.#send({ ask: id, kind, question });
    });
  }

  /** Hear what is new of what the widget shows. */
  follow<E extends Told>(token: string | null, listener: Listener<E>): Subscription {
    this.#leave();
    const mine = listener as Listener<Told>;
    this.#listener = mine;
    this.#token = token;
    this.#calls = 0;
    mine.link('connecting');
    this.#call();
    return { stop: () => this.#listener === mine && this.#leave() };
  }

  dispose(): void {
    this.#leave();
    this.#model.off('msg:custom', this.#hear);
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error(this.#t('The view was closed.')));
    }
    this.#waiting.clear();
  }

  #leave(): void {
    this.#rest();
    if (this.#listener) {
      this.#listener = null;
      this.#send({ bye: true });
    }
  }

  /** The kernel counts views: who calls again takes its leave first. */
  #call(): void {
    this.#rest();
    if (this.#calls > 0) {
      this.#send({ bye: true });
    }
    this.#send({ hello: { token: this.#token } });
    const again = Math.min(LAST_CALL, FIRST_CALL * 2 ** this.#calls);
    this.#calls += 1;
    const detached = (): void => {
      this.#isDetached = true;
      this.#listener?.link('detached', this.#t('The kernel does not answer.'));
    };
    this.#timers = [setTimeout(detached, PATIENCE), setTimeout(() => this.#call(), again)];
  }

  #rest(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }

  #heard(content: unknown, buffers: DataView[]): void {
    if (typeof content !== 'object' || content === null) {
      return;
    }
    const { answer, value, error, event, link, message } = content as Heard;
    if (typeof answer === 'number') {
      this.#answered(answer, error, { value, buffers });
    }
    if (!this.#listener) {
      return;
    }
    this.#rest();
    // The first call was heard; what is said later is said to a kernel that knows this view.
    this.#calls = 1;
    this.#timers = [setTimeout(() => this.#call(), SILENCE)];
    if (this.#isDetached && link === undefined) {
      this.#listener.link('live');
    }
    this.#isDetached = false;
    if (event) {
      this.#took(event);
    }
    if (link !== undefined && LINKS.includes(link)) {
      this.#linked(link as Link, message);
    }
  }

  #took(event: Told): void {
    this.#token = event.token ?? this.#token;
    this.#listener?.event(event);
    if (event.type === 'end' || event.type === 'gone') {
      this.#linked(event.type === 'end' ? 'ended' : 'gone', event.message);
    }
  }

  #linked(link: Link, message?: string): void {
    this.#listener?.link(link, message);
    if (link === 'ended' || link === 'gone') {
      // There is nothing more to hear, and so nobody to call.
      this.#rest();
    }
  }

  #answered(
    id: number,
    error: string | undefined,
    answer: { value: unknown; buffers: DataView[] }
  ): void {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
      if (error === undefined) {
        waiting.resolve(answer);
      } else {
        waiting.reject(new Error(error));
      }
    }
  }

  #send(content: object): void {
    try {
      this.#model.send(content);
    } catch (error) {
      console.error('aml_magics: the kernel cannot be reached.', error);
    }
  }
}
