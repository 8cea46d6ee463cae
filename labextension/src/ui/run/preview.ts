// A look into a file: text, a table or an image.
import { element } from '../element';
import { bytesText, oneLine, printable, valueText } from '../format';
import type { Translate } from '../host';
import type { FilePreviewView, TableView } from '../view';
import { muted } from './control';

// Of these none is a document that could run code.
const IMAGES = /^image\/(?:png|jpeg|gif|webp)$/;

/** The image of a file, or null where it holds none that is shown. */
export function imageOf({ name, image, media_type }: FilePreviewView): HTMLImageElement | null {
  const isFine = image !== null && IMAGES.test(media_type) && /^[\w+/=\s]*$/.test(image);
  return isFine ? element('img', { src: `data:${media_type};base64,${image}`, alt: oneLine(name) }) : null;
}

export function previewElement(preview: FilePreviewView, t: Translate): HTMLElement {
  const { text, table, message, is_whole, size } = preview;
  const image = imageOf(preview);
  const part = !is_whole && (text !== null || table !== null);
  return element('div', {}, [
    message ? muted(oneLine(message)) : null,
    table && tableElement(table),
    text !== null && !table && element('pre', { class: 'aml-mono', tabindex: 0 }, [printable(text)]),
    image,
    part && muted(t('This is the beginning of %1.', bytesText(size))),
    !message && text === null && !table && !image && muted(t('There is no preview of this file.'))
  ]);
}

function tableElement({ columns, rows }: TableView): HTMLElement {
  const heads = columns.map(column => element('th', { scope: 'col' }, [oneLine(column)]));
  const lines = rows.map(row => element('tr', {}, row.map(cell => element('td', {}, [oneLine(valueText(cell))]))));
  return element('div', { class: 'aml-run-scroll', tabindex: 0 }, [
    element('table', { class: 'aml-run-table' }, [element('thead', {}, [element('tr', {}, heads)]), element('tbody', {}, lines)])
  ]);
}
