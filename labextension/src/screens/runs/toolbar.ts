// What stands above the table.
import { button } from '../../ui/control';
import { div, element, setAttributes, setText } from '../../ui/element';
import { numberText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { Menu } from './menu';

export interface ToolbarActions {
  filter(text: string): void;
  column(key: string, isOn: boolean): void;
  group(isOn: boolean): void;
  compare(): void;
  /** Missing where there is no notebook. */
  toNotebook?(): void;
  csv(): void;
  more(): void;
}

export interface ToolbarState {
  shown: number;
  /** Rows that are here, and how many more there are of the same. */
  all: number;
  more: number;
  /** All runs, whatever is filtered. */
  total: number;
  selected: number;
  isLoading: boolean;
  /** Whether a filter or an order has seen the loaded runs alone. */
  isPartial: boolean;
}

/** The most runs that a comparison takes. */
export const MOST = 20;
let count = 0;

export class Toolbar {
  readonly node: HTMLElement;
  readonly menu: Menu;
  readonly #count = element('span', { class: 'aml-count', role: 'status' });
  readonly #problem: HTMLElement;
  readonly #box: HTMLInputElement;
  readonly #compare: HTMLButtonElement;
  readonly #frame: HTMLButtonElement | null;
  readonly #more: HTMLButtonElement;

  constructor(
    private readonly t: Translate,
    actions: ToolbarActions
  ) {
    this.#problem = element('span', {
      class: 'aml-bad aml-problem',
      role: 'status',
      id: `aml-filter-problem-${++count}`
    });
    this.#box = element(
      'input',
      {
        type: 'search',
        class: 'aml-filter',
        'aria-label': t('Filter runs'),
        'aria-describedby': this.#problem.id,
        placeholder: t('Filter: words, or metrics.acc > 0.9 and params.lr < 0.1'),
        spellcheck: 'false'
      },
      [],
      { input: () => actions.filter(this.#box.value) }
    );
    this.menu = new Menu(t('Columns'), actions.column);
    this.#compare = button(t('Compare'), actions.compare);
    this.#frame = actions.toNotebook ? button(t('To DataFrame'), actions.toNotebook) : null;
    this.#more = button('', actions.more);
    const group = button(
      t('Group by experiment'),
      () => {
        const isOn = group.getAttribute('aria-pressed') !== 'true';
        setAttributes(group, { 'aria-pressed': isOn });
        actions.group(isOn);
      },
      { 'aria-pressed': false }
    );
    const parts = [
      this.#box,
      this.menu.node,
      group,
      this.#compare,
      this.#frame,
      button(t('CSV'), actions.csv),
      this.#more,
      this.#count
    ];
    this.node = div('aml-toolbar', ...parts, this.#problem);
  }

  /** Say what is wrong with the filter; nothing where it is well. */
  tell(problem: string): void {
    setText(this.#problem, problem);
    setAttributes(this.#box, { 'aria-invalid': problem !== '' });
  }

  set({ shown, all, more, total, selected, isLoading, isPartial }: ToolbarState): void {
    const { t } = this;
    setText(
      this.#count,
      isPartial
        ? t(
            '%1 of the %2 loaded runs of %3, %4 selected',
            numberText(shown),
            numberText(all),
            numberText(total),
            numberText(selected)
          )
        : shown === total
          ? t('%1 runs, %2 selected', numberText(total), numberText(selected))
          : t(
              '%1 of %2 runs, %3 selected',
              numberText(shown),
              numberText(total),
              numberText(selected)
            )
    );
    // such a button stays in the order of Tab, so that its reason can be read
    enable(
      this.#compare,
      selected >= 2 && selected <= MOST,
      t('Select 2 to %1 runs to compare them.', MOST)
    );
    if (this.#frame) {
      enable(this.#frame, selected > 0, t('Select the runs first.'));
    }
    this.#more.hidden = more <= 0 && !isLoading;
    setText(
      this.#more,
      isLoading
        ? t('Loading %1 of %2, stop', numberText(all), numberText(all + more))
        : t('Load %1 more', numberText(more))
    );
  }
}

function enable(one: HTMLButtonElement, isOn: boolean, reason: string): void {
  setAttributes(one, { 'aria-disabled': !isOn });
  one.title = isOn ? '' : reason;
}
