// What differs between two runs. Colours say better and worse of metrics; in texts, what is on one side only.
import { rowHead } from '../../ui/chart/grid';
import { div, element, fill, span } from '../../ui/element';
import { oneLine, printable, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { ChangeView, DiffView } from '../../contract.gen';
import { section } from './table';
import { fold, glyph, muted, pre } from '../../ui/control';

const SIGNS = { changed: '±', added: '+', removed: '−', better: '✓', worse: '✗' };

export function diffElement(
  { first, second, sections, texts }: DiffView,
  t: Translate
): HTMLElement {
  const isAlike = !sections.length && !texts.length;
  return div(
    'aml-run-diff',
    element('p', {}, [t('from %1 to %2', oneLine(first), oneLine(second))]),
    isAlike && muted(t('The two runs are alike.')),
    ...sections.map(({ title, changes }) =>
      changesElement(oneLine(title), changes, t, first, second)
    ),
    ...texts.map(({ title, lines }) => fold(title, pre(...blocksOf(lines)), true))
  );
}

function changesElement(
  title: string,
  changes: ChangeView[],
  t: Translate,
  first: string,
  second: string
): HTMLElement {
  const words = {
    changed: t('changed'),
    added: t('added'),
    removed: t('removed'),
    better: t('better'),
    worse: t('worse')
  };
  const { node, body } = section(title, ['', t('Name'), oneLine(first), oneLine(second)]);
  const rows = changes.map(({ name, kind, before, after, verdict }) => {
    const sign = verdict ?? kind;
    return element('tr', { class: `aml-diff-${sign}` }, [
      element('td', { class: 'aml-diff-sign' }, [glyph(SIGNS[sign], words[sign])]),
      rowHead(oneLine(name)),
      element('td', {}, [oneLine(valueText(before))]),
      element('td', { class: 'aml-diff-after' }, [oneLine(valueText(after))])
    ]);
  });
  fill(body, ...rows);
  return node;
}

/** A unified diff; what was taken out and what came in its place can stand beside each other. */
function blocksOf(lines: string[]): HTMLElement[] {
  const blocks: HTMLElement[] = [];
  let last = '';
  lines.forEach((line, place) => {
    const side = line[0] === '-' ? 'old' : line[0] === '+' ? 'new' : 'both';
    const isHead = place < 2 || line[0] === '@';
    const text = printable(line);
    const attributes = {
      class: `aml-diff-line aml-diff-${side}${isHead ? ' aml-diff-head' : ''}`,
      'data-line': isHead ? null : text
    };
    const node = element('span', attributes, [`${text}\n`]);
    if (!last || side === 'both' || last === 'both') {
      blocks.push(span('aml-diff-block'));
    }
    blocks.at(-1)!.append(node);
    last = side;
  });
  return blocks;
}
