// The host of a screen in a widget: data from the kernel.
import type { Answers, Events, Questions, Subjects } from '../contract.gen';
import { entryOf } from '../screens/registry';
import type { Host, Kept, Listener, Selection, Subject, Subscription } from '../ui/host';
import { plainly } from '../ui/host';
import { drawingOf, Place } from '../ui/place/place';
import type { Mount } from '../ui/screen';
import { Conversation } from './conversation';
import { fileLink, save, watchFileLinks } from './download';
import type { WidgetModel } from './model';
import { imported, styled, type Code } from './module';
import { poll } from './poll';

/** Milliseconds that answers may take for which all of the data is read. */
const PATIENCE: Partial<Record<keyof Questions, number>> = {
  dataset: 60_000,
  dataset_rows: 60_000,
  dataset_diff: 600_000,
  dataset_profile: 600_000
};

export class KernelHost implements Host {
  readonly t = plainly;
  readonly workspace: string;
  readonly selection?: Selection;
  readonly kept: Kept;
  readonly #conversation: Conversation;
  readonly #own: string;
  readonly #node: HTMLElement;
  readonly #unwatch: () => void;
  readonly #modules = new Map<string, Promise<{ mount: Mount }>>();
  readonly #sheets: HTMLElement[] = [];

  /**
   * @param own what the widget shows: of this the kernel tells by itself.
   * @param failed called with what the user has to know.
   */
  constructor(
    model: WidgetModel,
    own: Subject,
    node: HTMLElement,
    failed: (message: string) => void
  ) {
    this.workspace = String(model.get('workspace'));
    this.#own = nameOf(own);
    this.#node = node;
    this.kept = new TraitKept(model);
    this.#conversation = new Conversation(model, this.t);
    if (Array.isArray(model.get('selected'))) {
      this.selection = new TraitSelection(model);
    }
    this.#unwatch = watchFileLinks(node, (run, file) => {
      this.#conversation.ask('download', { run, file }).then(
        ({ buffers }) => save(file, buffers),
        (error: Error) => failed(error.message)
      );
    });
  }

  async ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return (await this.#conversation.ask(kind, question, PATIENCE[kind])).value as Answers[K];
  }

  follow<K extends keyof Subjects>(
    kind: K,
    fields: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>
  ): Subscription {
    const subject: Subject = { ...fields, kind };
    if (nameOf(subject) === this.#own) {
      return this.#conversation.follow(token, listener);
    }
    const entry = entryOf(kind);
    if (entry === null) {
      listener.link('still');
      return { stop: () => undefined };
    }
    return poll(
      () => entry.snapshot(this, subject),
      snapshot => entry.isOver?.(snapshot) ?? false,
      listener
    );
  }

  embed(parent: HTMLElement, subject: Subject, selection?: Selection): { dispose(): void } {
    const place = new Place(parent, this.t);
    const entry = entryOf(subject.kind);
    if (entry === null) {
      place.say(this.t('There is no screen “%1” in this version of aml_magics.', subject.kind));
    } else {
      const load = (): Promise<{ mount: Mount }> => this.#load(subject.kind);
      void place.draw(() => drawingOf(entry, subject, this, load, selection));
    }
    return { dispose: () => place.clear() };
  }

  fileUrl(run: string, file: string): string {
    return fileLink(run, file);
  }

  dispose(): void {
    this.#unwatch();
    this.#conversation.dispose();
    (this.selection as TraitSelection | undefined)?.dispose();
    this.#sheets.forEach(sheet => sheet.remove());
  }

  /** The widget carries the code of its own screen alone; that of others comes from the kernel, once. */
  #load(kind: string): Promise<{ mount: Mount }> {
    const load = async (): Promise<{ mount: Mount }> => {
      const { value } = await this.#conversation.ask('module', { screen: kind });
      this.#sheets.push(styled(value as Code, this.#node));
      return imported(value as Code);
    };
    const found = this.#modules.get(kind) ?? load();
    this.#modules.set(kind, found);
    found.catch(() => this.#modules.delete(kind)); // Another try asks again.
    return found;
  }
}

function nameOf({ kind, ...fields }: Subject): string {
  return JSON.stringify([kind, fields]);
}

/** The trait `_views`. */
class TraitKept implements Kept {
  readonly #model: WidgetModel;

  constructor(model: WidgetModel) {
    this.#model = model;
  }

  get(kind: string): unknown {
    const views = this.#views;
    return Object.hasOwn(views, kind) ? views[kind] : undefined;
  }

  set(kind: string, view: unknown): void {
    this.#model.set('_views', { ...this.#views, [kind]: view });
    this.#model.save_changes();
  }

  get #views(): Record<string, unknown> {
    return (this.#model.get('_views') ?? {}) as Record<string, unknown>;
  }
}

/** The trait `selected`. */
class TraitSelection implements Selection {
  readonly #ends = new Set<() => void>();
  readonly #model: WidgetModel;

  constructor(model: WidgetModel) {
    this.#model = model;
  }

  get(): string[] {
    const ids = this.#model.get('selected');
    return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : [];
  }

  set(ids: string[]): void {
    if (ids.join('\n') !== this.get().join('\n')) {
      this.#model.set('selected', [...ids]);
      this.#model.save_changes();
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
    this.#model.on('change:selected', heard);
    const end = (): void => {
      this.#model.off('change:selected', heard);
      this.#ends.delete(end);
    };
    this.#ends.add(end);
    return end;
  }

  dispose(): void {
    for (const end of [...this.#ends]) {
      end();
    }
  }
}
