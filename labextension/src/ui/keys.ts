// Keys that are pressed in a screen.

const SUPPRESS = 'data-lm-suppress-shortcuts';
/** What tables do with Ctrl or Meta: select all, and go far. */
const FAR = /^(?:a|Arrow\w+|Home|End)$/i;

/**
 * Let keys go to what has the focus in `node`, but for those of the page around it: Ctrl+S, Shift+Enter.
 *
 * JupyterLab looks for shortcuts while an event is captured at the document, before any handler of ours could
 * stop it, and passes over what is within an element that has this attribute: an arrow would leave the cell. The
 * window hears of a key before the document does, so the attribute can follow the key.
 */
export function keepKeys(node: HTMLElement): void {
  const pressed = ({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): void => {
    if (!node.isConnected) {
      window.removeEventListener('keydown', pressed, true); // It left with the focus in it.
    }
    const isOurs = ctrlKey || metaKey ? FAR.test(key) : !altKey && !(shiftKey && key === 'Enter');
    node.toggleAttribute(SUPPRESS, isOurs);
  };
  node.addEventListener('focusin', () => window.addEventListener('keydown', pressed, true));
  node.addEventListener('focusout', () => window.removeEventListener('keydown', pressed, true));
}
