// What the designer knows, and how a document is edited, checked, undone and run.
import type { DesignPaletteView, DesignProblemView } from '../../contract.gen';
import { printable, wordsOf } from '../../ui/format';
import type { Host } from '../../ui/host';
import { Store } from '../../ui/store';
import { commentsOf, withComments, type Comments } from './written/comments';
import { EMPTY, type Tree } from './document';
import type { RunState } from './run';
import { yamlOf } from './written/yaml';

/** A file that is edited. */
export interface DesignedFile {
  /** All of it, as it is now. */
  readonly text: string;
  readonly isReadOnly: boolean;
  /** Its name without the ending. */
  readonly name: string;
  /** Its path on the server, which tells files apart. */
  readonly path: string;
  /** The folder in which it lies, for the server. */
  readonly folder: string;
  put(text: string): void;
  save(): Promise<void>;
  /** Called when somebody else changed the text; returns what ends that. */
  watch(changed: () => void): () => void;
  /** Show the text in an editor. */
  openText(): void;
}

export interface DesignerState {
  /** Null while the file is read, and where it cannot be. */
  readonly tree: Tree | null;
  /** Why it cannot be read, or run as it is. */
  readonly error: string;
  readonly line: number | null;
  readonly problems: readonly DesignProblemView[];
  readonly palette: DesignPaletteView | null;
  /** Why nothing can be put into it. */
  readonly paletteError: string;
  /** Ids of nodes. */
  readonly selected: ReadonlySet<string>;
  /** The edge that is selected, by its index; null for none. */
  readonly edge: number | null;
  readonly past: readonly Tree[];
  readonly future: readonly Tree[];
  readonly run: RunState | null;
  /** What was done or could not be, until the next edit. */
  readonly said: { readonly text: string; readonly isBad: boolean } | null;
  readonly isBusy: boolean;
}

/** How far back edits can be undone. */
const MOST = 200;
/** Milliseconds without an edit until the document is checked. */
const PAUSE = 250;

export class Designer {
  readonly store = new Store<DesignerState>({
    ...{ tree: null, error: '', line: null, problems: [], palette: null, paletteError: '' },
    ...{ selected: new Set<string>(), edge: null, past: [], future: [], run: null, said: null },
    isBusy: true
  });
  readonly host: Host;
  readonly file: DesignedFile;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Text that we wrote: told of it, nothing is read again. */
  #written: string | null = null;
  /** Those of the text that was read: they are written with each edit, also with one that brings their line back. */
  #comments: Comments = new Map();
  #turn = 0;
  #unwatch: () => void;

  constructor(host: Host, file: DesignedFile) {
    this.host = host;
    this.file = file;
    this.#unwatch = file.watch(() => {
      if (file.text !== this.#written) {
        void this.read();
      }
    });
    void this.read();
    void this.loadPalette();
  }

  dispose(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  get tree(): Tree {
    return this.store.state.tree ?? EMPTY;
  }

  /** The document as the file has it. */
  get text(): string {
    return withComments(yamlOf(this.tree), this.#comments);
  }

  /** Read the file, as when somebody else has changed it. */
  async read(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const { text } = this.file;
    this.#written = text;
    this.#comments = commentsOf(text);
    if (text.trim() === '') {
      this.store.set({ tree: EMPTY, error: '', line: null, problems: [], isBusy: false });
      return;
    }
    try {
      const { tree, error, line, problems } = await this.host.ask('design', { text });
      if (turn === this.#turn) {
        const { state } = this.store;
        const before = state.tree;
        this.store.set({
          ...{ tree: tree as Tree | null, error, line, problems, isBusy: false, edge: null },
          ...(tree && before ? { past: [...state.past, before], future: [] } : {})
        });
      }
    } catch (problem) {
      if (turn === this.#turn) {
        this.store.set({ error: printable(wordsOf(problem)), line: null, isBusy: false });
      }
    }
  }

  async loadPalette(): Promise<void> {
    try {
      this.store.set({ palette: await this.host.ask('design_palette', {}), paletteError: '' });
    } catch (problem) {
      this.store.set({ paletteError: printable(wordsOf(problem)) });
    }
  }

  /** Take over an edited document. */
  edit(tree: Tree, selected?: Iterable<string>): void {
    const { past } = this.store.state;
    if (this.file.isReadOnly || tree === this.tree) {
      return;
    }
    this.#show(tree, { past: [...past, this.tree].slice(-MOST), future: [] }, selected);
  }

  undo(): void {
    const { past, future } = this.store.state;
    const tree = past.at(-1);
    if (tree) {
      this.#show(tree, { past: past.slice(0, -1), future: [this.tree, ...future] });
    }
  }

  redo(): void {
    const { past, future } = this.store.state;
    const [tree, ...rest] = future;
    if (tree) {
      this.#show(tree, { past: [...past, this.tree], future: rest });
    }
  }

  select(ids: Iterable<string>): void {
    this.store.set({ selected: new Set(ids), edge: null });
  }

  say(text: string, isBad = false): void {
    this.store.set({ said: { text, isBad } });
  }

  #show(tree: Tree, history: Partial<DesignerState>, selected?: Iterable<string>): void {
    const chosen = selected ? { selected: new Set(selected) } : {};
    this.store.set({ ...history, ...chosen, tree, edge: null, said: null });
    this.#written = this.text;
    this.file.put(this.#written);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), PAUSE);
  }

  /** Ask what is wrong with the document as it is. */
  async check(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const { error, line, problems } = await this.host.ask('design', { text: this.text });
      if (turn === this.#turn) {
        this.store.set({ error, line, problems });
      }
    } catch (problem) {
      if (turn === this.#turn) {
        this.store.set({ error: printable(wordsOf(problem)), line: null });
      }
    }
  }
}
