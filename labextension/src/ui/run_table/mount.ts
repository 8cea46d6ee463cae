import type { Host } from '../host';
import type { Mounted, RunTableSnapshot } from '../snapshot';

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountRunTable(parent: HTMLElement, snapshot: RunTableSnapshot, host: Host): Mounted<RunTableSnapshot> {
  parent.textContent = snapshot.workspace + host.t('…');
  return { update: () => undefined, dispose: () => parent.replaceChildren() };
}
