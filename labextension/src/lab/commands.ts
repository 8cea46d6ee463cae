// The commands: in the palette, in the launcher, and for other parts of the page.
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import type { CommandRegistry } from '@lumino/commands';
import { RUN_CELL, runsCode } from '../ui/code';
import { COMMAND } from './command';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { dataIcon, runsIcon } from './icon';
import { MainArea } from './main_area';
import { nameOf } from './notice';
import type { Wish } from './wish';
import { cancelWish, wishOf, wordsOf } from './wish';

type Options = CommandRegistry.ICommandOptions;

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:commands',
  description: 'Opens, compares and cancels runs, and puts code of them into notebooks.',
  autoStart: true,
  requires: [IFront],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    front: Front,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    const offered = notebookCommands(front);
    const area = shell && new MainArea(shell, front);
    if (area) {
      front.places = area;
      Object.assign(offered, screenCommands(front, area));
      launcher?.add({ command: COMMAND.openRuns, category: front.t('Other'), rank: 50 });
    }
    for (const [command, options] of Object.entries(offered)) {
      app.commands.addCommand(command, options);
      palette?.addItem({ command, category: front.t('Azure ML') });
    }
    if (area && restorer) {
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
      execute: args => insert(runsCode(wishOf(args).runs ?? []), true)
    },
    [COMMAND.cancelRun]: {
      label: t('Cancel a run…'),
      execute: args => shown(front, () => cancel(front, wishOf(args)))
    }
  };
}

function screenCommands(front: Front, area: MainArea): Record<string, Options> {
  const { t } = front;
  return {
    [COMMAND.openRuns]: {
      label: t('Azure ML runs'),
      caption: t('Show the runs of a workspace'),
      icon: runsIcon,
      execute: args =>
        shown(front, async () => {
          const wish = wishOf(args);
          const workspace = await workspaceOf(front, wish);
          return workspace === null
            ? undefined
            : area.show({ kind: 'runs', workspace, query: wish.query ?? {} });
        })
    },
    [COMMAND.openRun]: {
      label: t('Open a run…'),
      execute: args =>
        shown(front, async () => {
          const wish = wishOf(args);
          const workspace = await workspaceOf(front, wish);
          const run =
            wish.run ??
            (workspace === null ? null : await text(t('Open a run'), t('Id of the run')));
          return workspace === null || !run
            ? undefined
            : area.show({ kind: 'run', workspace, run });
        })
    },
    [COMMAND.compareRuns]: {
      label: t('Compare runs…'),
      execute: args =>
        shown(front, async () => {
          const wish = wishOf(args);
          const workspace = await workspaceOf(front, wish);
          const typed =
            wish.runs || workspace === null
              ? null
              : await text(t('Compare runs'), t('Ids of the runs, with blanks between them'));
          const runs = wish.runs ?? wordsOf(typed ?? '');
          return workspace === null || runs.length === 0
            ? undefined
            : area.show({ kind: 'compare', workspace, runs });
        })
    },
    [COMMAND.openDataset]: {
      label: t('Open a dataset…'),
      icon: dataIcon,
      execute: args =>
        shown(front, async () => {
          const wish = wishOf(args);
          const workspace = await workspaceOf(front, wish);
          const dataset =
            wish.dataset ?? (workspace === null ? null : await datasetOf(front, workspace));
          return workspace === null || !dataset
            ? undefined
            : area.show({ kind: 'dataset', workspace, dataset, version: wish.version });
        })
    }
  };
}

/** Cancel the run that is asked for, or one that the user picks from those that run. */
async function cancel(front: Front, wish: Wish): Promise<void> {
  const { t } = front;
  const running = front.activity.runs;
  let chosen = cancelWish(wish);
  if (!chosen && running.length === 0) {
    Notification.info(t('No run is running.'));
    return;
  }
  if (!chosen) {
    const items = running.map(run => `${nameOf(run)} · ${run.experiment} · ${run.short_id}`);
    const { value } = await InputDialog.getItem({
      title: t('Cancel a run'),
      items,
      okLabel: t('Cancel the run')
    });
    const run = running[items.indexOf(value ?? '')];
    chosen = run ? { workspace: run.workspace, run: run.id } : null;
  }
  if (chosen) {
    const { status } = await front.source.ask(chosen.workspace, 'cancel', { run: chosen.run });
    Notification.info(t('The run is now: %1', status));
  }
}

/** The workspace that is asked for, the only one, or the one that the user picks. */
async function workspaceOf({ source, t }: Front, wish: Wish): Promise<string | null> {
  if (wish.workspace) {
    return wish.workspace;
  }
  const names = await source.workspaces();
  if (names.length === 0) {
    throw new Error(t('There is no workspace yet: the first run makes one.'));
  }
  return names.length === 1
    ? names[0]!
    : (await InputDialog.getItem({ title: t('Workspace'), items: names })).value;
}

/** The dataset that the user picks. */
async function datasetOf({ source, t }: Front, workspace: string): Promise<string | null> {
  const items = (await source.ask(workspace, 'datasets', {})).rows.map(({ name }) => name);
  if (items.length === 0) {
    throw new Error(t('There are no datasets yet: register one, and it can be opened here.'));
  }
  return (await InputDialog.getItem({ title: t('Open a dataset'), items })).value;
}

async function text(title: string, label: string): Promise<string | null> {
  return (await InputDialog.getText({ title, label })).value?.trim() ?? null;
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
