// An output is inside a notebook, which has shortcuts of single keys and takes shift-clicks for cells.

const SUPPRESS = 'data-lm-suppress-shortcuts';

/**
 * Keys that are pressed in `node` go to what has the focus there, except with Ctrl, Alt or Meta and
 * for Shift+Enter: arrows move in a table, and `x` does not cut the cell.
 *
 * @returns what ends that.
 */
export function keepKeys(node: HTMLElement): () => void {
  // Lumino looks at the attribute when the event comes to the document; the window hears of it before.
  const pressed = (event: KeyboardEvent): void => {
    const isForAll =
      event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === 'Enter');
    node.toggleAttribute(SUPPRESS, !isForAll);
  };
  const entered = (): void => window.addEventListener('keydown', pressed, true);
  const left = (): void => window.removeEventListener('keydown', pressed, true);
  const clicked = (event: MouseEvent): void => {
    if (event.shiftKey) {
      event.stopPropagation();
    }
  };
  node.addEventListener('focusin', entered);
  node.addEventListener('focusout', left);
  node.addEventListener('mousedown', clicked);
  return () => {
    left();
    node.removeEventListener('focusin', entered);
    node.removeEventListener('focusout', left);
    node.removeEventListener('mousedown', clicked);
  };
}
