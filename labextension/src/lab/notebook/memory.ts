// Outputs of what goes on, as long as the file of their notebook does not hold them: a reload of the page would
// lose them. They are remembered as long as the tab of the browser is open.

/** Where a cell is, and what an output of it shows. A notebook of an old format gives its cells new ids each time it is read. */
export interface Held {
  readonly cell: string;
  readonly place: number;
  readonly source: string;
  /** The number of the execution; null while the cell runs. */
  readonly count: number | null;
  /** What the output is of: a cell may have several. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const KEY = 'aml-magics:outputs';

type Output = Pick<Held, 'cell' | 'subject'>;

function isSame(one: Output, other: Output): boolean {
  return one.cell === other.cell && one.subject === other.subject;
}

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
    this.#change(path, all => {
      const place = all.findIndex(one => isSame(one, held));
      return place < 0 ? [...all, held] : all.map((one, at) => (at === place ? held : one));
    });
  }

  /** Without an output all of the notebook. */
  drop(path: string, held?: Output): void {
    this.#change(path, all => (held ? all.filter(one => !isSame(one, held)) : []));
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
