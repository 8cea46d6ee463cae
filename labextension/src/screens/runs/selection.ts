// Which runs are selected: by the host where it shares that, else by the table itself.
import type { Selection } from '../../ui/host';

export class Picked implements Selection {
  readonly ids = new Set<string>();
  /** The run that was selected last, from which a range goes on. */
  anchor: string | null = null;
  readonly #stop: (() => void) | undefined;

  /** `changed` is called whoever changes the selection. */
  readonly #shared: Selection | undefined;
  readonly #changed: () => void;

  constructor(shared: Selection | undefined, changed: () => void) {
    this.#shared = shared;
    this.#changed = changed;
    this.#take(shared?.get() ?? []);
    this.#stop = shared?.subscribe(ids => {
      this.#take(ids);
      changed();
    });
  }

  get(): string[] {
    return [...this.ids];
  }

  /** Select these and no others: what a comparison below the table does. */
  set(ids: string[]): void {
    this.#take(ids);
    this.#tell();
  }

  subscribe(changed: (ids: string[]) => void): () => void {
    return this.#shared?.subscribe(changed) ?? (() => undefined);
  }

  /** Select or unselect runs together: all, unless all are selected. */
  toggle(ids: readonly string[], anchor: string): void {
    this.anchor = anchor;
    const isOn = !ids.every(id => this.ids.has(id));
    ids.forEach(id => (isOn ? this.ids.add(id) : this.ids.delete(id)));
    this.#tell();
  }

  add(ids: readonly string[]): void {
    ids.forEach(id => this.ids.add(id));
    this.#tell();
  }

  /** Forget runs that are no more. */
  drop(ids: readonly string[]): void {
    const before = this.ids.size;
    ids.forEach(id => this.ids.delete(id));
    if (this.ids.size < before) {
      this.#tell();
    }
  }

  dispose(): void {
    this.#stop?.();
  }

  #take(ids: readonly string[]): void {
    this.ids.clear();
    ids.forEach(id => this.ids.add(id));
  }

  #tell(): void {
    this.#shared?.set(this.get());
    this.#changed();
  }
}
