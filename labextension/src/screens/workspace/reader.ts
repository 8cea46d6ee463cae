// Asks for what the panel shows while it can be seen: again when runs come or go, and now and then while some run.
import type { ActiveRun, Workspaces } from '../../ui/host';
import type { Store } from '../../ui/store';
import { wordsOf } from '../../ui/format';
import type { PanelState } from './state';

/** Between two looks at the experiments, while runs come and go. */
const PAUSE = 1_000;
const WHILE_RUNNING = 5_000;
/** Until the next look where the last one failed. */
const RETRY = 5_000;
/** What lies below the runs: the question, and where its answer is kept. */
const BELOW = {
  ...{ sweeps: 'sweeps', computes: 'computes', datasets: 'data' },
  ...{ models: 'models', services: 'services', pipelines: 'pipelines' }
} as const;

export class PanelReader {
  #unwatch: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isLooking = false;
  /** Something has changed since the current look began. */
  #isStale = false;
  /** Runs make data: once others run, there may be more of it. */
  #isDataStale = true;
  #ran = '';
  readonly #store: Store<PanelState>;
  readonly #all: Workspaces;

  constructor(store: Store<PanelState>, all: Workspaces) {
    this.#store = store;
    this.#all = all;
  }

  start(): void {
    this.#isDataStale = true;
    this.#unwatch ??= this.#all.watch(runs => {
      this.#takeRunning(runs);
      this.#lookAfter(0);
    });
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  /** Another workspace was chosen. */
  lookAnew(): void {
    this.#isDataStale = true;
    this.#lookAfter(0);
  }

  #takeRunning(running: readonly ActiveRun[]): void {
    const ran = running
      .map(run => JSON.stringify([run.workspace, run.id]))
      .sort()
      .join();
    this.#isDataStale ||= ran !== this.#ran;
    this.#ran = ran;
    this.#store.set({ running });
  }

  #lookAfter(delay: number): void {
    if (this.#isLooking) {
      this.#isStale = true;
    } else {
      this.#timer ??= setTimeout(() => void this.#look(), delay);
    }
  }

  async #look(): Promise<void> {
    this.#timer = null;
    this.#isLooking = true;
    this.#isStale = false;
    // While something runs, counts change without a run that comes or goes.
    let delay = this.#store.state.running.length > 0 ? WHILE_RUNNING : null;
    try {
      const names = await this.#all.names();
      const { workspace } = this.#store.state;
      const isThere = workspace !== null && names.includes(workspace);
      this.#store.set({ names, workspace: isThere ? workspace : (names[0] ?? null) });
      await this.#lookAtExperiments();
    } catch (error) {
      this.#store.set({ problem: wordsOf(error) });
      delay = RETRY;
    }
    this.#isLooking = false;
    delay = this.#isStale ? PAUSE : delay;
    if (this.#unwatch && delay !== null) {
      this.#lookAfter(delay);
    }
  }

  async #lookAtExperiments(): Promise<void> {
    const { workspace } = this.#store.state;
    if (workspace === null) {
      this.#store.set({ experiments: [], problem: null });
      return;
    }
    const { rows } = await this.#all.at(workspace).ask('experiments', {});
    if (workspace !== this.#store.state.workspace) {
      return; // another one was chosen meanwhile, and is looked at next
    }
    this.#store.set({ experiments: rows, problem: null });
    // trials end, and queues move, without a run that comes or goes
    void this.#lookBelow('sweeps', workspace);
    void this.#lookBelow('pipelines', workspace);
    void this.#lookBelow('computes', workspace);
    if (this.#isDataStale) {
      this.#isDataStale = false;
      void this.#lookBelow('datasets', workspace);
      void this.#lookBelow('models', workspace);
      void this.#lookBelow('services', workspace);
    }
  }

  /** What lies below the runs; what cannot be read says so in its place, and is tried again with the next look. */
  async #lookBelow(kind: keyof typeof BELOW, workspace: string): Promise<void> {
    const part = BELOW[kind];
    let found: Partial<PanelState>;
    try {
      found = { [part]: await this.#all.at(workspace).ask(kind, {}), [`${part}Problem`]: null };
    } catch (error) {
      this.#isDataStale ||= workspace === this.#store.state.workspace;
      found = { [`${part}Problem`]: wordsOf(error) };
    }
    if (workspace === this.#store.state.workspace) {
      this.#store.set(found);
    }
  }
}
