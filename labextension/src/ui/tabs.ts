// Sections of which one is open. One tab is in the order of the Tab key; arrows, Home and End lead to the others.
import { div, element, setAttributes, setText } from './element';

/** What a tab shows. */
export interface Sight {
  readonly node: HTMLElement;
  /** Bring it up to date; called only while its tab is open. */
  draw(): void;
  dispose?(): void;
}

export interface Tab {
  id: string;
  title: string;
  /** Called when the tab is opened for the first time. */
  make(): Sight;
}

let lists = 0;

export class Tabs {
  readonly node: HTMLElement;
  #open = 0;
  readonly #tabs: Tab[];
  readonly #sights: (Sight | undefined)[] = [];
  readonly #heads: HTMLElement[];
  readonly #panels: HTMLElement[];

  constructor(label: string, tabs: Tab[]) {
    this.#tabs = tabs;
    const prefix = `aml-tabs-${(lists += 1)}-`;
    this.#heads = tabs.map(({ id, title }, place) =>
      element(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: prefix + id,
          'aria-controls': `${prefix}${id}-panel`,
          'data-tab': id
        },
        [title],
        { click: () => this.#select(place) }
      )
    );
    this.#panels = tabs.map(({ id }) =>
      element('div', {
        role: 'tabpanel',
        id: `${prefix}${id}-panel`,
        'aria-labelledby': prefix + id,
        class: 'aml-tab'
      })
    );
    const list = element(
      'div',
      { role: 'tablist', class: 'aml-tabs', 'aria-label': label },
      this.#heads,
      { keydown: event => this.#key(event) }
    );
    this.node = div('', list, ...this.#panels);
    this.#mark();
  }

  /** Bring the open tab up to date. */
  draw(): void {
    let sight = this.#sights[this.#open];
    if (!sight) {
      sight = this.#sights[this.#open] = this.#tabs[this.#open]!.make();
      this.#panels[this.#open]!.append(sight.node);
    }
    sight.draw();
  }

  /** Put a text behind a title, with how it is spoken. */
  note(id: string, text: string, spoken: string): void {
    const place = this.#placeOf(id);
    const { title } = this.#tabs[place]!;
    setText(this.#heads[place]!, text ? `${title} ${text}` : title);
    setAttributes(this.#heads[place]!, { 'aria-label': spoken ? `${title}, ${spoken}` : null });
  }

  open(id: string): void {
    this.#go(this.#placeOf(id));
  }

  dispose(): void {
    this.#sights.forEach(sight => sight?.dispose?.());
  }

  #placeOf(id: string): number {
    return this.#tabs.findIndex(tab => tab.id === id);
  }

  #select(place: number): void {
    this.#open = place;
    this.#mark();
    this.draw();
  }

  #go(place: number): void {
    this.#select(place);
    this.#heads[place]!.focus();
  }

  #mark(): void {
    this.#heads.forEach((head, place) => {
      const isOpen = place === this.#open;
      setAttributes(head, { 'aria-selected': isOpen, tabindex: isOpen ? 0 : -1 });
      this.#panels[place]!.hidden = !isOpen;
    });
  }

  #key(event: KeyboardEvent): void {
    const { length } = this.#heads;
    const to = {
      ArrowRight: (this.#open + 1) % length,
      ArrowLeft: (this.#open + length - 1) % length,
      Home: 0,
      End: length - 1
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#go(to);
    }
  }
}
