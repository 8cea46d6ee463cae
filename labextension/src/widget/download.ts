// Files of a run come as bytes from the kernel: links to them are ours to follow.
import { saveFile } from '../ui/save';

/** No address of the web; a browser that follows it itself finds nothing. */
const PREFIX = 'blob:aml-magics/';

export function fileLink(run: string, file: string): string {
  return `${PREFIX}${encodeURIComponent(run)}/${encodeURIComponent(file)}`;
}

/** Run and file of a link of ours. */
export function fileOf(link: string): { run: string; file: string } | null {
  if (!link.startsWith(PREFIX)) {
    return null;
  }
  const [run = '', file = ''] = link.slice(PREFIX.length).split('/').map(decodeURIComponent);
  return { run, file };
}

/** Calls `wanted` for each click on a link to a file in `node`; returns what ends that. */
export function watchFileLinks(
  node: HTMLElement,
  wanted: (run: string, file: string) => void
): () => void {
  const clicked = (event: Event): void => {
    const link =
      event.target instanceof Element ? event.target.closest('a')?.getAttribute('href') : null;
    const found = link ? fileOf(link) : null;
    if (found) {
      event.preventDefault();
      wanted(found.run, found.file);
    }
  };
  node.addEventListener('click', clicked, true);
  return () => node.removeEventListener('click', clicked, true);
}

/** Let the browser save bytes under the last part of a name. */
export function save(file: string, buffers: readonly DataView[]): void {
  // Never a type that the page would open: the file is saved.
  const blob = new Blob(buffers as readonly BlobPart[] as BlobPart[], {
    type: 'application/octet-stream'
  });
  saveFile(file.split('/').pop() || 'file', blob);
}
