// The panel at JupyterLab's side.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { COMMAND } from './command';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { runsIcon } from './icon';
import { PanelView } from '../screens/workspace/panel_view';
import { watchSettings } from './settings';
import { watchVisible } from './visibility';

const RANK = 600;

class SidePanel extends Widget {
  private readonly view: PanelView;
  private unwatch: (() => void) | null = null;

  constructor(front: Front) {
    super();
    this.id = 'aml-magics-panel';
    this.addClass('aml-lab-panel');
    this.title.icon = runsIcon;
    this.title.caption = front.t('Azure ML runs');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', front.t('Azure ML runs'));
    this.node.tabIndex = -1;
    this.view = new PanelView(this.node, front);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.unwatch?.();
      this.view.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.look();
    }
  }

  protected override onBeforeHide(message: Message): void {
    this.rest();
    super.onBeforeHide(message);
  }

  protected override onBeforeDetach(message: Message): void {
    this.rest();
    super.onBeforeDetach(message);
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }

  private look(): void {
    this.unwatch ??= watchVisible(null, isVisible =>
      isVisible ? this.view.show() : this.view.hide()
    );
  }

  private rest(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.view.hide();
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
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ) => {
    if (!shell) {
      return;
    }
    const panel = new SidePanel(front);
    restorer?.add(panel, panel.id);
    app.commands.addCommand(COMMAND.showPanel, {
      label: front.t('Show the panel of runs'),
      icon: runsIcon,
      execute: () => shell.activateById(panel.id)
    });
    palette?.addItem({ command: COMMAND.showPanel, category: front.t('Azure ML') });
    let side: string | null = null;
    await watchSettings(registry, settings => {
      if (side !== settings.side) {
        side = settings.side;
        shell.add(panel, settings.side, { rank: RANK, type: 'Azure ML runs' });
      }
    });
  }
};
