// The commands: in the palette, in the launcher, and for other parts of the page.
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import type { CommandRegistry } from '@lumino/commands';
import { RUN_CELL, runsCode } from '../../ui/code';
import { textsIn } from '../../ui/screen';
import { addActions } from './actions';
import { COMMAND, execute } from './command';
import { told } from './failure';
import type { Front } from '../front';
import { IFront } from '../front_plugin';
import { iconOf } from '../icons';
import { commandOf, IN_TABS, MainArea } from '../main_area';
import { Reload } from '../reload';
import { ScreenShell } from '../shell';

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
          told(front, async () => {
            const { targetOf } = await execute();
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

export function notebookCommands(front: Front): Record<string, Options> {
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
      execute: args => told(front, async () => (await execute()).cancel(front, args))
    }
  };
}
