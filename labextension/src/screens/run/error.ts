// Why a run failed, with the traceback folded.
import { pre } from '../../ui/control';
import { element, setText } from '../../ui/element';
import { printable } from '../../ui/format';
import type { Part } from './part';
import type { Scene } from './scene';

export function error({ t }: Scene): Part {
  const text = element('p', { class: 'aml-run-error' });
  const traceback = pre();
  const details = element('details', {}, [element('summary', {}, [t('Traceback')]), traceback]);
  const node = element('section', { class: 'aml-message aml-bad', 'aria-label': t('Error') }, [
    text,
    details
  ]);
  return {
    node,
    show({ error: found }): void {
      node.hidden = !found;
      if (found) {
        setText(text, printable(found.code ? `${found.code}: ${found.message}` : found.message));
        setText(traceback, printable(found.traceback));
        details.hidden = !found.traceback;
      }
    }
  };
}
