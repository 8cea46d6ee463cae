// Shares the selection with a widget in the kernel, by the messages of its comm: the widget is shown by
// our renderer, so that nothing of ipywidgets is in the page for it.
import type { Selection } from '../../ui/host';

/** A message of the comm of a widget. */
export interface CommData {
  method?: string;
  state?: Record<string, unknown>;
  content?: unknown;
}

export interface KernelListener {
  /** `parent` is the id of the message that this one answers. */
  heard(comm: string, data: CommData, parent: string): void;
  /** The kernel is another one, or has started again. */
  changed(): void;
}

/** The kernel of a notebook, whichever it is at the moment. */
export interface KernelSession {
  /** Returns the id of the message, or null where there is no kernel. */
  send(comm: string, data: object): string | null;
  subscribe(listener: KernelListener): () => void;
}

/** How many of our own messages are known again when the kernel repeats them. */
const REMEMBERED = 64;

/**
 * The trait `selected` of a widget. Until the kernel has answered for the widget, and where it never
 * does, the selection is that of the page alone.
 */
export class KernelSelection implements Selection {
  #ids: string[] = [];
  #state: 'unasked' | 'asked' | 'known' = 'unasked';
  #isAhead = false;
  #session: KernelSession | null = null;
  #unsubscribe: (() => void) | null = null;
  readonly #sent = new Set<string>();
  readonly #watchers = new Set<(ids: string[]) => void>();

  readonly #model: string;
  readonly #find: () => KernelSession | null;

  constructor(model: string, find: () => KernelSession | null) {
    this.#model = model;
    this.#find = find;
  }

  /** Look for the kernel: the panel is in a notebook now. */
  connect(): void {
    if (this.#session === null && (this.#session = this.#find())) {
      this.#unsubscribe = this.#session.subscribe({
        heard: (comm, data, parent) => this.#heard(comm, data, parent),
        changed: () => {
          this.#state = 'unasked';
        }
      });
    }
  }

  get(): string[] {
    return [...this.#ids];
  }

  set(ids: string[]): void {
    this.#ids = [...ids];
    this.#isAhead = true;
    this.connect();
    if (this.#state === 'known') {
      this.#share();
    } else if (this.#state === 'unasked' && this.#session) {
      // Asked once something is to be said: a kernel complains in its log of widgets that it does not know.
      const hello = { method: 'custom', content: { hello: { token: null, quiet: true } } };
      this.#state = this.#session.send(this.#model, hello) === null ? 'unasked' : 'asked';
    }
  }

  subscribe(changed: (ids: string[]) => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  dispose(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#watchers.clear();
  }

  #share(): void {
    const id = this.#session?.send(this.#model, {
      method: 'update',
      state: { selected: this.#ids },
      buffer_paths: []
    });
    if (typeof id === 'string') {
      this.#isAhead = false;
      this.#sent.add(id);
      if (this.#sent.size > REMEMBERED) {
        this.#sent.delete([...this.#sent][0]!);
      }
    }
  }

  #heard(comm: string, data: CommData, parent: string): void {
    if (comm !== this.#model) {
      return;
    }
    this.#state = 'known';
    const selected =
      data.method === 'update' || data.method === 'echo_update'
        ? data.state?.['selected']
        : undefined;
    // An echo of what this page said comes late, when the user may have gone on.
    if (Array.isArray(selected) && !(data.method === 'echo_update' && this.#sent.has(parent))) {
      this.#isAhead = false;
      this.#take(selected.filter(id => typeof id === 'string'));
    } else if (this.#isAhead) {
      this.#share();
    }
  }

  #take(ids: string[]): void {
    if (ids.length === this.#ids.length && ids.every((id, place) => id === this.#ids[place])) {
      return;
    }
    this.#ids = ids;
    for (const changed of this.#watchers) {
      changed([...ids]);
    }
  }
}
