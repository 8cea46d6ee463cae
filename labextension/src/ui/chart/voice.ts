// Sentences for those who hear a chart.
import { element, setText } from '../element';

const PAUSE = 150;

/** Says a sentence, not more often than it can be heard. */
export class Voice {
  readonly node = element('div', { class: 'aml-hidden', role: 'status', 'aria-live': 'polite' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.node, text), PAUSE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
