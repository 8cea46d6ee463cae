// A look into a file: text, a table or an image.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { FilePreviewView, TableView } from '../../../contract.gen';
import { Muted } from '../../../ui/controls';
import { bytesText, oneLine, printable } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { imageSource } from '../../../ui/image';
import { tableElement } from '../../../ui/metric/logged_table';

/** The source of the image of a file; empty where it holds none that is shown. */
export function sourceOf(preview: FilePreviewView): string {
  // An SVG is a text.
  return preview.media_type.includes('svg') ? '' : imageSource(preview);
}

export function Preview(props: { t: Translate; preview: FilePreviewView }): JSX.Element {
  const { t, preview } = props;
  const { text, table, message, is_whole, size, name } = preview;
  const source = sourceOf(preview);
  const isPart = !is_whole && (text !== null || table !== null);
  const isNothing = text === null && !table && !source;
  return (
    <>
      {message && <Muted>{oneLine(message)}</Muted>}
      {table && <Table name={name} table={table} />}
      {text !== null && !table && (
        <pre class="aml-mono" tabIndex={0}>
          {printable(text)}
        </pre>
      )}
      {source && <img src={source} alt={oneLine(name)} />}
      {!message && isPart && <Muted>{t('This is the beginning of %1.', bytesText(size))}</Muted>}
      {!message && isNothing && <Muted>{t('There is no preview of this file.')}</Muted>}
    </>
  );
}

function Table({ name, table }: { name: string; table: TableView }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(tableElement(table)), [table]);
  return (
    <div
      class="aml-logged-scroll"
      role="region"
      tabIndex={0}
      aria-label={oneLine(name)}
      ref={place}
    />
  );
}
