// A table of texts.
import { element } from '../element';

/** A text with its CSS class and style. */
export type Cell = [text: string, kind?: string | null, style?: string | null];

/** A table; where rows have heads, those are their first cells. */
export function grid(kind: string, heads: Cell[], rows: Cell[][], hasRowHeads: boolean): HTMLElement {
  const cell = ([text, name, style]: Cell, scope: string | null): HTMLElement =>
    element(scope ? 'th' : 'td', { scope, class: name, style, title: scope && text }, [text]);
  const row = (cells: Cell[]): HTMLElement =>
    element('tr', {}, cells.map((one, place) => cell(one, hasRowHeads && place === 0 ? 'row' : null)));
  return element('table', { class: `aml-logged-table ${kind}` }, [
    element('thead', {}, [element('tr', {}, heads.map(one => cell(one, 'col')))]),
    element('tbody', {}, rows.map(row))
  ]);
}

/** An area that scrolls by itself and can be reached by keyboard to do so. */
export function scroller(kind: string, label: string): HTMLElement {
  return element('div', { class: kind, tabindex: 0, role: 'region', 'aria-label': label });
}
