// The command that cancels a run.
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { nameOf, secondsText } from '../../ui/format';
import { textIn } from '../../ui/screen';
import type { Front } from '../front';

/** Seconds of a run that are lost without a question. */
const LITTLE = 60;

/** Cancel the run that is named in full, or one that the user picks from those that run. */
export async function cancel(front: Front, args: Readonly<Record<string, unknown>>): Promise<void> {
  const { t } = front;
  const [workspace, run] = [textIn(args['workspace']), textIn(args['run'])];
  const chosen = workspace !== null && run !== null ? { workspace, id: run } : await picked(front);
  if (chosen && (await isMeant(front, chosen))) {
    const { status } = await front.source.ask(chosen.workspace, 'cancel', { run: chosen.id });
    Notification.info(t('The run is now: %1', status));
  }
}

/** Whether the user means it: asked once of a run that would lose more than a minute. */
async function isMeant(
  { source, t }: Front,
  { workspace, id }: { workspace: string; id: string }
): Promise<boolean> {
  const { name, elapsed, is_terminal, short_id } = await source.ask(workspace, 'run', { run: id });
  if (is_terminal || (elapsed ?? 0) <= LITTLE) {
    return true;
  }
  const { button } = await showDialog({
    title: t('Cancel a run'),
    body: t('End %1 after %2?', nameOf({ name, short_id }), secondsText(elapsed)),
    buttons: [
      Dialog.cancelButton({ label: t('No') }),
      Dialog.warnButton({ label: t('Yes, cancel') })
    ]
  });
  return button.accept;
}

async function picked({
  activity,
  t
}: Front): Promise<{ workspace: string; id: string } | undefined> {
  const running = activity.runs;
  if (running.length === 0) {
    Notification.info(t('No run is running.'));
    return undefined;
  }
  const items = running.map(run => `${nameOf(run)} · ${run.experiment} · ${run.short_id}`);
  const { value } = await InputDialog.getItem({
    title: t('Cancel a run'),
    items,
    okLabel: t('Cancel the run')
  });
  return running[items.indexOf(value ?? '')];
}
