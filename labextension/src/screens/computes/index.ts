// The compute targets of a workspace, or one of them, as hosts know it.
import type { ComputesView } from '../../contract.gen';
import { oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { COMPUTE_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface ComputesSubject extends Subject {
  /** The name of one; empty for all. */
  compute?: string;
}

const entry: ScreenEntry = {
  kind: 'computes',
  mime: 'application/vnd.aml-magics.computes+json',
  icon: COMPUTE_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<ComputesView>) => ({ kind: 'computes', compute: view.only }),
  snapshot: async (host, { compute = '' }: ComputesSubject) =>
    snapshotOf(host, await host.ask('computes', { compute })),
  title: ({ view }: Snapshot<ComputesView>, _subject, t) =>
    view.only ? t('Compute %1', oneLine(view.only)) : t('Compute'),
  command: {
    id: 'aml-magics:open-computes',
    label: 'Azure ML compute',
    caption: 'Show the compute targets of a workspace, and their queues',
    isInLauncher: true,
    subjectOf: ({ compute }) => ({ kind: 'computes', compute: textIn(compute) ?? '' })
  }
};

export default entry;
