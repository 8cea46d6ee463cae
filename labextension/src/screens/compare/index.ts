// A comparison of runs, as hosts know it.
import type { CompareView } from '../../contract.gen';
import { RUNS_ICON } from '../../ui/icons';
import { textsIn, type Mount, type ScreenEntry } from '../../ui/screen';
import { snapshotOf, type Snapshot } from '../../ui/snapshot';
import { TERMINAL } from '../../ui/status';

const entry: ScreenEntry = {
  kind: 'compare',
  mime: 'application/vnd.aml-magics.compare+json',
  icon: RUNS_ICON,
  load: async () => ({ mount: (await import('./mount')).mountCompare as unknown as Mount }),
  subjectOf: ({ view }: Snapshot<CompareView>) => ({
    kind: 'compare',
    runs: view.runs.map(run => run.id)
  }),
  snapshot: async (host, { runs }: { kind: string; runs: string[] }) =>
    snapshotOf(host, await host.ask('compare', { runs })),
  title: ({ view }: Snapshot<CompareView>, _subject, t) =>
    t('Comparison of %1 runs', view.runs.length),
  isOver: ({ view }: Snapshot<CompareView>) => view.runs.every(run => TERMINAL.has(run.status)),
  command: {
    id: 'aml-magics:compare-runs',
    label: 'Compare runs…',
    subjectOf: ({ runs }) => (textsIn(runs) === null ? null : { kind: 'compare', runs }),
    question: {
      title: 'Compare runs',
      label: 'Ids of the runs, with blanks between them',
      answered: text => ({
        kind: 'compare',
        runs: [...new Set(text.split(/[\s,]+/).filter(Boolean))]
      })
    }
  }
};

export default entry;
