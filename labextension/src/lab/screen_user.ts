// What an action of a screen asks of the user, and tells: loaded with the first of them.
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import type { Translate } from '../ui/host';
import type { User } from '../ui/screen';

/**
 * @param changed called with each change that the user is told of.
 * @param told calls something, and tells the user where that fails.
 */
export function userOf(
  t: Translate,
  changed: () => void,
  told: (call: () => Promise<void>) => Promise<void>
): User {
  return {
    ask: async (title, text, isLong = false) =>
      isLong ? longText(t, title, text) : (await InputDialog.getText({ title, text })).value,
    pick: async (title, items) => {
      const { value } = await InputDialog.getItem({ title, items: [...items] });
      return value === null ? null : items.indexOf(value);
    },
    tell: (text, undo) => {
      changed();
      const actions = undo
        ? [{ label: t('Undo'), callback: () => void told(() => undo().then(changed)) }]
        : undefined;
      Notification.info(text, { actions, autoClose: undo ? 10_000 : 3_000 });
    }
  };
}

/** Text of several lines, in a dialog. */
async function longText(t: Translate, title: string, text: string): Promise<string | null> {
  const box = document.createElement('textarea');
  box.value = text;
  box.rows = 8;
  box.cols = 60;
  box.setAttribute('aria-label', title);
  const { button } = await showDialog({
    title,
    body: new Widget({ node: box }),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: t('Keep') })]
  });
  return button.accept ? box.value : null;
}
