// A comparison of runs, as hosts know it.
import type { CompareSubject } from '../../contract.gen';
import type { Subject } from '../../ui/host';
import { RUNS_ICON } from '../../ui/icons';
import { textsIn, type ScreenEntry } from '../../ui/screen';
import { snapshotOf } from '../../ui/place/snapshot';
import { TERMINAL } from '../../ui/status';
import type { CompareSnapshot } from './state';

const entry: ScreenEntry = {
  kind: 'compare',
  mime: 'application/vnd.aml-magics.compare+json',
  icon: RUNS_ICON,
  load: () => import('./screen'),
  subjectOf: ({ view, subject }: CompareSnapshot) => ({
    kind: 'compare',
    ...(subject ?? { runs: view.runs.map(run => run.id) })
  }),
  snapshot: async (host, { runs, query, goals }: Subject & CompareSubject) => {
    const subject = { runs, query, goals };
    return { ...snapshotOf(host, await host.ask('compare', subject)), subject };
  },
  title: ({ view, subject }: CompareSnapshot, _subject, t) =>
    subject?.query?.experiment
      ? t('Comparison of %1', subject.query.experiment)
      : t('Comparison of %1 runs', view.runs.length),
  isOver: ({ view }: CompareSnapshot) => view.runs.every(run => TERMINAL.has(run.status)),
  command: {
    id: 'aml-magics:compare-runs',
    label: 'Compare runs…',
    subjectOf: ({ runs, query, goals }) =>
      textsIn(runs) !== null
        ? { kind: 'compare', runs, goals }
        : typeof query === 'object' && query !== null
          ? { kind: 'compare', query, goals }
          : null,
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
