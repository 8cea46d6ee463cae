// A document that runs: submitted as it is, and followed until it has ended.
import { printable, wordsOf } from '../../ui/format';
import type { Subscription } from '../../ui/host';
import type { Plain } from './document';
import type { Designer } from './state';

export interface RunState {
  readonly id: string;
  readonly status: string;
  /** Statuses of steps by their keys. */
  readonly steps: ReadonlyMap<string, string>;
}

/** Where the last run of a file is remembered, so that a reload of the page shows it again. */
const KEY = 'aml-magics:designed-run:';

export class DesignRun {
  readonly #designer: Designer;
  #following: Subscription | null = null;

  constructor(designer: Designer) {
    this.#designer = designer;
    const { run, workspace } = remembered(designer.file.path);
    if (run && workspace === designer.host.workspace) {
      this.follow(run);
    }
  }

  dispose(): void {
    this.#following?.stop();
  }

  /** Save the document and run it; returns why that could not be. */
  async submit(
    experiment: string,
    parameters: Readonly<Record<string, Plain>>,
    regenerate_outputs: boolean
  ): Promise<string | null> {
    const { file, host, store } = this.#designer;
    store.set({ isBusy: true });
    try {
      await file.save();
      const { run } = await host.ask('submit_design', {
        text: this.#designer.text,
        folder: file.folder,
        ...{ experiment, parameters, regenerate_outputs }
      });
      remember(file.path, { run, workspace: host.workspace });
      this.follow(run);
      return null;
    } catch (problem) {
      return printable(wordsOf(problem));
    } finally {
      store.set({ isBusy: false });
    }
  }

  follow(id: string): void {
    const { host, store } = this.#designer;
    this.#following?.stop();
    store.set({ run: { id, status: '', steps: new Map() } });
    this.#following = host.follow('pipeline', { run: id }, null, {
      event: event => {
        if (event.type === 'gone') {
          store.set({ run: null });
        } else if (event.type !== 'end') {
          const { status, steps } = event.view;
          const before = event.type === 'view' ? new Map<string, string>() : store.state.run?.steps;
          const now = steps.map(one => [one.id, one.status] as const);
          store.set({ run: { id, status, steps: new Map([...(before ?? []), ...now]) } });
        }
      },
      link: () => undefined
    });
  }

  /** Forget the run: the canvas shows no statuses. */
  leave(): void {
    this.#following?.stop();
    this.#following = null;
    remember(this.#designer.file.path, null);
    this.#designer.store.set({ run: null });
  }

  async cancel(): Promise<void> {
    const { host, store } = this.#designer;
    try {
      await host.ask('cancel', { run: store.state.run!.id });
    } catch (problem) {
      this.#designer.say(printable(wordsOf(problem)), true);
    }
  }
}

function remembered(path: string): { run?: string; workspace?: string } {
  try {
    return (JSON.parse(localStorage.getItem(KEY + path) ?? 'null') ?? {}) as { run?: string };
  } catch {
    return {}; // Damaged, or no storage.
  }
}

function remember(path: string, run: { run: string; workspace: string } | null): void {
  try {
    if (run) {
      localStorage.setItem(KEY + path, JSON.stringify(run));
    } else {
      localStorage.removeItem(KEY + path);
    }
  } catch (error) {
    console.warn('aml_magics: the browser remembers no run of this file.', error);
  }
}
