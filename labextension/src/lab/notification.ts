// Says that a run has ended which this page saw running.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Front } from './front';
import { IFront } from './front_plugin';
import { noticeOf } from './notice';
import { settingsOf, watchSettings } from './settings';

const SECONDS_SHOWN = 10;

export const notification: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:notification',
  description: 'Says that a run has ended.',
  autoStart: true,
  requires: [IFront],
  optional: [ISettingRegistry],
  activate: (_app: JupyterFrontEnd, front: Front, registry: ISettingRegistry | null) => {
    let settings = settingsOf({});
    let unwatch: (() => void) | null = null;
    const ended: Parameters<Front['activity']['watchEndings']>[0] = run => {
      const notice = noticeOf(run, settings, front.t);
      if (notice) {
        const { places } = front;
        const open = (): void => places?.open(run.workspace, { kind: 'run', run: run.id });
        const actions = places ? [{ label: front.t('Open run'), callback: open }] : [];
        Notification.emit(notice.text, notice.type, { autoClose: SECONDS_SHOWN * 1_000, actions });
      }
    };
    void watchSettings(registry, now => {
      settings = now;
      if (now.notifications === 'none') {
        unwatch?.();
        unwatch = null;
      } else {
        unwatch ??= front.activity.watchEndings(ended);
      }
    });
  }
};
