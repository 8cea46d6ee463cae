// The screens that stand at the side of JupyterLab, or of Notebook 7.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { SCREENS } from '../screens/registry';
import type { ScreenEntry } from '../ui/screen';
import { COMMAND } from './commands/command';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { iconOf, runsIcon } from './icons';
import { Reload } from './reload';
import { watchSettings } from './settings';
import { ScreenShell } from './shell';
import { showScreen } from './show';

/** It is drawn once it is opened: most pages do without. */
class SidePanel extends Widget {
  readonly #front: Front;
  readonly #kind: string;
  readonly #content = document.createElement('div');
  #shown: { dispose(): void } | null = null;

  constructor(front: Front, entry: ScreenEntry) {
    super();
    this.#front = front;
    this.#kind = entry.kind;
    this.id = 'aml-magics-panel';
    this.addClass('aml-lab-panel');
    this.title.icon = iconOf(entry);
    this.title.caption = front.t('Azure ML runs');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', front.t('Azure ML runs'));
    this.node.tabIndex = -1;
    this.node.append(this.#content);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#shown?.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.#show();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.#show();
    }
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  #show(): void {
    // Which workspace it begins with, the screen asks itself.
    this.#shown ??= showScreen(this.#front, this.#content, '', { kind: this.#kind });
  }
}

export const sidePanel: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:panel',
  description: 'Shows experiments and runs at the side.',
  autoStart: true,
  requires: [IFront],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    front: Front,
    lab: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ) => {
    const entry = SCREENS.find(({ isAtSide }) => isAtSide);
    const shell = ScreenShell.of(app.shell, lab);
    if (!shell || !entry) {
      return;
    }
    const panel = new SidePanel(front, entry);
    restorer?.add(panel, panel.id);
    app.commands.addCommand(COMMAND.showPanel, {
      label: front.t('Show the panel of runs'),
      icon: runsIcon,
      execute: () => shell.activate(panel)
    });
    palette?.addItem({ command: COMMAND.showPanel, category: front.t('Azure ML') });
    let side: string | null = null;
    await watchSettings(registry, settings => {
      if (side !== settings.side) {
        side = settings.side;
        shell.addAtSide(panel, settings.side);
      }
    });
    if (!lab && new Reload().keep('panel', () => panel.isVisible)) {
      void app.restored.then(() => shell.reopen(panel));
    }
  }
};
