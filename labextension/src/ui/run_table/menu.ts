// A button that opens a list of things to switch on and off.
import { element, setText } from '../element';
import { oneLine } from '../format';

export interface Choice {
  key: string;
  title: string;
  isOn: boolean;
}

export class Menu {
  readonly element: HTMLDetailsElement;
  readonly #summary = element('summary', { class: 'aml-button' });
  readonly #list: HTMLElement;
  readonly #boxes = new Map<string, HTMLInputElement>();

  constructor(
    label: string,
    private readonly chosen: (key: string, isOn: boolean) => void
  ) {
    this.#list = element('div', { class: 'aml-menu-list', role: 'group', 'aria-label': label });
    this.element = element('details', { class: 'aml-menu' }, [this.#summary, this.#list], {
      keydown: event => {
        if (event.key === 'Escape' && this.element.open) {
          event.stopPropagation();
          this.element.open = false;
          this.#summary.focus();
        }
      }
    });
    this.element.addEventListener('focusout', event => {
      // the click on a label moves the focus to nowhere first
      if (event.relatedTarget && !this.element.contains(event.relatedTarget as Node)) {
        this.element.open = false;
      }
    });
  }

  /** Boxes that are there stay there, so that the one with the focus does. */
  set(title: string, choices: readonly Choice[]): void {
    setText(this.#summary, title);
    const keys = new Set(choices.map(({ key }) => key));
    for (const [key, box] of this.#boxes) {
      if (!keys.has(key)) {
        box.parentElement?.remove();
        this.#boxes.delete(key);
      }
    }
    choices.forEach((choice, at) => {
      let box = this.#boxes.get(choice.key);
      if (!box) {
        box = element('input', { type: 'checkbox' }, [], { change: event => this.chosen(choice.key, (event.target as HTMLInputElement).checked) });
        this.#boxes.set(choice.key, box);
        this.#list.insertBefore(element('label', {}, [box, ` ${oneLine(choice.title)}`]), this.#list.children[at] ?? null);
      }
      box.checked = choice.isOn;
    });
  }
}
