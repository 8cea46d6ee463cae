import type { Host } from '../host';
import type { Mounted, RunSnapshot } from '../snapshot';

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountRun(parent: HTMLElement, snapshot: RunSnapshot, host: Host): Mounted<RunSnapshot> {
  parent.textContent = snapshot.workspace + host.t('…');
  return { update: () => undefined, dispose: () => parent.replaceChildren() };
}
