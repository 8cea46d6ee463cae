// Lines of a log with their colours. Python leaves only `ESC [ 1;31 m` in them; a mark says how all behind it looks.
import { span } from '../../ui/element';
import { printable } from '../../ui/format';

const MARK = /\u001b\[([\d;]*)m/;

/** The pieces of a line; its codes become CSS classes, which a theme colours. */
export function styled(line: string): (Node | string)[] {
  let kind = '';
  return line.split(MARK).map((text, place) => {
    if (place % 2) {
      kind = text.replace(/\d+/g, 'aml-sgr-$&').replaceAll(';', ' ');
      return '';
    }
    return kind && text ? span(kind, printable(text)) : printable(text);
  });
}
