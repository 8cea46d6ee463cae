// The pipelines of a workspace, as hosts know them.
import type { PipelinesView } from '../../contract.gen';
import { PIPELINE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import type { Subject } from '../../ui/host';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface PipelinesSubject extends Subject {
  /** The id of the list that is open at first: `runs`, `published`, `endpoints` or `schedules`. */
  list?: string;
}

export interface PipelinesSnapshot extends Snapshot<PipelinesView> {
  readonly list?: string;
}

const entry: ScreenEntry = {
  kind: 'pipelines',
  mime: 'application/vnd.aml-magics.pipelines+json',
  icon: PIPELINE_ICON,
  load: () => import('./screen'),
  subjectOf: ({ list }: PipelinesSnapshot) => subjectOf(list),
  snapshot: async (host, { list }: PipelinesSubject) => ({
    ...snapshotOf(host, await host.ask('pipelines', {})),
    ...(list ? { list } : {})
  }),
  title: (_snapshot: PipelinesSnapshot, _subject, t) => t('Pipelines'),
  command: {
    id: 'aml-magics:open-pipelines',
    label: 'Azure ML pipelines',
    caption: 'Show the pipelines, endpoints and schedules of a workspace',
    isInLauncher: true,
    subjectOf: ({ list }) => subjectOf(textIn(list) ?? undefined)
  }
};

function subjectOf(list?: string): PipelinesSubject {
  return { kind: 'pipelines', ...(list ? { list } : {}) };
}

export default entry;
