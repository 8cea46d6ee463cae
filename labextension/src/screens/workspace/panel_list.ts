// Lists of the side panel.
import { element } from '../../ui/element';

/** One button for each item, changed in place, so that the focus stays where it is. */
export function keep<T>(
  list: HTMLElement,
  items: readonly T[],
  keyOf: (item: T) => string,
  draw: (button: HTMLButtonElement, item: T) => void
): void {
  const known = new Map<string, HTMLButtonElement>();
  for (const button of list.querySelectorAll('button')) {
    known.set(button.dataset['key'] ?? '', button);
  }
  const wanted = items.map(item => {
    const key = keyOf(item);
    const button = known.get(key) ?? element('button', { type: 'button' });
    button.dataset['key'] = key;
    draw(button, item);
    return button.parentElement ?? element('li', {}, [button]);
  });
  const current = [...list.children];
  if (current.length !== wanted.length || current.some((child, place) => child !== wanted[place])) {
    const focused = list.contains(document.activeElement)
      ? (document.activeElement as HTMLElement)
      : null;
    list.replaceChildren(...wanted);
    focused?.focus();
  }
}
