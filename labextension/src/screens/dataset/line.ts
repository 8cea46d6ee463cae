// A line of the table of rows: the head, or a row.
import { element, fill, setAttributes, setText, span } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { place } from '../runs/line';
import type { Sort } from '../runs/order';
import type { JsonScalar } from '../../contract.gen';
import type { Look } from './grid';
import type { GridColumn } from './grid_column';
import type { Across } from './scroll';
import { cellText, countText, titleText, valueText } from './words';

export class Line {
  readonly node: HTMLElement;
  readonly #cells = new Map<number, HTMLElement>();
  #look: Look | null = null;
  #row: readonly JsonScalar[] | undefined;
  #key = '';

  /** `at` is the place of the row, -1 that of the head. */
  constructor(
    private readonly at: number,
    private readonly t: Translate
  ) {
    this.node = element('div', {
      role: 'row',
      class: at < 0 ? 'aml-row aml-head' : 'aml-row',
      'aria-rowindex': at + 2
    });
    const role = at < 0 ? 'columnheader' : 'rowheader';
    const words = at < 0 ? '#' : countText(at + 1);
    const index = element(
      'div',
      { role, class: 'aml-cell aml-data-index aml-number', 'aria-colindex': 1, tabindex: -1 },
      [words]
    );
    setAttributes(index, { 'aria-label': at < 0 ? t('Number of the row') : null });
    this.node.append(index);
    this.#cells.set(0, index);
  }

  cell(column: number): HTMLElement | undefined {
    return this.#cells.get(column);
  }

  /** Draw the columns at `shown`, which go from 1 on; what is drawn already is left as it is. */
  show(look: Look, shown: readonly number[], across: Across): void {
    const row = this.at < 0 ? undefined : look.row(this.at);
    const key = `${shown[0]} ${shown.at(-1)} ${shown.length}`;
    const isSame =
      this.at < 0 ? look === this.#look : row === this.#row && look.columns === this.#look?.columns;
    if (isSame && key === this.#key) {
      return;
    }
    if (look.columns !== this.#look?.columns) {
      this.#forget(() => false);
    }
    [this.#look, this.#row, this.#key] = [look, row, key];
    const wanted = new Set(shown);
    this.#forget(column => wanted.has(column));
    const index = this.#cells.get(0)!;
    index.style.width = `${across.right(0)}px`;
    this.node.style.width = `${across.width}px`;
    const cells = shown.map(column => this.#drawn(column, look, isSame, across));
    place(
      this.node,
      [index, ...cells],
      Math.max([index, ...cells].indexOf(document.activeElement as HTMLElement), 0)
    );
  }

  #forget(isKept: (column: number) => boolean): void {
    for (const [column, cell] of this.#cells) {
      if (column > 0 && !isKept(column)) {
        cell.remove();
        this.#cells.delete(column);
      }
    }
  }

  #drawn(column: number, look: Look, isSame: boolean, across: Across): HTMLElement {
    const of = look.columns[column - 1]!;
    const known = this.#cells.get(column);
    const cell =
      known ??
      element('div', {
        role: this.at < 0 ? 'columnheader' : 'gridcell',
        tabindex: -1,
        'aria-colindex': column + 1
      });
    if (!known) {
      this.#cells.set(column, cell);
      cell.style.left = `${across.left(column)}px`;
      cell.style.width = `${of.width}px`;
    }
    if (!known || !isSame) {
      cell.className = of.isNumeric ? 'aml-cell aml-number' : 'aml-cell';
      if (this.at < 0) {
        drawHead(cell, of, look.sort);
      } else {
        drawValue(cell, this.#row?.[column - 1], this.#row === undefined ? null : of.type, this.t);
      }
    }
    return cell;
  }
}

function drawHead(cell: HTMLElement, { name, type }: GridColumn, sort: Sort | null): void {
  const way = sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none';
  setAttributes(cell, { 'aria-sort': way });
  cell.title = oneLine(`${name} (${type})`);
  const sign = { none: '', ascending: '▲ ', descending: '▼ ' }[way];
  fill(
    cell,
    span('aml-data-name', element('span', { 'aria-hidden': true }, [sign]), cellText(name)),
    span('aml-data-type', oneLine(type))
  );
}

/** Nothing, an empty text and the text “null” are three things; without a type the row is still to come. */
function drawValue(
  cell: HTMLElement,
  value: JsonScalar | undefined,
  type: string | null,
  t: Translate
): void {
  cell.classList.toggle('aml-data-none', value === null || value === undefined);
  if (type === null) {
    setText(cell, '…');
    cell.title = t('Loading…');
  } else {
    setText(cell, value === null || value === undefined ? t('null') : valueText(value, type));
    cell.title = titleText(value);
  }
}
