// Files that the page makes, for the browser to keep.

/** Until the browser has surely begun to write: Firefox reads the address after the click has returned. */
const KEPT = 60_000;

/** Let the browser keep `content` as a file of this name. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  const address = URL.createObjectURL(content);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}

/** The same for CSV. */
export function saveCsv(name: string, text: string): void {
  saveFile(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
}
