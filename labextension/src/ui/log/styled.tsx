// Lines of a log with their colours. Python leaves only `ESC [ 1;31 m` in them; a mark says how all behind it looks.
import type { ComponentChild } from 'preact';
import { printable } from '../format';

const MARK = /\u001b\[([\d;]*)m/;

/** The pieces of a line; its codes become CSS classes, which a theme colours. */
export function styled(line: string): ComponentChild[] {
  if (!line.includes('\u001b')) {
    return [printable(line)];
  }
  let kind = '';
  return line.split(MARK).map((text, place) => {
    if (place % 2) {
      kind = text.replace(/\d+/g, 'aml-sgr-$&').replaceAll(';', ' ');
      return '';
    }
    return kind && text ? (
      <span key={place} class={kind}>
        {printable(text)}
      </span>
    ) : (
      printable(text)
    );
  });
}
