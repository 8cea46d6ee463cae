// The pipelines of a workspace, as hosts know them.
import type { PipelinesView } from '../../contract.gen';
import { PIPELINE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import type { ScreenEntry } from '../../ui/screen';

const entry: ScreenEntry = {
  kind: 'pipelines',
  mime: 'application/vnd.aml-magics.pipelines+json',
  icon: PIPELINE_ICON,
  load: () => import('./screen'),
  subjectOf: () => ({ kind: 'pipelines' }),
  snapshot: async host => snapshotOf(host, await host.ask('pipelines', {})),
  title: (_snapshot: Snapshot<PipelinesView>, _subject, t) => t('Pipelines'),
  command: {
    id: 'aml-magics:open-pipelines',
    label: 'Azure ML pipelines',
    caption: 'Show the pipelines, endpoints and schedules of a workspace',
    isInLauncher: true,
    subjectOf: () => ({ kind: 'pipelines' })
  }
};

export default entry;
