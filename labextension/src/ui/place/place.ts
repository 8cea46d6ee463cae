// The place of a screen: it is loaded, drawn and put away there, and what goes wrong is said there.
import { oneLine, wordsOf } from '../format';
import type { Host, Selection, Subject, Translate } from '../host';
import { delayAfter, Refusal } from './retry';
import type { Mount, Mounted, ScreenEntry } from '../screen';
import type { Snapshot } from './snapshot';

/** All that a screen needs. */
export interface Drawing {
  mount: Mount;
  snapshot: Snapshot;
  host: Host;
  selection?: Selection;
}

export class Place {
  #mounted: Mounted | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes when what is drawn does: what is still loaded may come too late. */
  #turn = 0;
  readonly #node: HTMLElement;
  readonly #t: Translate;
  readonly #told: (problem: string | null) => void;

  /** @param told called with why nothing is drawn, and with null once something is. */
  constructor(
    node: HTMLElement,
    t: Translate,
    told: (problem: string | null) => void = () => undefined
  ) {
    this.#node = node;
    this.#t = t;
    this.#told = told;
  }

  get isDrawn(): boolean {
    return this.#mounted !== null;
  }

  /** Draw what `make` gives in place of what is there. What fails says so, and is tried again; it never throws. */
  async draw(make: () => Promise<Drawing>): Promise<void> {
    this.clear();
    this.#say(this.#t('Loading…'), 'aml-calm');
    await this.#try(make, 0);
  }

  update(snapshot: Snapshot): void {
    this.#mounted?.update(snapshot);
  }

  /** Say what is wrong in place of a screen. */
  say(text: string): void {
    this.clear();
    this.#say(text, 'aml-bad');
  }

  clear(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    const mounted = this.#mounted;
    this.#mounted = null;
    try {
      mounted?.dispose();
    } catch (error) {
      console.error('aml_magics: a screen could not be put away.', error);
    }
    this.#node.replaceChildren();
  }

  async #try(make: () => Promise<Drawing>, failures: number): Promise<void> {
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const again = (count: number): void => void this.#try(make, count);
    let drawing: Drawing;
    try {
      drawing = await make();
    } catch (error) {
      if (turn === this.#turn) {
        this.#failed(wordsOf(error), () => again(failures));
        if (error instanceof Refusal && error.kind === 'away') {
          this.#timer = setTimeout(() => again(failures + 1), delayAfter(failures + 1));
        }
      }
      return;
    }
    if (turn === this.#turn) {
      this.#mount(drawing, () => again(0));
    }
  }

  #mount({ mount, snapshot, host, selection }: Drawing, again: () => void): void {
    try {
      this.#node.replaceChildren();
      this.#mounted = mount(this.#node, snapshot, host, selection);
      this.#told(null);
    } catch (error) {
      console.error('aml_magics: a screen could not be drawn.', error);
      this.#failed(this.#t('This could not be drawn: %1', wordsOf(error)), again);
    }
  }

  #failed(text: string, again: () => void): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = this.#t('Try again');
    button.onclick = again;
    this.#say(text, 'aml-bad', button);
    this.#told(text);
  }

  #say(text: string, tone: string, ...more: Node[]): void {
    const words = document.createElement('p');
    words.textContent = oneLine(text);
    const message = document.createElement('div');
    message.className = `aml-message ${tone}`;
    message.setAttribute('role', 'status');
    message.append(words, ...more);
    const root = document.createElement('div');
    root.className = 'aml-ui';
    root.append(message);
    this.#node.replaceChildren(root);
  }
}

/** Ask what a subject looks like while its code is loaded. */
export async function drawingOf(
  entry: ScreenEntry,
  subject: Subject,
  host: Host,
  load: () => Promise<{ readonly mount: Mount }>,
  selection?: Selection
): Promise<Drawing> {
  const [{ mount }, snapshot] = await Promise.all([load(), entry.snapshot(host, subject)]);
  return { mount, snapshot, host, selection };
}
