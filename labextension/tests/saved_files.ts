// Files that the page lets the browser keep.
import { vi } from 'vitest';

export interface SavedFile {
  name: string;
  type: string;
  text(): Promise<string>;
}

/** Write down each file from now on; `vi.restoreAllMocks` ends it. */
export function savedFiles(): SavedFile[] {
  const files: SavedFile[] = [];
  const blobs = new Map<string, Blob>();
  URL.createObjectURL = vi.fn((blob: Blob) => {
    const address = `blob:${blobs.size}`;
    blobs.set(address, blob);
    return address;
  });
  URL.revokeObjectURL = vi.fn();
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement
  ) {
    const blob = blobs.get(this.href)!;
    files.push({ name: this.download, type: blob.type, text: () => textOf(blob) });
  });
  return files;
}

/** The text of a file, the byte order mark with it. */
async function textOf(blob: Blob): Promise<string> {
  const reader = new FileReader();
  const isRead = new Promise(resolve => (reader.onload = resolve));
  reader.readAsArrayBuffer(blob);
  await isRead;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(reader.result as ArrayBuffer);
}
