// A table of runs, as hosts know it.
import type { RunQuery } from '../../contract.gen';
import { RUNS_ICON } from '../../ui/icons';
import type { ScreenEntry } from '../../ui/screen';
import { snapshotOf } from '../../ui/place/snapshot';
import type { RunTableSnapshot } from './state';

const ROWS = 100;

const isQuery = (value: unknown): value is RunQuery =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entry: ScreenEntry = {
  kind: 'runs',
  mime: 'application/vnd.aml-magics.run-table+json',
  icon: RUNS_ICON,
  load: () => import('./screen'),
  subjectOf: ({ query }: RunTableSnapshot) => ({ kind: 'runs', query }),
  snapshot: async (host, { query }: { kind: string; query: RunQuery }) => ({
    ...snapshotOf(host, await host.ask('runs', { query, offset: 0, limit: query.limit ?? ROWS })),
    query
  }),
  title: ({ query: { experiment } }: RunTableSnapshot, _subject, t) =>
    experiment ? t('Runs of %1', experiment) : t('Azure ML runs'),
  command: {
    id: 'aml-magics:open-runs',
    label: 'Azure ML runs',
    caption: 'Show the runs of a workspace',
    isInLauncher: true,
    subjectOf: ({ query }) => ({ kind: 'runs', query: isQuery(query) ? query : {} })
  }
};

export default entry;
