// A table of texts.
import { element } from '../element';

/** A text with its CSS class and style. */
export type Cell = [text: string, kind?: string | null, style?: string | null];

/** A table; where rows have heads, those are their first cells. */
export function grid(
  kind: string,
  heads: Cell[],
  rows: Cell[][],
  hasRowHeads: boolean
): HTMLElement {
  const cell = ([text, name, style]: Cell, scope: string | null): HTMLElement =>
    element(scope ? 'th' : 'td', { scope, class: name, style, title: scope && text }, [text]);
  const row = (cells: Cell[]): HTMLElement =>
    tableRow(...cells.map((one, place) => cell(one, hasRowHeads && place === 0 ? 'row' : null)));
  return element('table', { class: kind }, [
    element('thead', {}, [tableRow(...heads.map(one => cell(one, 'col')))]),
    element('tbody', {}, rows.map(row))
  ]);
}

/** A row of a table. */
export function tableRow(...cells: HTMLElement[]): HTMLElement {
  return element('tr', {}, cells);
}

/** The first cell of a row, which names it. */
export function rowHead(...inside: (Node | string)[]): HTMLElement {
  return element('th', { scope: 'row' }, inside);
}

/** An area that scrolls by itself and can be reached by keyboard to do so. */
export function scroller(kind: string, label: string): HTMLElement {
  return element('div', { class: kind, tabindex: 0, role: 'region', 'aria-label': label });
}
