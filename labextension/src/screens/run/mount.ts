import type { Host } from '../../ui/host';
import type { Mounted, RunSnapshot } from '../../ui/snapshot';
import { Panel } from './panel';

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export function mountRun(
  parent: HTMLElement,
  snapshot: RunSnapshot,
  host: Host
): Mounted<RunSnapshot> {
  let panel = new Panel(snapshot.view, host);
  parent.append(panel.node);
  return {
    update({ view }): void {
      if (view.id === panel.id) {
        panel.take(view);
      } else {
        panel.dispose();
        panel = new Panel(view, host);
        parent.append(panel.node);
      }
    },
    dispose: () => panel.dispose()
  };
}
