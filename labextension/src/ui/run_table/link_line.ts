// Tells how the screen stands to what it shows, where there is something to tell.
import { element, setText } from '../element';
import { oneLine } from '../format';
import type { Link, Translate } from '../host';

export interface LinkLine {
  readonly element: HTMLElement;
  set(link: Link, message?: string): void;
  /** Something else that went wrong. */
  tell(text: string): void;
}

export function linkLine(t: Translate): LinkLine {
  const line = element('p', { class: 'aml-message aml-warn', role: 'status', hidden: true });
  const words: Partial<Record<Link, string>> = {
    detached: t('Detached: this is the last that is known. Trying again.'),
    gone: t('What is shown here was deleted.')
  };
  const tell = (text: string): void => {
    line.hidden = text === '';
    setText(line, oneLine(text));
  };
  return { element: line, tell, set: (link, message = '') => tell(words[link] ? `${words[link]} ${message}` : '') };
}
