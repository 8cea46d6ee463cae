// The signs of screens, as JupyterLab has icons.
import { LabIcon } from '@jupyterlab/ui-components';
import { RUNS_ICON } from '../ui/icons';
import type { ScreenEntry } from '../ui/screen';

export const runsIcon = new LabIcon({ name: 'aml-magics:signet', svgstr: RUNS_ICON });

const made = new Map<string, LabIcon>();

export function iconOf({ kind, icon }: ScreenEntry): LabIcon {
  const found = made.get(kind) ?? new LabIcon({ name: `aml-magics:${kind}`, svgstr: icon });
  made.set(kind, found);
  return found;
}
