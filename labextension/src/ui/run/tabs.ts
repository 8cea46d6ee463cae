// Sections of which one is open: the tab pattern, with arrows, Home and End.
import { element, setText } from '../element';
import type { RunView } from '../view';
import { guarded, type Part } from './part';
import type { Scene } from './scene';

export interface Tab {
  id: string;
  title: string;
  /** Called when the tab is opened for the first time. */
  make(): Part;
  /** What stands behind the title, and how it is spoken. */
  note?(view: RunView): [text: string, spoken: string];
}

/** JupyterLab takes arrow keys for its cells wherever this does not stand. */
export const OWN_KEYS = { 'data-lm-suppress-shortcuts': 'true' };

let tabLists = 0;

export class Tabs implements Part {
  readonly node: HTMLElement;
  #view: RunView | null = null;
  #open = 0;
  readonly #parts: (Part | null)[];
  readonly #buttons: HTMLElement[];
  readonly #panels: HTMLElement[];

  constructor(
    private readonly tabs: Tab[],
    private readonly scene: Scene
  ) {
    const prefix = `aml-tabs-${(tabLists += 1)}`;
    this.#parts = tabs.map(() => null);
    this.#buttons = tabs.map(({ id, title }, place) =>
      element(
        'button',
        { type: 'button', role: 'tab', id: `${prefix}-${id}`, 'aria-controls': `${prefix}-${id}-panel`, 'data-tab': id, ...OWN_KEYS },
        [title],
        { click: () => this.select(place), keydown: event => this.#key(event) }
      )
    );
    this.#panels = tabs.map(({ id }) =>
      element('div', { role: 'tabpanel', id: `${prefix}-${id}-panel`, 'aria-labelledby': `${prefix}-${id}`, class: 'aml-run-tab' })
    );
    const list = element('div', { role: 'tablist', class: 'aml-run-tabs', 'aria-label': scene.t('Parts of the run') }, this.#buttons);
    this.node = element('div', {}, [list, ...this.#panels]);
    this.#mark();
  }

  show(view: RunView): void {
    this.#view = view;
    this.tabs.forEach(({ title, note }, place) => {
      const [text, spoken] = note?.(view) ?? ['', ''];
      const button = this.#buttons[place]!;
      setText(button, text ? `${title} ${text}` : title);
      if (spoken) {
        button.setAttribute('aria-label', `${title}, ${spoken}`);
      }
    });
    const part = (this.#parts[this.#open] ??= this.#make(this.#open));
    part.show(view);
  }

  select(place: number): void {
    this.#open = place;
    this.#mark();
    if (this.#view) {
      this.show(this.#view);
    }
  }

  openTab(id: string): void {
    const place = this.tabs.findIndex(tab => tab.id === id);
    this.select(place);
    this.#buttons[place]!.focus();
  }

  dispose(): void {
    this.#parts.forEach(part => part?.dispose?.());
  }

  #make(place: number): Part {
    const part = guarded(() => this.tabs[place]!.make(), this.scene.t);
    this.#panels[place]!.append(part.node);
    return part;
  }

  #mark(): void {
    this.#buttons.forEach((button, place) => {
      const isOpen = place === this.#open;
      button.setAttribute('aria-selected', String(isOpen));
      button.tabIndex = isOpen ? 0 : -1;
      this.#panels[place]!.hidden = !isOpen;
    });
  }

  #key(event: KeyboardEvent): void {
    const last = this.tabs.length - 1;
    const to = {
      ArrowRight: this.#open === last ? 0 : this.#open + 1,
      ArrowLeft: this.#open === 0 ? last : this.#open - 1,
      Home: 0,
      End: last
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.select(to);
      this.#buttons[to]!.focus();
    }
  }
}
