// A sweep, as hosts know it.
import type { SweepView } from '../../contract.gen';
import { nameOf, oneLine } from '../../ui/format';
import type { Subject } from '../../ui/host';
import { SWEEP_ICON } from '../../ui/icons';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { textIn, type ScreenEntry } from '../../ui/screen';

interface SweepSubject extends Subject {
  run: string;
}

const entry: ScreenEntry = {
  kind: 'sweep',
  mime: 'application/vnd.aml-magics.sweep+json',
  icon: SWEEP_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<SweepView>) => ({ kind: 'sweep', run: view.id }),
  snapshot: async (host, { run }: SweepSubject) =>
    snapshotOf(host, await host.ask('sweep', { run })),
  title: ({ view }: Snapshot<SweepView>, _subject, t) => t('Sweep %1', oneLine(nameOf(view))),
  isOver: ({ view }: Snapshot<SweepView>) => view.is_terminal && view.done === view.there,
  command: {
    id: 'aml-magics:open-sweep',
    label: 'Azure ML sweep…',
    caption: 'Show the trials of a sweep',
    subjectOf: ({ run }) => {
      const id = textIn(run);
      return id === null ? null : { kind: 'sweep', run: id };
    },
    question: {
      title: 'Open a sweep',
      label: 'The id of its run, such as HD_…',
      answered: run => ({ kind: 'sweep', run: run.trim() })
    }
  }
};

export default entry;
