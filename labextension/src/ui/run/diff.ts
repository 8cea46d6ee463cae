// What differs between two runs; what is there on one side only has a sign and a colour.
import { element } from '../element';
import { oneLine, printable, valueText } from '../format';
import type { Translate } from '../host';
import type { ChangeView, DiffView } from '../view';
import { muted } from './control';

const SIGNS: Record<ChangeView['kind'], string> = { changed: '±', added: '+', removed: '−' };

export function diffElement({ first, second, sections, texts }: DiffView, t: Translate): HTMLElement {
  const isAlike = !sections.length && !texts.length;
  return element('div', { class: 'aml-run-diff' }, [
    element('p', {}, [t('from %1 to %2', oneLine(first), oneLine(second))]),
    isAlike && muted(t('The two runs are alike.')),
    ...sections.map(({ title, changes }) => changesElement(oneLine(title), changes, t, first, second)),
    ...texts.map(({ title, lines }) =>
      element('details', { class: 'aml-run-fold', open: true }, [
        element('summary', {}, [oneLine(title)]),
        element('pre', { class: 'aml-mono', tabindex: 0 }, lines.map(lineElement))
      ])
    )
  ]);
}

function changesElement(title: string, changes: ChangeView[], t: Translate, first: string, second: string): HTMLElement {
  const words: Record<ChangeView['kind'], string> = { changed: t('changed'), added: t('added'), removed: t('removed') };
  const heads = ['', t('Name'), oneLine(first), oneLine(second)].map(head => element('th', { scope: 'col' }, [head]));
  const rows = changes.map(({ name, kind, before, after }) =>
    element('tr', { class: `aml-diff-${kind}` }, [
      element('td', { class: 'aml-diff-sign', 'aria-label': words[kind], title: words[kind] }, [SIGNS[kind]]),
      element('th', { scope: 'row' }, [oneLine(name)]),
      element('td', { class: 'aml-diff-before' }, [oneLine(valueText(before))]),
      element('td', { class: 'aml-diff-after' }, [oneLine(valueText(after))])
    ])
  );
  return element('section', {}, [
    element('h3', {}, [title]),
    element('table', { class: 'aml-run-table', 'aria-label': title }, [
      element('thead', {}, [element('tr', {}, heads)]),
      element('tbody', {}, rows)
    ])
  ]);
}

/** A line of a unified diff; its sign is its first letter. */
function lineElement(line: string): HTMLElement {
  const kind = /^(?:\+\+\+|---|@@)/.test(line) ? 'head' : line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
  return element('span', { class: `aml-diff-line aml-diff-${kind}` }, [`${printable(line)}\n`]);
}
