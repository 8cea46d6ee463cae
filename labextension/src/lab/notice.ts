// What is said of a run that has ended, where the user wants to hear of it.
import { nameOf, secondsText } from '../ui/format';
import type { ActiveRun, Translate } from '../ui/host';
import type { Settings } from './settings';

export interface Notice {
  text: string;
  type: 'success' | 'error' | 'warning';
}

export function noticeOf(run: ActiveRun, settings: Settings, t: Translate): Notice | null {
  const { notifications, minimumSeconds } = settings;
  const isSaid = notifications === 'all' || (notifications === 'failed' && run.status === 'Failed');
  if (!isSaid || (run.elapsed ?? 0) < minimumSeconds) {
    return null;
  }
  const name = nameOf(run);
  const time = secondsText(run.elapsed);
  if (run.status === 'Completed') {
    return { text: t('%1 completed after %2.', name, time), type: 'success' };
  }
  return run.status === 'Failed'
    ? { text: t('%1 failed after %2.', name, time), type: 'error' }
    : { text: t('%1 was canceled after %2.', name, time), type: 'warning' };
}
