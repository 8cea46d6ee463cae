// The commands: in the palette, in the launcher, and for other parts of the page.
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Dialog,
  ICommandPalette,
  InputDialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import type { CommandRegistry } from '@lumino/commands';
import { RUN_CELL, runsCode } from '../ui/code';
import { nameOf, secondsText } from '../ui/format';
import { textIn, textsIn } from '../ui/screen';
import { COMMAND } from './command';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { iconOf } from './icons';
import { commandOf, IN_TABS, MainArea } from './main_area';
import { targetOf } from './open_command';
import { Reload } from './reload';
import { addActions } from './screen_action';
import { ScreenShell } from './shell';

/** Seconds of a run that are lost without a question. */
const LITTLE = 60;

type Options = CommandRegistry.ICommandOptions;

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:commands',
  description: 'Opens screens, cancels runs, and puts code of them into notebooks.',
  autoStart: true,
  requires: [IFront],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    front: Front,
    lab: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    const category = front.t('Azure ML');
    for (const [command, options] of Object.entries(notebookCommands(front))) {
      app.commands.addCommand(command, options);
      palette?.addItem({ command, category });
    }
    const shell = ScreenShell.of(app.shell, lab);
    if (!shell) {
      return;
    }
    const area = new MainArea(shell, front);
    front.places = area;
    for (const entry of IN_TABS) {
      const command = commandOf(entry);
      const { label = entry.kind, caption = '', isInLauncher } = entry.command ?? {};
      app.commands.addCommand(command, {
        label: front.t(label),
        caption: front.t(caption),
        icon: iconOf(entry),
        execute: args =>
          shown(front, async () => {
            const target = await targetOf(front, entry, args);
            return target ? area.show(target.workspace, target.subject) : undefined;
          })
      });
      if (entry.command) {
        palette?.addItem({ command, category });
      }
      addActions(app, front, area, entry, palette);
      if (isInLauncher) {
        launcher?.add({ command, category: front.t('Other'), rank: 50 });
      }
    }
    if (!lab) {
      void app.restored.then(() => area.remember(new Reload()));
    } else if (restorer) {
      area.restore(restorer);
    }
  }
};

function notebookCommands(front: Front): Record<string, Options> {
  const { t } = front;
  const isEnabled = (): boolean => front.notebooks !== null;
  const insert = (code: string, isRun: boolean): void => {
    if (!front.notebooks?.insert(null, code, isRun)) {
      Notification.warning(t('Open a notebook first: the code goes below its active cell.'));
    }
  };
  return {
    [COMMAND.insertRunCell]: {
      label: t('Insert a cell that is a run'),
      isEnabled,
      execute: () => insert(RUN_CELL, false)
    },
    [COMMAND.dataframeOfRuns]: {
      label: t('Make a DataFrame of runs'),
      isEnabled,
      execute: ({ runs }) => insert(runsCode(textsIn(runs) ?? []), true)
    },
    [COMMAND.cancelRun]: {
      label: t('Cancel a run…'),
      execute: args => shown(front, () => cancel(front, args))
    }
  };
}

/** Cancel the run that is named in full, or one that the user picks from those that run. */
async function cancel(front: Front, args: Readonly<Record<string, unknown>>): Promise<void> {
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

/** A failure becomes a notification. */
async function shown<T>({ t }: Front, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    Notification.error(error instanceof Error ? error.message : t('The command failed.'));
    return undefined;
  }
}
