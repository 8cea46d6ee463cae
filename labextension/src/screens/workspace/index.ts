// What there is in all workspaces, as hosts know it.
import { RUNS_ICON } from '../../ui/icons';
import type { ScreenEntry } from '../../ui/screen';
import { snapshotOf } from '../../ui/place/snapshot';

const entry: ScreenEntry = {
  kind: 'workspace',
  mime: null,
  icon: RUNS_ICON,
  isAtSide: true,
  load: () => import('./screen'),
  subjectOf: () => ({ kind: 'workspace' }),
  // The panel asks for what it shows by itself, again and again.
  snapshot: async host => snapshotOf(host, {}),
  title: (_snapshot, _subject, t) => t('Azure ML runs')
};

export default entry;
