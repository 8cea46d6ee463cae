// A button that opens a list of things to switch on and off.
import { checkbox } from '../../ui/control';
import { element, setText } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { keyed, type Keyed } from '../../ui/keyed';

export interface Choice {
  key: string;
  title: string;
  isOn: boolean;
}

export class Menu {
  readonly node: HTMLDetailsElement;
  readonly #summary = element('summary', { class: 'aml-button' });
  readonly #list: HTMLElement;
  readonly #rows: Keyed<Choice>;

  constructor(label: string, chosen: (key: string, isOn: boolean) => void) {
    this.#list = element('div', { class: 'aml-menu-list', role: 'group', 'aria-label': label });
    this.#rows = keyed<Choice>(
      this.#list,
      ({ key }) => key,
      ({ key, title }) => {
        const node = checkbox(oneLine(title), isOn => chosen(key, isOn));
        const box = node.querySelector('input')!;
        return { node, show: ({ isOn }) => void (box.checked = isOn) };
      }
    );
    this.node = element('details', { class: 'aml-menu' }, [this.#summary, this.#list], {
      keydown: event => {
        if (event.key === 'Escape' && this.node.open) {
          event.stopPropagation();
          this.node.open = false;
          this.#summary.focus();
        }
      },
      focusout: ({ relatedTarget }) => {
        // the click on a label moves the focus to nowhere first
        if (relatedTarget && !this.node.contains(relatedTarget as Node)) {
          this.node.open = false;
        }
      }
    });
  }

  set(title: string, choices: readonly Choice[]): void {
    setText(this.#summary, title);
    this.#rows.show(choices);
  }
}
