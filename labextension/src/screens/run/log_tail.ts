// The last lines that were printed, and the way to the others.
import { div, element, fill, span } from '../../ui/element';
import { button } from '../../ui/control';
import type { Part } from './part';
import type { Scene } from './scene';
import { styled } from './styled';

export function logTail({ t, openTab }: Scene): Part {
  const text = element('pre', {
    class: 'aml-run-tail aml-mono',
    tabindex: 0,
    role: 'region',
    'aria-label': t('The last lines of the log')
  });
  const open = button(t('Open log'), () => openTab('log'));
  let shown: string[] = [];
  const node = element('section', {}, [
    div('aml-run-head', element('h3', {}, [t('Log')]), open),
    text
  ]);
  return {
    node,
    show(view): void {
      node.hidden = !view.log_tail.length;
      const selection = document.getSelection();
      // Who selects in it wants to copy.
      if (
        shown !== view.log_tail &&
        (!selection || selection.isCollapsed || !text.contains(selection.anchorNode))
      ) {
        shown = view.log_tail;
        fill(text, span('', ...shown.flatMap((line, place) => styled(place ? `\n${line}` : line))));
      }
    }
  };
}
