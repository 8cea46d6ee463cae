// What the parts are made of: buttons, boxes to tick, and lines of text.
import { element } from '../element';

type Attributes = Parameters<typeof element>[1];

export function button(text: string, click: () => void, attributes?: Attributes): HTMLButtonElement {
  return element('button', { type: 'button', ...attributes }, [text], { click });
}

export function checkbox(text: string, changed: (isOn: boolean) => void, isOn = false): HTMLElement {
  const box = element('input', { type: 'checkbox', checked: isOn }, [], { change: () => changed(box.checked) });
  return element('label', {}, [box, text]);
}

/** A line that says what is not there. */
export function muted(text: string): HTMLElement {
  return element('p', { class: 'aml-muted' }, [text]);
}

/** A line that says what is wrong. */
export function message(text: string, attributes?: Attributes, tone = 'aml-warn'): HTMLElement {
  return element('p', { class: `aml-message ${tone}`, ...attributes }, [text]);
}
