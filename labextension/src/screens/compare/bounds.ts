// The axes of parallel coordinates by keyboard: which are shown, in which order, within which range.
import { button, picker } from '../../ui/control';
import { div, element, fill, setAttributes, span } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { rangeOf } from './brush';
import type { Range } from './brush';
import type { Field } from './field';

export interface BoundsActions {
  range(key: string, range: Range | null): void;
  clear(): void;
  move(key: string, by: number): void;
  show(key: string, isOn: boolean): void;
}

type End = HTMLInputElement | HTMLSelectElement;

export class Bounds {
  readonly node: HTMLElement;
  readonly #axis;
  readonly #range = span();
  readonly #shown: HTMLInputElement;
  readonly #left: HTMLButtonElement;
  readonly #right: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  #chosen = '';
  #fields: readonly Field[] = [];
  #axes: readonly string[] = [];
  #ranges: ReadonlyMap<string, Range> = new Map();
  #ends: End[] = [];
  #endsKey = '';
  readonly #actions: BoundsActions;

  constructor(
    private readonly t: Translate,
    actions: BoundsActions
  ) {
    this.#actions = actions;
    this.#axis = picker(t('Axis'), key => {
      this.#chosen = key;
      this.#draw();
    });
    this.#shown = element('input', { type: 'checkbox' }, [], {
      change: () => actions.show(this.#chosen, this.#shown.checked)
    });
    this.#left = button('←', () => actions.move(this.#chosen, -1), {
      'aria-label': t('Move the axis to the left')
    });
    this.#right = button('→', () => actions.move(this.#chosen, 1), {
      'aria-label': t('Move the axis to the right')
    });
    this.#clear = button(t('Clear ranges'), () => actions.clear());
    const shown = element('label', {}, [this.#shown, ` ${t('Shown')}`]);
    this.node = div(
      'aml-toolbar aml-bounds',
      this.#axis.node,
      this.#range,
      shown,
      this.#left,
      this.#right,
      this.#clear
    );
  }

  set(fields: readonly Field[], axes: readonly string[], ranges: ReadonlyMap<string, Range>): void {
    this.#fields = fields;
    this.#axes = axes;
    this.#ranges = ranges;
    this.#draw();
  }

  #draw(): void {
    const { t } = this;
    const names = this.#fields.map(
      ({ key, name }) => [key, this.#axes.includes(key) ? name : t('%1 (not shown)', name)] as const
    );
    this.#axis.set(names, this.#chosen || (this.#axes[0] ?? ''));
    this.#chosen = this.#axis.select.value;
    const field = this.#fields.find(({ key }) => key === this.#chosen);
    this.node.hidden = !field;
    if (!field) {
      return;
    }
    this.#makeEnds(field);
    const range = this.#ranges.get(this.#chosen);
    this.#ends.forEach((end, at) => {
      const text = range && isFinite(range[at]!) ? String(range[at]) : '';
      // what is typed stays as it was typed
      if (document.activeElement !== end || Number(end.value) !== Number(text)) {
        end.value = text;
      }
    });
    const at = this.#axes.indexOf(this.#chosen);
    this.#shown.checked = at >= 0;
    setAttributes(this.#left, { 'aria-disabled': at <= 0 });
    setAttributes(this.#right, { 'aria-disabled': at < 0 || at === this.#axes.length - 1 });
    setAttributes(this.#clear, { 'aria-disabled': this.#ranges.size === 0 });
  }

  /** Two numbers, or two words of the axis; they are made anew only where the axis is another. */
  #makeEnds({ key, words }: Field): void {
    const { t } = this;
    const now = JSON.stringify([key, words]);
    if (now === this.#endsKey) {
      return;
    }
    this.#endsKey = now;
    const change = (): void => this.#changed();
    const option = (word: string, at: number): HTMLElement =>
      element('option', { value: at }, [oneLine(word)]);
    const end = (): End =>
      words
        ? element(
            'select',
            {},
            [element('option', { value: '' }, [t('any')]), ...words.map(option)],
            { change }
          )
        : element('input', { type: 'number', step: 'any' }, [], { change });
    this.#ends = [end(), end()];
    fill(
      this.#range,
      ...this.#ends.flatMap((one, at) => [
        element('label', {}, [at ? t('to') : t('from'), ' ', one]),
        ' '
      ])
    );
  }

  #changed(): void {
    const field = this.#fields.find(({ key }) => key === this.#chosen)!;
    const [low, high] = this.#ends.map(({ value }, at) =>
      value.trim() === '' ? [-Infinity, Infinity][at]! : Number(value)
    );
    const isOpen = low === -Infinity && high === Infinity;
    this.#actions.range(this.#chosen, isOpen ? null : rangeOf(field, low!, high!));
  }
}
