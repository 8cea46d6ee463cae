// The table of web services, as hosts know it.
import type { ServicesView } from '../../contract.gen';
import { SERVICE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import type { ScreenEntry } from '../../ui/screen';

const entry: ScreenEntry = {
  kind: 'services',
  mime: 'application/vnd.aml-magics.services+json',
  icon: SERVICE_ICON,
  load: () => import('./screen'),
  subjectOf: () => ({ kind: 'services' }),
  snapshot: async host => snapshotOf(host, await host.ask('services', {})),
  title: (_snapshot: Snapshot<ServicesView>, _subject, t) => t('Services'),
  command: {
    id: 'aml-magics:open-services',
    label: 'Azure ML services',
    caption: 'Show the web services of a workspace',
    isInLauncher: true,
    subjectOf: () => ({ kind: 'services' })
  }
};

export default entry;
