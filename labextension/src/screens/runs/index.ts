// A table of runs, as hosts know it.
import type { RunQuery, RunTableView } from '../../contract.gen';
import { RUNS_ICON } from '../../ui/icons';
import type { Mount, ScreenEntry } from '../../ui/screen';
import { snapshotOf, type Snapshot } from '../../ui/snapshot';

const ROWS = 100;

interface Table extends Snapshot<RunTableView> {
  query: RunQuery;
}

const isQuery = (value: unknown): value is RunQuery =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entry: ScreenEntry = {
  kind: 'runs',
  mime: 'application/vnd.aml-magics.run-table+json',
  icon: RUNS_ICON,
  load: async () => ({ mount: (await import('./screen')).mountRunTable as unknown as Mount }),
  subjectOf: ({ query }: Table) => ({ kind: 'runs', query }),
  snapshot: async (host, { query }: { kind: string; query: RunQuery }) => ({
    ...snapshotOf(host, await host.ask('runs', { query, offset: 0, limit: query.limit ?? ROWS })),
    query
  }),
  title: ({ query: { experiment } }: Table, _subject, t) =>
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
