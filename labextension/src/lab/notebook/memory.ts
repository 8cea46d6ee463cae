// Outputs of what goes on, and how outputs are shown, as long as the file of their notebook does not hold them: a reload of the page would
// lose them. They are remembered as long as the tab of the browser is open.

/** Where a cell is. A notebook of an old format gives its cells new ids each time it is read. */
export interface Where {
  readonly cell: string;
  readonly place: number;
  readonly source: string;
}

/** What a cell shows. */
export interface Held extends Where {
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ViewOfType {
  readonly mime: string;
  readonly view: unknown;
}

/** How an output of a cell is shown. */
export interface HeldView extends Where, ViewOfType {
  readonly output: number;
}

type Notes<H> = Record<string, H[]>;

export class Memory<H extends Where & { readonly output?: number }> {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly #key: string;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  /** What the notebook under a path has unsaved. */
  of(path: string): readonly H[] {
    return this.#notes()[path] ?? [];
  }

  hold(path: string, held: H): void {
    this.#change(path, all => [
      ...all.filter(({ cell, output }) => cell !== held.cell || output !== held.output),
      held
    ]);
  }

  /** Without a cell all of the notebook. */
  drop(path: string, cell?: string): void {
    this.#change(path, all => (cell === undefined ? [] : all.filter(one => one.cell !== cell)));
  }

  #change(path: string, change: (all: readonly H[]) => H[]): void {
    const notes = this.#notes();
    const held = change(notes[path] ?? []);
    if (held.length === 0 && !notes[path]) {
      return;
    }
    notes[path] = held;
    if (held.length === 0) {
      delete notes[path];
    }
    try {
      this.#storage.setItem(this.#key, JSON.stringify(notes));
    } catch (error) {
      console.warn('aml_magics: the browser keeps no output for a reload of the page.', error);
    }
  }

  #notes(): Notes<H> {
    try {
      const notes = JSON.parse(this.#storage.getItem(this.#key) ?? '{}') as Notes<H> | null;
      return Object.assign(Object.create(null) as Notes<H>, notes);
    } catch {
      return {}; // Damaged, or no storage: then nothing is remembered.
    }
  }
}
