// What screens are made of: buttons, boxes to tick, selects, sliders, and lines of text.
import { element, fill, setText, svg } from './element';
import { oneLine } from './format';
import type { Translate } from './host';
import { dashOf } from './chart/paint';
import { PALETTE } from './chart/theme';

type Attributes = Parameters<typeof element>[1];

/** A button; one that is `aria-disabled` does nothing, and keeps the focus. */
export function button(
  content: string | readonly (Node | string)[],
  click: () => void,
  attributes?: Attributes
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, [content].flat(), {
    click: () => made.getAttribute('aria-disabled') !== 'true' && click()
  });
  return made;
}

export function checkbox(
  text: string,
  changed: (isOn: boolean) => void,
  isOn = false
): HTMLLabelElement {
  const box = element('input', { type: 'checkbox', checked: isOn }, [], {
    change: () => changed(box.checked)
  });
  return element('label', {}, [box, text]);
}

export interface Picker {
  readonly node: HTMLElement;
  readonly select: HTMLSelectElement;
  /** Offer `[value, text]`s; a value that is not offered any more gives way to the first. */
  set(options: readonly (readonly [string, string])[], value: string): void;
}

/** A select with its label. */
export function picker(label: string, changed: (value: string) => void): Picker {
  const select = element('select', {}, [], { change: () => changed(select.value) });
  let drawn = '';
  return {
    node: element('label', {}, [label, select]),
    select,
    set: (options, value) => {
      const key = JSON.stringify(options);
      if (key !== drawn) {
        drawn = key;
        fill(
          select,
          ...options.map(([of, text]) => element('option', { value: of }, [oneLine(text)]))
        );
      }
      select.value = options.some(([of]) => of === value) ? value : (options[0]?.[0] ?? '');
    }
  };
}

/** The slider that smooths curves. */
export function smoother(t: Translate, changed: (weight: number) => void): HTMLElement {
  const said = element('output', { class: 'aml-muted' }, ['0']);
  const slider = element('input', { type: 'range', min: 0, max: 0.99, step: 0.01, value: 0 }, [], {
    input: () => {
      setText(said, slider.value);
      changed(Number(slider.value));
    }
  });
  return element('label', {}, [t('smoothing'), slider, said]);
}

/** A line that says what is not there. */
export function muted(text: string): HTMLElement {
  return element('p', { class: 'aml-muted' }, [text]);
}

/** A line that says what is wrong. */
export function message(text: string, attributes?: Attributes, tone = 'aml-warn'): HTMLElement {
  return element('p', { class: `aml-message ${tone}`, ...attributes }, [text]);
}

/** Text that keeps its lines. */
export function pre(...text: (Node | string)[]): HTMLElement {
  return element('pre', { class: 'aml-mono', tabindex: 0 }, text);
}

/** Something below a title that is opened by a click. */
export function fold(title: string, inside: Node, isOpen: boolean): HTMLElement {
  return element('details', { class: 'aml-run-fold', open: isOpen }, [
    element('summary', {}, [oneLine(title)]),
    inside
  ]);
}

/** The words of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A sign that is spoken as a word: never a colour alone. */
export function glyph(sign: string, word: string): HTMLElement {
  return element('span', { class: 'aml-star', role: 'img', 'aria-label': word, title: word }, [
    sign
  ]);
}

/** A piece of a curve's line, to find it by. */
export function swatch(curve: Parameters<typeof dashOf>[0]): SVGElement {
  return svg('svg', { class: 'aml-swatch', width: 18, height: 8, 'aria-hidden': true }, [
    svg('path', {
      d: 'M0 4H18',
      style: `stroke: var(--aml-color-${curve.color % PALETTE})`,
      'stroke-dasharray': dashOf(curve).join(' ')
    })
  ]);
}
