// Screens that only note how they were mounted: a stand-in for `src/ui`.
import type { Host } from '../../src/ui/host';
import type { Mounted, RunSnapshot } from '../../src/ui/snapshot';

interface Made {
  name: string;
  host: Host;
  parent: HTMLElement;
  updates: object[];
}

type Mount = (
  parent: HTMLElement,
  snapshot: { view: { name?: string } },
  host: Host
) => Mounted<RunSnapshot>;

/** What was mounted, in order. */
export const made: Made[] = [];

/** What `src/ui` exports, with screens that note. */
export function screens(): Record<string, Mount> {
  const mounter =
    (name: string): Mount =>
    (parent, snapshot, host) => {
      if (snapshot.view.name === 'broken') {
        throw new Error('It broke.');
      }
      const updates: object[] = [];
      made.push({ name, host, parent, updates });
      parent.append(name);
      return { update: newer => updates.push(newer), dispose: () => parent.replaceChildren() };
    };
  return {
    mountRun: mounter('run'),
    mountRunTable: mounter('runs'),
    mountCompare: mounter('compare')
  };
}
