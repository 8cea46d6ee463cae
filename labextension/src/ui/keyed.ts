// Rows that stay the same elements for as long as their key is there: focus and selection live on.
import { setText } from './element';
import type { Translate } from './host';
import { button } from './control';

export interface Row<T> {
  readonly node: Element;
  show(item: T): void;
  dispose?(): void;
}

export interface Keyed<T> {
  show(items: readonly T[]): void;
  dispose(): void;
}

export function keyed<T>(
  parent: Element,
  keyOf: (item: T) => string,
  make: (item: T) => Row<T>
): Keyed<T> {
  const rows = new Map<string, Row<T>>();
  const drop = (key: string, row: Row<T>): void => {
    row.dispose?.();
    row.node.remove();
    rows.delete(key);
  };
  return {
    show(items): void {
      const keys = new Set(items.map(keyOf));
      rows.forEach((row, key) => keys.has(key) || drop(key, row));
      let next = parent.firstElementChild;
      for (const item of items) {
        const key = keyOf(item);
        const row = rows.get(key) ?? make(item);
        rows.set(key, row);
        row.show(item);
        if (row.node === next) {
          next = next.nextElementSibling;
        } else {
          parent.insertBefore(row.node, next);
        }
      }
    },
    dispose: () => rows.forEach((row, key) => drop(key, row))
  };
}

/** The same for long lists: those beyond `limit` are shown on request, by the button `more`. */
export function listed<T>(
  parent: HTMLElement,
  limit: number,
  t: Translate,
  keyOf: (item: T) => string,
  make: (item: T) => Row<T>
): Keyed<T> & { more: HTMLElement } {
  const rows = keyed(parent, keyOf, make);
  let most = limit;
  let all: readonly T[] = [];
  const show = (items: readonly T[]): void => {
    all = items;
    rows.show(items.slice(0, most));
    more.hidden = items.length <= most;
    setText(more, t('show %1 more', items.length - most));
  };
  const showAll = (): void => {
    most = Infinity;
    // The button goes, and the focus has to be somewhere.
    parent.tabIndex = -1;
    parent.focus();
    show(all);
  };
  const more = button('', showAll, { class: 'aml-more' });
  return { more, show, dispose: rows.dispose };
}
