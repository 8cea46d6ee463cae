// Outputs of what goes on, as long as the file of their notebook does not hold them: a reload of the page would
// lose them. They are remembered as long as the tab of the browser is open.

/** Where a cell is, and what it shows. A notebook of an old format gives its cells new ids each time it is read. */
export interface Held {
  readonly cell: string;
  readonly place: number;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const KEY = 'aml-magics:outputs';

type Notes = Record<string, Held[]>;

export class Memory {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  /** What the notebook under a path has unsaved. */
  of(path: string): readonly Held[] {
    return this.#notes()[path] ?? [];
  }

  hold(path: string, held: Held): void {
    this.#change(path, all => [...all.filter(({ cell }) => cell !== held.cell), held]);
  }

  /** Without a cell all of the notebook. */
  drop(path: string, cell?: string): void {
    this.#change(path, all => (cell === undefined ? [] : all.filter(one => one.cell !== cell)));
  }

  #change(path: string, change: (all: readonly Held[]) => Held[]): void {
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
      this.#storage.setItem(KEY, JSON.stringify(notes));
    } catch (error) {
      console.warn('aml_magics: the browser keeps no output for a reload of the page.', error);
    }
  }

  #notes(): Notes {
    try {
      const notes = JSON.parse(this.#storage.getItem(KEY) ?? '{}') as Notes | null;
      return Object.assign(Object.create(null) as Notes, notes);
    } catch {
      return {}; // Damaged, or no storage: then nothing is remembered.
    }
  }
}
