// How an output is shown, as the user chose it: in its metadata, so that the notebook keeps it.
import type { Kept } from '../../ui/host';

export type Metadata = Readonly<Record<string, unknown>>;

/** The model of an output, as far as its metadata goes. */
export interface OutputModel {
  readonly metadata: Metadata;
  setData(options: { metadata: Metadata }): void;
}

/** The view of one output, as long as its screen is drawn. */
export class OutputKept implements Kept {
  readonly #mime: string;
  readonly #written: (view: unknown) => void;
  #model: OutputModel | null;
  #view: unknown;
  #isClosed = false;

  /** @param written called after a change, which nobody has saved yet. */
  constructor(mime: string, model: OutputModel | null, written: (view: unknown) => void) {
    this.#mime = mime;
    this.#model = model;
    this.#written = written;
    this.#view = viewIn(model, mime);
  }

  /** Take a newer model of the output; false where that holds another view than the one that is shown. */
  take(model: OutputModel | null): boolean {
    this.#model = model;
    const view = viewIn(model, this.#mime);
    if (view === undefined && this.#view !== undefined) {
      // The kernel put a newer state in its place, and knows of no view.
      this.#write();
      return true;
    }
    return JSON.stringify(view) === JSON.stringify(this.#view);
  }

  get(): unknown {
    return this.#view;
  }

  set(_kind: string, view: unknown): void {
    this.#view = view;
    this.#write();
  }

  /** From now on the model is another's. */
  close(): void {
    this.#isClosed = true;
  }

  #write(): void {
    if (this.#model && !this.#isClosed) {
      setView(this.#model, this.#mime, this.#view);
      this.#written(this.#view);
    }
  }
}

function viewIn(model: OutputModel | null, mime: string): unknown {
  return noteIn(model?.metadata, mime).view;
}

export function setView(model: OutputModel, mime: string, view: unknown): void {
  const { metadata } = model;
  model.setData({ metadata: { ...metadata, [mime]: { ...noteIn(metadata, mime), view } } });
}

/** What the metadata says of a type; it may be of anybody. */
function noteIn(metadata: Metadata | undefined, mime: string): { view?: unknown } {
  const note = metadata?.[mime];
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? note : {};
}
