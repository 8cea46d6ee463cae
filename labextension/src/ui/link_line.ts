// Tells how a screen stands to what it shows, where there is something to tell.
import { element, setText } from './element';
import { oneLine } from './format';
import type { Link, Translate } from './host';

export interface LinkLine {
  readonly node: HTMLElement;
  /** Where `isQuiet` only what is wrong is told: nothing more is to come, or it comes unasked. */
  set(link: Link, message?: string, isQuiet?: boolean): void;
  /** Something else that went wrong. */
  tell(text: string): void;
}

/** `kind` is its CSS class. */
export function linkLine(t: Translate, kind: string): LinkLine {
  const node = element('span', { role: 'status' });
  const tell = (text: string, tone = 'aml-warn'): void => {
    node.hidden = !text;
    node.className = `${kind} ${tone}`;
    setText(node, oneLine(text));
  };
  const words: Partial<Record<Link, string>> = {
    detached: t('detached: showing the last data, trying again'),
    gone: t('deleted'),
    connecting: t('connecting…'),
    still: t('as it was when it was saved')
  };
  tell('');
  return {
    node,
    tell,
    set(link, message = '', isQuiet = false): void {
      const isCalm = isQuiet && link !== 'detached' && link !== 'gone';
      tell(
        isCalm ? '' : [words[link], words[link] && message].filter(Boolean).join(': '),
        link === 'gone' ? 'aml-bad' : 'aml-warn'
      );
    }
  };
}
