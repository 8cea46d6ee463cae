// What can be done with runs from their table.
import { wordsOf } from '../../ui/format';
import type { Host } from '../../ui/host';
import type { RunRowView } from '../../contract.gen';
import { isLive } from './rows/listing';
import type { Notice } from './state';

/** Runs that have gone on for so many seconds are not canceled without a question. */
export const LONG = 60;

/** Tells what was done, and draws what it made of the runs. */
export interface Reporter {
  tell(notice: Notice | null): void;
  refresh(): void;
  /** Runs that are gone are selected no more. */
  drop(ids: readonly string[]): void;
}

export interface RunMarks {
  starred?: boolean;
  archived?: boolean;
}

/** Verbs of the table: each tells what it did, or why not. */
export class Manager {
  readonly #host: Host;
  readonly #reporter: Reporter;

  constructor(host: Host, reporter: Reporter) {
    this.#host = host;
    this.#reporter = reporter;
  }

  async mark(ids: readonly string[], marks: RunMarks): Promise<void> {
    const { t } = this.#host;
    const { archived } = marks;
    await this.#do(async () => {
      await this.#host.ask('update_runs', { runs: [...ids], ...marks });
      return archived === undefined
        ? null
        : {
            text: archived
              ? t('Archived: %1 runs.', ids.length)
              : t('Back from the archive: %1 runs.', ids.length),
            undo: () => void this.mark(ids, { archived: !archived })
          };
    });
  }

  async edit(
    id: string,
    change: { name?: string; description?: string; tags?: Record<string, string | null> }
  ): Promise<boolean> {
    return await this.#do(async () => {
      await this.#host.ask('update_run', { run: id, ...change });
      return null;
    });
  }

  async delete(ids: readonly string[]): Promise<void> {
    const { t } = this.#host;
    await this.#do(async () => {
      const { count } = await this.#host.ask('delete_runs', { runs: [...ids] });
      this.#reporter.drop(ids);
      return { text: t('Deleted: %1 runs.', count), undo: () => void this.#restore(ids) };
    });
  }

  async #restore(ids: readonly string[]): Promise<void> {
    await this.#do(async () => {
      await this.#host.ask('restore_runs', { runs: [...ids] });
      return { text: this.#host.t('Restored: %1 runs.', ids.length) };
    });
  }

  async cancel(ids: readonly string[]): Promise<void> {
    await this.#do(async () => {
      await Promise.all(ids.map(run => this.#host.ask('cancel', { run })));
      return null;
    });
  }

  /** Put the cell that a run came from below the active one. */
  async insertCode(id: string): Promise<void> {
    const { t } = this.#host;
    await this.#do(async () => {
      const { again } = await this.#host.ask('run_code', { run: id });
      if (!again) {
        throw new Error(t('This run keeps no code that could be run again.'));
      }
      this.#host.insert!(again, false);
      return null;
    });
  }

  /** Whether it worked. */
  async #do(work: () => Promise<Notice | null>): Promise<boolean> {
    try {
      this.#reporter.tell(await work());
      this.#reporter.refresh();
      return true;
    } catch (error) {
      this.#reporter.tell({ text: wordsOf(error), isBad: true });
      return false;
    }
  }
}

/** Whether some of the runs can be canceled, and whether that has to be asked first. */
export function cancelable(rows: readonly RunRowView[]): RunRowView[] {
  return rows.filter(row => isLive(row) || row.status === 'Queued');
}
