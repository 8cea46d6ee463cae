// The screen of one run: what is known of it, and the link that brings more.
import type { RunEvent, RunView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Host, Link, Subscription } from '../../ui/host';
import { Refusal } from '../../ui/place/retry';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { answered } from './answered';
import { LogReader, type LogSource } from '../../ui/log/reader';
import { isCounting, RunPanel } from './panel';
import { applied, initial, isNewer, loaded, retaken } from './state';
import type { Attempt, RunSnapshot, RunState, Scene } from './state';

const SECOND = 1_000;

export const mount: Mount = (parent, snapshot, host) => {
  let screen = new RunScreen(parent, snapshot as RunSnapshot, host);
  return {
    update(newer): void {
      const run = newer as RunSnapshot;
      if (run.view.id === screen.run) {
        screen.take(run.view);
      } else {
        screen.dispose();
        screen = new RunScreen(parent, run, host);
      }
    },
    dispose: () => screen.dispose()
  };
};

/** The log of a run, as a box of lines reads one. */
function logOf({ store, host, t, run, choose }: Scene): LogSource {
  return {
    t,
    get log() {
      return store.state.log;
    },
    set: log => store.set({ log }),
    flush: () => choose({}),
    ask: stretch => host.ask('log', { run, has_times: true, ...stretch }),
    search: search => host.ask('log_search', { run, ...search }),
    tail: () => store.state.view.log_tail ?? []
  };
}

class RunScreen {
  readonly run: string;
  #subscription: Subscription | null = null;
  /** Nothing more is told. */
  #isOver = false;
  #isDisposed = false;
  /** Ends that edits of the ended run are told. */
  #unwatch: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  readonly #host: Host;
  readonly #store: Store<RunState>;
  readonly #reader: LogReader;
  readonly #root: Root;

  constructor(parent: HTMLElement, snapshot: RunSnapshot, host: Host) {
    const { id, name } = snapshot.view;
    this.run = id;
    this.#host = host;
    this.#store = new Store(initial(snapshot));
    const scene: Scene = {
      ...{ store: this.#store, host, t: host.t, run: id, once: answered(host) },
      choose: change => {
        this.#store.set(change);
        this.#root.flush();
      },
      openTab: tab => {
        scene.choose({ tab });
        this.#root.node.querySelector<HTMLElement>(`[data-tab=${tab}]`)?.focus();
      }
    };
    this.#reader = new LogReader(logOf(scene));
    const label = host.t('Run %1', oneLine(String(name)));
    this.#root = makeRoot(parent, 'aml-run', label, () => (
      <RunPanel scene={scene} state={this.#store.state} reader={this.#reader} />
    ));
    this.#store.subscribe(() => this.#changed());
    this.#follow();
  }

  /** Take over a snapshot of this run, unless the host tells fresher things or it is older. */
  take(view: RunView): void {
    if (this.#store.state.link === 'live' || !isNewer(view, this.#store.state.view)) {
      return;
    }
    const isResumed = this.#isOver && !view.is_terminal;
    this.#store.set({
      ...retaken(view, this.#store.state),
      ...{ later: null, ...(isResumed ? { link: 'connecting' } : {}) }
    });
    if (isResumed) {
      this.#follow();
    }
  }

  dispose(): void {
    this.#isOver = this.#isDisposed = true;
    this.#subscription?.stop();
    this.#unwatch?.();
    clearInterval(this.#clock);
    this.#reader.dispose();
    this.#root.dispose();
  }

  #follow(): void {
    this.#isOver = false;
    const subscription = this.#host.follow('run', { run: this.run }, null, {
      event: event => this.#isOver || this.#event(event),
      link: (link, message = '') => this.#isOver || this.#linked(link, message)
    });
    this.#subscription = subscription;
    if (this.#isOver) {
      subscription.stop(); // It was over before it could be kept.
    }
  }

  #event(event: RunEvent): void {
    switch (event.type) {
      case 'view':
        this.#told(event.view);
        break;
      case 'update': {
        const { later, view, book } = this.#store.state;
        this.#put(applied(later ?? { view, book }, event.update), event.update.elapsed, !!later);
        break;
      }
      case 'end':
        this.#linked('ended', '');
        break;
      case 'gone':
        this.#linked('gone', event.message);
        break;
    }
  }

  /** An output that shows how an attempt ended goes on to do so; a later attempt stands beside it. */
  #told(told: RunView): void {
    const { view, book, later, link } = this.#store.state;
    const isLater =
      later !== null || (link === 'connecting' && view.is_terminal && told.attempt > view.attempt);
    this.#put(loaded(told, isLater ? later?.book : book), told.elapsed, isLater);
  }

  #put(attempt: Attempt, elapsed: number | null | undefined, isLater: boolean): void {
    const { link, skew } = this.#store.state;
    const started = Date.parse(attempt.view.started ?? '');
    const isTimed = typeof elapsed === 'number' && isFinite(started);
    this.#store.set({
      ...(isLater ? { later: attempt } : attempt),
      link: link === 'connecting' ? 'live' : link,
      skew: isTimed ? (Date.now() - started) / SECOND - elapsed : skew
    });
  }

  #linked(link: Link, message: string): void {
    if (link === 'ended' || link === 'gone' || link === 'still') {
      this.#isOver = true;
      this.#subscription?.stop();
    }
    if (link === 'ended' && !this.#isDisposed) {
      this.#unwatch ??= this.#host.watchEdits?.(this.run, () => void this.#lookAgain());
    }
    this.#store.set({ link, message });
  }

  /** An ended run is followed no more, and yet renamed, tagged, deleted, restored by others. */
  async #lookAgain(): Promise<void> {
    try {
      const view = await this.#host.ask('run', { run: this.run });
      if (this.#isOver && !this.#isDisposed) {
        this.#told(view);
        this.#linked('ended', '');
      }
    } catch (error) {
      if (this.#isOver && !this.#isDisposed && error instanceof Refusal && error.kind === 'gone') {
        this.#linked('gone', error.message);
      }
    }
  }

  #changed(): void {
    if (this.#isDisposed || !isCounting(this.#store.state)) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    } else {
      this.#clock ??= setInterval(() => this.#root.request(), SECOND);
    }
    this.#root.request();
  }
}
