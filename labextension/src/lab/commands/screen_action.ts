// What screens offer to do with what they show, as commands: of what the user is at, else of the tab in use, else of
// what the user names.
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import type { ScreenAction, ScreenEntry, User } from '../../ui/screen';
import type { Front } from '../front';
import type { MainArea } from '../main_area';
import { targetOf, workspaceOf } from './target';
import { told } from './failure';
import { hostOf } from '../show';

type Args = Readonly<Record<string, unknown>>;

export async function act(
  front: Front,
  area: MainArea,
  entry: ScreenEntry,
  action: ScreenAction,
  args: Args
): Promise<void> {
  const tab = area.node;
  if (action.isOfAll) {
    const current = front.focus.current(tab);
    const user = userOf(front, () => current?.renew());
    const workspace = current?.workspace ?? (await workspaceOf(front, args));
    if (workspace !== null) {
      await action.act(await hostOf(front, workspace), { kind: entry.kind }, user);
    }
    return;
  }
  const isNamed = entry.command !== undefined && entry.command.subjectOf(args) !== null;
  const current = isNamed ? null : front.focus.current(tab, entry.kind);
  const target = current ?? (await targetOf(front, entry, args));
  if (target) {
    const user = userOf(front, () => current?.renew());
    await action.act(await hostOf(front, target.workspace), target.subject, user);
  }
}

/** @param changed called with each change that the user is told of. */
function userOf(front: Front, changed: () => void): User {
  const { t } = front;
  return {
    ask: async (title, text, isLong = false) =>
      isLong ? longText(front, title, text) : (await InputDialog.getText({ title, text })).value,
    pick: async (title, items) => {
      const { value } = await InputDialog.getItem({ title, items: [...items] });
      return value === null ? null : items.indexOf(value);
    },
    tell: (text, undo) => {
      changed();
      const actions = undo
        ? [{ label: t('Undo'), callback: () => void told(front, () => undo().then(changed)) }]
        : undefined;
      Notification.info(text, { actions, autoClose: undo ? 10_000 : 3_000 });
    }
  };
}

/** Text of several lines, in a dialog. */
async function longText({ t }: Front, title: string, text: string): Promise<string | null> {
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
