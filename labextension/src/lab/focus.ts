// Which screen of the page the user is at, and which line of it: what the commands of screens are about.
import type { Subject } from '../ui/host';

/** What a place in the page shows. */
export interface Shown {
  readonly workspace: string;
  readonly subject: Subject;
  /** Draw anew what has changed: of what has ended nobody tells. */
  renew(): void;
}

/** What the user goes to only for a while, to say what is to be done with the screen. */
const PASSING =
  '.lm-CommandPalette, #modal-command-palette, .lm-Menu, .lm-MenuBar, .jp-Dialog, .Toastify';

export class Focus {
  readonly #shown = new WeakMap<Element, Shown>();
  readonly #lines = new WeakMap<Element, Shown>();
  #at: Element | null = null;

  /** @param page where focus and pointer are watched. */
  constructor(page: Pick<Document, 'addEventListener'>) {
    page.addEventListener('focusin', event => this.#moved(event.target), true);
    page.addEventListener('pointerdown', event => this.#moved(event.target), true);
  }

  /** `node` shows something now; null: nothing. */
  mark(node: Element, shown: Shown | null): void {
    this.#lines.delete(node);
    if (shown) {
      this.#shown.set(node, shown);
    } else {
      this.#shown.delete(node);
    }
  }

  /** In what `node` shows, the user looks at a line that is about something of its own. */
  look(node: Element, workspace: string, subject: Subject | null): void {
    if (subject) {
      // A list of what changes is told of that.
      this.#lines.set(node, { workspace, subject, renew: () => undefined });
    } else {
      this.#lines.delete(node);
    }
  }

  /** The innermost that the user is at, else what `otherwise` shows; of one kind, where that is asked for. */
  current(otherwise: Element | null, kind?: string): Shown | null {
    const at = this.#at?.isConnected ? this.#at : null;
    return this.#around(at, kind) ?? this.#around(otherwise, kind);
  }

  #around(start: Element | null, kind?: string): Shown | null {
    for (let node = start; node !== null; node = node.parentElement) {
      for (const shown of [this.#lines.get(node), this.#shown.get(node)]) {
        // What stands at the side is of no workspace.
        if (
          shown &&
          shown.workspace !== '' &&
          (kind ?? shown.subject.kind) === shown.subject.kind
        ) {
          return shown;
        }
      }
    }
    return null;
  }

  #moved(target: EventTarget | null): void {
    if (!(target instanceof Element) || target.closest(PASSING)) {
      return;
    }
    for (let node: Element | null = target; node !== null; node = node.parentElement) {
      if (this.#shown.has(node)) {
        this.#at = node;
        return;
      }
    }
    // A cell, or the page, takes the focus for what is clicked in it.
    if (!target.contains(this.#at)) {
      this.#at = null;
    }
  }
}
