// The models of a workspace, as hosts know them.
import type { ModelsView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { MODEL_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface ModelsSubject extends Subject {
  name?: string;
  filter?: string;
}

const entry: ScreenEntry = {
  kind: 'models',
  mime: 'application/vnd.aml-magics.models+json',
  icon: MODEL_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view: { name, filter } }: Snapshot<ModelsView>) => subjectOf(name, filter),
  snapshot: async (host, { name, filter }: ModelsSubject) =>
    snapshotOf(host, await host.ask('models', { name, filter })),
  title: (_snapshot, { name }: ModelsSubject, t) =>
    name ? t('Versions of %1', oneLine(name)) : t('Models'),
  command: {
    id: 'aml-magics:open-models',
    label: 'Azure ML models',
    caption: 'Show the registered models of a workspace',
    isInLauncher: true,
    subjectOf: ({ name, filter }) => subjectOf(textIn(name) ?? '', textIn(filter) ?? '')
  }
};

function subjectOf(name: string, filter: string): ModelsSubject {
  return { kind: 'models', ...(name ? { name } : {}), ...(filter ? { filter } : {}) };
}

export default entry;
