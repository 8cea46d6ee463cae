// A dataset, as hosts know it.
import type { DatasetView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { DATA_ICON } from '../../ui/icons';
import { textIn, type ScreenEntry } from '../../ui/screen';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';

interface DatasetSubject extends Subject {
  dataset: string;
  version?: number;
}

const entry: ScreenEntry = {
  kind: 'dataset',
  mime: 'application/vnd.aml-magics.dataset+json',
  icon: DATA_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<DatasetView>) => ({ kind: 'dataset', dataset: view.id }),
  snapshot: async (host, { dataset, version }: DatasetSubject) =>
    snapshotOf(host, await host.ask('dataset', { dataset, version })),
  title: ({ view: { name, id } }: Snapshot<DatasetView>, { version }: DatasetSubject, t) => {
    const words = name === null ? t('Dataset %1', id.slice(0, 8)) : oneLine(name);
    return version === undefined || name === null ? words : t('%1, version %2', words, version);
  },
  command: {
    id: 'aml-magics:open-dataset',
    label: 'Open a dataset…',
    subjectOf: ({ dataset, version }) =>
      textIn(dataset) === null
        ? null
        : {
            kind: 'dataset',
            dataset,
            ...(Number.isSafeInteger(version) ? { version: version as number } : {})
          },
    question: {
      title: 'Open a dataset',
      label: 'There are no datasets yet: register one, and it can be opened here.',
      choices: async host => (await host.ask('datasets', {})).rows.map(({ name }) => name),
      answered: dataset => ({ kind: 'dataset', dataset })
    }
  }
};

export default entry;
