// Outputs of what goes on, and how outputs are shown, as long as the file of their notebook does not hold that:
// a reload of the page would lose it. It is remembered as long as the tab of the browser is open.

/** Which output of which cell. A notebook of an old format gives its cells new ids each time it is read. */
export interface Where {
  readonly cell: string;
  readonly place: number;
  readonly source: string;
  /** What the output is of: a cell may have several. */
  readonly subject: string;
}

/** What an output shows. */
export interface Held extends Where {
  /** The number of the execution; null while the cell runs. */
  readonly count: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ViewOfType {
  readonly mime: string;
  readonly view: unknown;
}

/** How an output is shown. */
export interface HeldView extends Where, ViewOfType {}

type Output = Pick<Where, 'cell' | 'subject'>;

function isSame(one: Output, other: Output): boolean {
  return one.cell === other.cell && one.subject === other.subject;
}

type Notes<H> = Record<string, H[]>;

export class Memory<H extends Where> {
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
    this.#change(path, all => {
      const place = all.findIndex(one => isSame(one, held));
      return place < 0 ? [...all, held] : all.map((one, at) => (at === place ? held : one));
    });
  }

  /** Without an output all of the notebook. */
  drop(path: string, held?: Output): void {
    this.#change(path, all => (held ? all.filter(one => !isSame(one, held)) : []));
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
