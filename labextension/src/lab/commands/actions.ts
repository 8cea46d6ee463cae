// What screens offer to do, in the palette and by keys.
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ScreenEntry } from '../../ui/screen';
import { execute } from './command';
import { told } from './failure';
import type { Front } from '../front';
import type { MainArea } from '../main_area';

/** Where keys are heard: a tab with a screen has the focus. */
const SELECTOR = '.aml-lab-screen';

export function addActions(
  app: JupyterFrontEnd,
  front: Front,
  area: MainArea,
  entry: ScreenEntry,
  palette: ICommandPalette | null
): void {
  const category = front.t('Azure ML');
  for (const action of entry.actions ?? []) {
    app.commands.addCommand(action.id, {
      label: front.t(action.label),
      execute: args =>
        told(front, async () => (await execute()).act(front, area, entry, action, args))
    });
    palette?.addItem({ command: action.id, category });
    if (action.keys) {
      const [command, keys, selector] = [action.id, [...action.keys], SELECTOR];
      app.commands.addKeyBinding({ command, keys, selector });
    }
  }
}
