// A version of a model, as hosts know it.
import type { ModelView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { MODEL_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface ModelSubject extends Subject {
  /** `NAME`, `NAME:VERSION` or `NAME@ALIAS`. */
  model: string;
  version?: number;
}

/** Models that one picks from. */
const MOST = 2_000;

const entry: ScreenEntry = {
  kind: 'model',
  mime: 'application/vnd.aml-magics.model+json',
  icon: MODEL_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<ModelView>) => ({ kind: 'model', model: view.id }),
  snapshot: async (host, { model, version }: ModelSubject) =>
    snapshotOf(host, await host.ask('model', { model, version })),
  title: ({ view }: Snapshot<ModelView>) => oneLine(view.id),
  command: {
    id: 'aml-magics:open-model',
    label: 'Open a model…',
    subjectOf: ({ model, version }) =>
      textIn(model) === null
        ? null
        : {
            kind: 'model',
            model,
            ...(Number.isSafeInteger(version) ? { version: version as number } : {})
          },
    question: {
      title: 'Open a model',
      label: 'There are no models yet: register one, and it can be opened here.',
      choices: async host =>
        (await host.ask('models', { sort: 'name', limit: MOST })).rows.map(({ name }) => name),
      answered: model => ({ kind: 'model', model })
    }
  }
};

export default entry;
