// A look into a file: text, a table or an image.
import { scroller } from '../../ui/chart/grid';
import { div, element } from '../../ui/element';
import { bytesText, oneLine, printable } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { imageSource } from '../../ui/image';
import { tableElement } from '../../ui/metric/logged_table';
import type { FilePreviewView } from '../../contract.gen';
import { muted, pre } from '../../ui/control';

/** The image of a file, or null where it holds none that is shown. */
export function imageOf(preview: FilePreviewView): HTMLImageElement | null {
  // An SVG is a text.
  const src = preview.media_type.includes('svg') ? '' : imageSource(preview);
  return src ? element('img', { src, alt: oneLine(preview.name) }) : null;
}

export function previewElement(preview: FilePreviewView, t: Translate): HTMLElement {
  const { text, table, message, is_whole, size } = preview;
  const image = imageOf(preview);
  const area = table && scroller('aml-logged-scroll', oneLine(preview.name));
  area?.append(tableElement(table!));
  const part = !is_whole && (text !== null || table !== null);
  return div(
    '',
    message && muted(oneLine(message)),
    area,
    text !== null && !table && pre(printable(text)),
    image,
    !message && part && muted(t('This is the beginning of %1.', bytesText(size))),
    !message && text === null && !table && !image && muted(t('There is no preview of this file.'))
  );
}
