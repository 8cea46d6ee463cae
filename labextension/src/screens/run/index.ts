// One run, as hosts know it.
import type { RunView } from '../../contract.gen';
import { nameOf } from '../../ui/format';
import { RUNS_ICON } from '../../ui/icons';
import { textIn, type ScreenEntry } from '../../ui/screen';
import { snapshotOf, type Snapshot } from '../../ui/place/snapshot';
import { RUN_ACTIONS } from './manage/commands';

const entry: ScreenEntry = {
  kind: 'run',
  mime: 'application/vnd.aml-magics.run+json',
  icon: RUNS_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view }: Snapshot<RunView>) => ({ kind: 'run', run: view.id }),
  snapshot: async (host, { run }: { kind: string; run: string }) =>
    snapshotOf(host, await host.ask('run', { run })),
  title: ({ view }: Snapshot<RunView>) => nameOf(view),
  isOver: ({ view }: Snapshot<RunView>) => view.is_terminal,
  actions: RUN_ACTIONS,
  command: {
    id: 'aml-magics:open-run',
    label: 'Open a run…',
    subjectOf: ({ run }) => (textIn(run) === null ? null : { kind: 'run', run }),
    question: {
      title: 'Open a run',
      label: 'Id of the run',
      answered: run => ({ kind: 'run', run })
    }
  }
};

export default entry;
