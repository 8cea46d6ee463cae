// A web service, as hosts know it.
import type { ServiceView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { SERVICE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface ServiceSubject extends Subject {
  service: string;
}

const entry: ScreenEntry = {
  kind: 'service',
  mime: 'application/vnd.aml-magics.service+json',
  icon: SERVICE_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<ServiceView>) => ({ kind: 'service', service: view.name }),
  snapshot: async (host, { service }: ServiceSubject) =>
    snapshotOf(host, await host.ask('service', { service })),
  title: ({ view }: Snapshot<ServiceView>, _subject, t) => t('Service %1', oneLine(view.name)),
  command: {
    id: 'aml-magics:open-service',
    label: 'Open a service…',
    subjectOf: ({ service }) => (textIn(service) === null ? null : { kind: 'service', service }),
    question: {
      title: 'Open a service',
      label: 'There are no services yet: deploy a model, and its service can be opened here.',
      choices: async host => (await host.ask('services', {})).rows.map(({ name }) => name),
      answered: service => ({ kind: 'service', service })
    }
  }
};

export default entry;
