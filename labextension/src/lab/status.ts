// How many runs are running: in the status bar, or beside the menus of Notebook 7, which has no such bar.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { nameOf } from '../ui/format';
import { COMMAND } from './commands/command';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { ScreenShell } from './shell';

const NAMES = 10;

class StatusItem extends Widget {
  readonly changed = new Signal<this, void>(this);
  isActive = false;

  constructor(front: Front, open: () => void) {
    super();
    const { t } = front;
    this.id = 'aml-magics-status';
    this.hide();
    const button = document.createElement('button');
    button.className = 'aml-status-item';
    button.type = 'button';
    button.addEventListener('click', open);
    this.addClass('aml-lab-status');
    this.node.append(button);
    const unwatch = front.activity.watch(runs => {
      button.textContent = t('● %1 running', runs.length);
      button.setAttribute(
        'aria-label',
        t('%1 runs are running: show the panel of runs', runs.length)
      );
      button.title = runs.slice(0, NAMES).map(nameOf).join('\n');
      if (this.isActive !== runs.length > 0) {
        this.isActive = runs.length > 0;
        this.setHidden(!this.isActive);
        this.changed.emit();
      }
    });
    this.disposed.connect(unwatch);
  }
}

export const status: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:status',
  description: 'Shows in the status bar how many runs are running.',
  autoStart: true,
  requires: [IFront],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, front: Front, bar: IStatusBar | null) => {
    const shell = ScreenShell.of(app.shell, null);
    if (!bar && !shell) {
      return;
    }
    const item = new StatusItem(front, () => {
      if (app.commands.hasCommand(COMMAND.showPanel)) {
        void app.commands.execute(COMMAND.showPanel);
      }
    });
    if (bar) {
      bar.registerStatusItem('aml-magics:status', {
        item,
        align: 'left',
        rank: 10,
        isActive: () => item.isActive,
        activeStateChanged: item.changed
      });
    } else {
      shell?.addBesideMenus(item);
    }
  }
};
