// What runs now in all workspaces, and what has ended or was edited since this page looks.
import type { ActivityEvent, RunEditView } from '../../contract.gen';
import type { ActiveRun, Subscription } from '../../ui/host';
import { TERMINAL } from '../../ui/status';
import type { Source } from './source';

export class Activity {
  #running: readonly ActiveRun[] = [];
  readonly #watchers = new Set<(runs: readonly ActiveRun[]) => void>();
  readonly #endings = new Set<(run: ActiveRun) => void>();
  readonly #editWatchers = new Set<(edits: readonly RunEditView[]) => void>();
  /** The edits that were told, by run; null before the first are. */
  #edits: ReadonlyMap<string, number> | null = null;
  #following: Subscription | null = null;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  get runs(): readonly ActiveRun[] {
    return this.#running;
  }

  /** Called with what runs, now and at each change; returns what ends that. */
  watch(changed: (runs: readonly ActiveRun[]) => void): () => void {
    this.#watchers.add(changed);
    this.#start();
    changed(this.#running);
    return () => {
      this.#watchers.delete(changed);
      this.#rest();
    };
  }

  /** Called with each run that this page saw running, once it has ended. */
  watchEndings(ended: (run: ActiveRun) => void): () => void {
    this.#endings.add(ended);
    this.#start();
    return () => {
      this.#endings.delete(ended);
      this.#rest();
    };
  }

  /** Called with what was edited since; returns what ends that. */
  watchEdits(edited: (edits: readonly RunEditView[]) => void): () => void {
    this.#editWatchers.add(edited);
    this.#start();
    return () => {
      this.#editWatchers.delete(edited);
      this.#rest();
    };
  }

  #start(): void {
    const event = (told: ActivityEvent): void => {
      if (Array.isArray(told.runs)) {
        this.#take(told.runs);
      }
      if (Array.isArray(told.edits)) {
        this.#takeEdits(told.edits);
      }
    };
    this.#following ??= this.#source.activity<ActivityEvent>({ event, link: () => undefined });
  }

  #rest(): void {
    if (this.#watchers.size + this.#endings.size + this.#editWatchers.size === 0) {
      this.#following?.stop();
      this.#following = this.#edits = null;
    }
  }

  #takeEdits(told: readonly RunEditView[]): void {
    const known = this.#edits;
    this.#edits = new Map(told.map(edit => [keyOf(edit), edit.time]));
    const news = told.filter(edit => known !== null && known.get(keyOf(edit)) !== edit.time);
    for (const edited of news.length > 0 ? [...this.#editWatchers] : []) {
      edited(news);
    }
  }

  #take(told: readonly ActiveRun[]): void {
    const now = told.filter(run => !TERMINAL.has(run.status));
    const left = this.#running.filter(
      before => !now.some(run => run.id === before.id && run.workspace === before.workspace)
    );
    this.#running = now;
    for (const changed of this.#watchers) {
      changed(now);
    }
    void this.#tellEndings(left);
  }

  /** How a run ended is asked for: it may have been deleted, which is no ending. */
  async #tellEndings(left: readonly ActiveRun[]): Promise<void> {
    if (this.#endings.size === 0) {
      return;
    }
    for (const run of left) {
      const query = { ids: [run.id] };
      const table = await this.#source
        .ask(run.workspace, 'runs', { query, offset: 0, limit: 1 })
        .catch(() => null);
      const row = table?.rows.find(({ id }) => id === run.id);
      if (row && TERMINAL.has(row.status)) {
        for (const ended of this.#endings) {
          ended({ ...run, status: row.status, elapsed: row.elapsed, name: row.name });
        }
      }
    }
  }
}

function keyOf({ workspace, id }: RunEditView): string {
  return `${workspace}\n${id}`;
}
