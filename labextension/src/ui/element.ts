// Elements made without markup: what is text stays text, whatever it holds.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;
type Handlers = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

const SVG = 'http://www.w3.org/2000/svg';

/** An element: `element('button', { class: 'aml-button' }, ['Cancel'], { click: cancel })`. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly Child[] = [],
  handlers: Handlers = {}
): HTMLElementTagNameMap[K] {
  return finished(document.createElement(tag), attributes, children, handlers);
}

/** A `div` of a CSS class. */
export function div(kind = '', ...children: Child[]): HTMLElement {
  return element('div', { class: kind || null }, children);
}

/** A `span` of a CSS class. */
export function span(kind = '', ...children: Child[]): HTMLElement {
  return element('span', { class: kind || null }, children);
}

/** An element of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly Child[] = [],
  handlers: Handlers = {}
): SVGElementTagNameMap[K] {
  return finished(document.createElementNS(SVG, tag), attributes, children, handlers);
}

/** Put children in place of those that are there. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...present(children));
}

/** Set the text only where it changes, so that a selection in it lives on. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/**
 * Set attributes: a null or missing value leaves one as it is; true sets it empty and false leaves it out, but
 * those of ARIA say `true` and `false`.
 */
export function setAttributes(node: Element, attributes: Attributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    const isAria = name.startsWith('aria-');
    if (value !== null && value !== undefined && (value !== false || isAria)) {
      node.setAttribute(name, value === true && !isAria ? '' : (value as string)); // which makes a text of it
    }
  }
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter(
    (child): child is Node | string => child !== null && child !== undefined && child !== false
  );
}

function finished<E extends Element>(
  made: E,
  attributes: Attributes,
  children: readonly Child[],
  handlers: Handlers
): E {
  setAttributes(made, attributes);
  fill(made, ...children);
  for (const name in handlers) {
    made.addEventListener(name, handlers[name as keyof Handlers] as EventListener);
  }
  return made;
}
