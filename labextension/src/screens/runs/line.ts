// What the lines of the table hold: the head, runs, heads of groups.
import { glyph } from '../../ui/control';
import { element, fill, setAttributes, setText, span } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { PICK } from './column';
import type { Column } from './column';
import type { Item } from './model';
import type { Sort } from './order';

/** What the lines look like now. */
export interface Look {
  columns: Column[];
  items: Item[];
  sort: Sort | null;
  picked: ReadonlySet<string>;
  isBest(column: string, item: Item): boolean;
}

/** Draw a run into its line; cells of the same run are left as they are. */
export function drawRun(
  line: HTMLElement,
  item: Extract<Item, { row: object }>,
  look: Look,
  isSame: boolean,
  t: Translate
): void {
  const isPicked = look.picked.has(item.key);
  line.className = `aml-row${isPicked ? ' aml-picked' : ''}`;
  setAttributes(line, { 'aria-selected': isPicked });
  look.columns.forEach((column, at) => {
    let cell = line.children[at] as HTMLElement | undefined;
    if (!cell) {
      cell = element('div', { role: 'gridcell', 'aria-colindex': at + 1, tabindex: -1 });
      cell.style.width = `${column.width}px`;
      line.append(cell);
    }
    const isBest = look.isBest(column.key, item);
    const name = cellClass(column) + (isBest ? ' aml-best' : '');
    if (column.key === PICK) {
      tick(cell, isPicked, isPicked ? t('selected') : t('not selected'));
    } else if (!isSame || cell.className !== name) {
      fill(cell, isBest && glyph('★', t('best')), ...column.draw(item.row));
    }
    cell.className = name;
  });
}

export function drawGroup(
  line: HTMLElement,
  { group, count }: Extract<Item, { group: string }>,
  look: Look,
  t: Translate
): void {
  line.className = 'aml-row aml-group';
  if (!line.firstElementChild) {
    line.append(
      element('div', {
        role: 'gridcell',
        class: 'aml-cell',
        tabindex: -1,
        'aria-colspan': look.columns.length
      })
    );
  }
  setText(line.firstElementChild!, t('%1 (%2)', oneLine(group), count));
}

export function drawHead(
  head: HTMLElement,
  { columns, sort, items, picked }: Look,
  isSame: boolean,
  t: Translate
): void {
  if (!isSame) {
    fill(
      head,
      ...columns.map((_, at) =>
        element('div', { role: 'columnheader', tabindex: -1, 'aria-colindex': at + 1 })
      )
    );
  }
  columns.forEach((column, at) => {
    const cell = head.children[at] as HTMLElement;
    cell.className = cellClass(column);
    cell.style.width = `${column.width}px`;
    if (column.key === PICK) {
      const runs = items.filter(({ row }) => row);
      const isAll = runs.length > 0 && runs.every(({ key }) => picked.has(key));
      tick(cell, isAll, isAll ? t('Select none') : t('Select all'));
      return;
    }
    const way =
      sort?.column === column.key ? (sort.descending ? 'descending' : 'ascending') : 'none';
    setAttributes(cell, { 'aria-sort': way });
    cell.title = oneLine(column.key.includes('.') ? column.key : column.title);
    const glyph = { none: '', ascending: ' ▲', descending: ' ▼' }[way];
    fill(cell, span('', oneLine(column.title)), element('span', { 'aria-hidden': true }, [glyph]));
  });
}

/** Bring lines into their order without moving the one at `fixed`: what is moved loses the focus. */
export function place(parent: HTMLElement, lines: HTMLElement[], fixed: number): void {
  const first = lines[fixed];
  if (first && first.parentNode !== parent) {
    parent.prepend(first);
  }
  for (let at = fixed + 1; at < lines.length; at += 1) {
    if (lines[at - 1]!.nextSibling !== lines[at]) {
      lines[at - 1]!.after(lines[at]!);
    }
  }
  for (let at = fixed - 1; at >= 0; at -= 1) {
    if (lines[at + 1]!.previousSibling !== lines[at]) {
      lines[at + 1]!.before(lines[at]!);
    }
  }
}

function cellClass({ isNumeric }: Column): string {
  return isNumeric ? 'aml-cell aml-number' : 'aml-cell';
}

function tick(cell: HTMLElement, isOn: boolean, words: string): void {
  setAttributes(cell, { 'aria-label': words });
  setText(cell, isOn ? '☑' : '☐');
}
