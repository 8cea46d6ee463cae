// Finding lines among those that are loaded: words, and errors.
import { element, setText } from '../../ui/element';
import type { Translate } from '../../ui/host';
import { button } from '../../ui/control';
import { textOf, type LogLines } from './log_lines';

export interface LogFind {
  nodes: HTMLElement[];
  /** Bring counts up to date after lines came or went. */
  refresh(): void;
}

export function logFind(lines: LogLines, t: Translate, moved: () => void): LogFind {
  const status = element('span', { class: 'aml-muted', role: 'status' });
  const hits = (): HTMLElement[] => {
    const wanted = search.value.toLowerCase();
    return wanted ? lines.lines.filter(line => textOf(line).toLowerCase().includes(wanted)) : [];
  };
  const errors = (): HTMLElement[] =>
    lines.lines.filter(line => line.classList.contains('aml-log-error'));
  const go = (found: HTMLElement[], isBack: boolean): void => {
    const line = nextOf(found, isBack);
    if (line) {
      lines.goTo(line);
      setText(status, t('%1 of %2', found.indexOf(line) + 1, found.length));
      moved();
    }
  };
  const search = element(
    'input',
    { type: 'search', placeholder: t('search'), 'aria-label': t('Search the loaded lines') },
    [],
    {
      input: () => {
        const { length } = hits();
        setText(
          status,
          !search.value
            ? ''
            : lines.start
              ? t('%1 found in the loaded lines', length)
              : t('%1 found', length)
        );
      },
      keydown: event => {
        if (event.key === 'Enter') {
          event.preventDefault();
          go(hits(), event.shiftKey);
        }
      }
    }
  );
  const next = button('', () => go(errors(), false));
  return {
    nodes: [search, status, next],
    refresh(): void {
      const { length } = errors();
      next.hidden = length === 0;
      setText(next, t('next error (%1)', length));
    }
  };
}

/** The line after (or before) the one that is marked; round and round. */
function nextOf(found: HTMLElement[], isBack: boolean): HTMLElement | undefined {
  const at = found[0]?.parentElement?.parentElement?.querySelector('.aml-log-at');
  const order = isBack ? [...found].reverse() : found;
  const wanted = isBack ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  return order.find(line => at && at.compareDocumentPosition(line) & wanted) ?? order[0];
}
