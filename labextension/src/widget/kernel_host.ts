// The host of a screen in a widget: data from the kernel.
import type { Host, Listener, Selection, Subscription } from '../ui/host';
import { plainly } from '../ui/host';
import type { Answers, Events, Questions, Subjects } from '../contract.gen';
import { TERMINAL } from '../ui/status';
import type { CompareView, RunView } from '../contract.gen';
import { Conversation } from './conversation';
import { fileLink, save, watchFileLinks } from './download';
import type { WidgetModel } from './model';
import { poll } from './poll';

const ROWS = 100;
/** Milliseconds that answers may take for which all of the data is read. */
const PATIENCE: Partial<Record<keyof Questions, number>> = {
  dataset: 60_000,
  dataset_rows: 60_000,
  dataset_diff: 600_000,
  dataset_profile: 600_000
};

export class KernelHost implements Host {
  readonly t = plainly;
  readonly selection?: Selection;
  private readonly conversation: Conversation;
  private readonly unwatch: () => void;

  /**
   * @param own kind and subject of the widget's own screen: of this the kernel tells by itself; null where it tells of nothing.
   * @param failed called with what the user has to know.
   */
  constructor(
    model: WidgetModel,
    private readonly own: { kind: keyof Subjects; subject: object } | null,
    node: HTMLElement,
    failed: (message: string) => void
  ) {
    this.workspace = String(model.get('workspace'));
    this.conversation = new Conversation(model, this.t);
    if (Array.isArray(model.get('selected'))) {
      this.selection = new TraitSelection(model);
    }
    this.unwatch = watchFileLinks(node, (run, file) => {
      this.conversation.ask('download', { run, file }).then(
        ({ buffers }) => save(file, buffers),
        (error: Error) => failed(error.message)
      );
    });
  }

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return (await this.conversation.ask(kind, question, PATIENCE[kind])).value as Answers[K];
  }

  follow<K extends keyof Subjects>(
    kind: K,
    subject: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>
  ): Subscription {
    if (kind === this.own?.kind && JSON.stringify(subject) === JSON.stringify(this.own.subject)) {
      return this.conversation.follow(token, listener);
    }
    if (kind === 'compare') {
      const ask = (): Promise<CompareView> => this.ask('compare', subject as Subjects['compare']);
      return poll(ask, view => view.runs.every(run => TERMINAL.has(run.status)), listener);
    }
    if (kind === 'runs') {
      const { query } = subject as Subjects['runs'];
      return poll(
        () => this.ask('runs', { query, offset: 0, limit: query.limit ?? ROWS }),
        () => false,
        listener
      );
    }
    const ask = async (): Promise<RunView> =>
      (await this.conversation.ask('run', subject)).value as RunView;
    return poll(ask, view => view.is_terminal, listener);
  }

  readonly workspace: string;

  embed(parent: HTMLElement): { dispose(): void } {
    parent.textContent = this.t('This screen has no place here.');
    return { dispose: () => undefined };
  }

  fileUrl(run: string, file: string): string {
    return fileLink(run, file);
  }

  dispose(): void {
    this.unwatch();
    this.conversation.dispose();
    (this.selection as TraitSelection | undefined)?.dispose();
  }
}

/** The trait `selected`. */
class TraitSelection implements Selection {
  private readonly ends = new Set<() => void>();

  constructor(private readonly model: WidgetModel) {}

  get(): string[] {
    const ids = this.model.get('selected');
    return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
  }

  set(ids: string[]): void {
    if (ids.join('\n') !== this.get().join('\n')) {
      this.model.set('selected', [...ids]);
      this.model.save_changes();
    }
  }

  subscribe(changed: (ids: string[]) => void): () => void {
    let told = this.get().join('\n');
    const heard = (): void => {
      const ids = this.get();
      if (ids.join('\n') !== told) {
        told = ids.join('\n');
        changed(ids);
      }
    };
    this.model.on('change:selected', heard);
    const end = (): void => {
      this.model.off('change:selected', heard);
      this.ends.delete(end);
    };
    this.ends.add(end);
    return end;
  }

  dispose(): void {
    for (const end of [...this.ends]) {
      end();
    }
  }
}
