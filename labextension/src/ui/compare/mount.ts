import type { Host } from '../host';
import type { Mounted, CompareSnapshot } from '../snapshot';

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountCompare(parent: HTMLElement, snapshot: CompareSnapshot, host: Host): Mounted<CompareSnapshot> {
  parent.textContent = snapshot.workspace + host.t('…');
  return { update: () => undefined, dispose: () => parent.replaceChildren() };
}
