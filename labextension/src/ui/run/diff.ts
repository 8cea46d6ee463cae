// What differs between two runs; what is there on one side only has a sign and a colour.
import { rowHead } from '../chart/grid';
import { div, element, fill, span } from '../element';
import { oneLine, printable, valueText } from '../format';
import type { Translate } from '../host';
import type { ChangeView, DiffView } from '../view';
import { section } from './table';
import { fold, muted, pre } from '../control';

const SIGNS: Record<ChangeView['kind'], string> = { changed: '±', added: '+', removed: '−' };

export function diffElement({ first, second, sections, texts }: DiffView, t: Translate): HTMLElement {
  const isAlike = !sections.length && !texts.length;
  return div(
    'aml-run-diff',
    element('p', {}, [t('from %1 to %2', oneLine(first), oneLine(second))]),
    isAlike && muted(t('The two runs are alike.')),
    ...sections.map(({ title, changes }) => changesElement(oneLine(title), changes, t, first, second)),
    ...texts.map(({ title, lines }) => fold(title, pre(...lines.map(lineElement)), true))
  );
}

function changesElement(title: string, changes: ChangeView[], t: Translate, first: string, second: string): HTMLElement {
  const words: Record<ChangeView['kind'], string> = { changed: t('changed'), added: t('added'), removed: t('removed') };
  const { node, body } = section(title, ['', t('Name'), oneLine(first), oneLine(second)]);
  const rows = changes.map(({ name, kind, before, after }) =>
    element('tr', { class: `aml-diff-${kind}` }, [
      element('td', { class: 'aml-diff-sign', 'aria-label': words[kind], title: words[kind] }, [SIGNS[kind]]),
      rowHead(oneLine(name)),
      element('td', { class: 'aml-diff-before' }, [oneLine(valueText(before))]),
      element('td', { class: 'aml-diff-after' }, [oneLine(valueText(after))])
    ])
  );
  fill(body, ...rows);
  return node;
}

/** A line of a unified diff; its sign is its first letter. */
function lineElement(line: string): HTMLElement {
  const kind = /^(?:\+\+\+|---|@@)/.test(line) ? 'head' : line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
  return span(`aml-diff-line aml-diff-${kind}`, `${printable(line)}\n`);
}
