// The run of a pipeline, as hosts know it.
import type { PipelineView } from '../../contract.gen';
import { nameOf, oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { PIPELINE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface PipelineSubject extends Subject {
  run: string;
}

const entry: ScreenEntry = {
  kind: 'pipeline',
  mime: 'application/vnd.aml-magics.pipeline+json',
  icon: PIPELINE_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<PipelineView>) => ({ kind: 'pipeline', run: view.id }),
  snapshot: async (host, { run }: PipelineSubject) =>
    snapshotOf(host, await host.ask('pipeline', { run })),
  title: ({ view }: Snapshot<PipelineView>, _subject, t) => t('Pipeline %1', oneLine(nameOf(view))),
  isOver: ({ view }: Snapshot<PipelineView>) => view.is_terminal,
  command: {
    id: 'aml-magics:open-pipeline',
    label: 'Azure ML pipeline run…',
    caption: 'Show the steps of a run of a pipeline',
    subjectOf: ({ run }) => {
      const id = textIn(run);
      return id === null ? null : { kind: 'pipeline', run: id };
    },
    question: {
      title: 'Open a run of a pipeline',
      label: 'Its id, or that of a step',
      answered: run => ({ kind: 'pipeline', run: run.trim() })
    }
  }
};

export default entry;
