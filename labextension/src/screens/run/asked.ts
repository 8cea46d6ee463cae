// What is asked of the host while the reader waits: said so, drawn, or said why not.
import { fill, setAttributes } from '../../ui/element';
import { printable } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { button, message, muted, wordsOf } from '../../ui/control';

/** Draw the answer in `node`. A later call for the same node makes an earlier one void. */
export async function asked<A>(
  node: HTMLElement,
  t: Translate,
  ask: () => Promise<A>,
  draw: (answer: A) => Node
): Promise<void> {
  const turn = String(Number(node.dataset.turn ?? 0) + 1);
  node.dataset.turn = turn;
  setAttributes(node, { 'aria-busy': 'true' });
  fill(node, muted(t('Loading…')));
  let shown: Node;
  try {
    shown = draw(await ask());
  } catch (error) {
    shown = message(`${t('This cannot be shown: %1', printable(wordsOf(error)))} `, {
      role: 'alert'
    });
    const again = (): void => {
      // The button goes, and the focus has to be somewhere.
      node.tabIndex = -1;
      node.focus();
      void asked(node, t, ask, draw);
    };
    shown.appendChild(button(t('Try again'), again));
  }
  if (node.dataset.turn === turn) {
    node.removeAttribute('aria-busy');
    fill(node, shown);
  }
}
