// A registry of screens that only note how they were mounted: hosts know no other.
// Use it by `vi.mock('…/src/screens/registry.gen', () => import('…/fake_screens'))`.
import type { Host, Selection } from '../src/ui/host';
import type { Mount, ScreenEntry } from '../src/ui/screen';
import { snapshotOf, type Snapshot } from '../src/ui/place/snapshot';

interface Made {
  kind: string;
  snapshot: Snapshot;
  host: Host;
  selection?: Selection;
  parent: HTMLElement;
  updates: Snapshot[];
  isDisposed: boolean;
}

interface Thing {
  id: string;
  name?: string;
  isOver?: boolean;
}

/** What was mounted, in order. */
export const made: Made[] = [];
/** Kinds whose code does not come. */
export const missing = new Set<string>();

const mounter =
  (kind: string): Mount =>
  (parent, snapshot, host, selection) => {
    if ((snapshot.view as Thing).name === 'broken') {
      throw new Error('It broke.');
    }
    const one: Made = { kind, snapshot, host, selection, parent, updates: [], isDisposed: false };
    made.push(one);
    parent.append(`screen ${kind}`);
    return {
      update: newer => one.updates.push(newer),
      dispose: () => {
        one.isDisposed = true;
      }
    };
  };

const thing = (kind: string, more: Partial<ScreenEntry> = {}): ScreenEntry => ({
  kind,
  mime: `application/vnd.test.${kind}+json`,
  icon: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  load: async () => {
    if (missing.has(kind)) {
      throw new Error(`no chunk of ${kind}`);
    }
    return { mount: mounter(kind) };
  },
  subjectOf: ({ view }: Snapshot<Thing>) => ({ kind, id: view.id }),
  snapshot: async (host, subject) =>
    snapshotOf(host, await host.ask(kind as 'run', { run: subject.id as string })),
  title: ({ view }: Snapshot<Thing>) => view.name ?? '',
  ...more
});

export const SCREENS: readonly ScreenEntry[] = [
  thing('run', {
    isOver: ({ view }: Snapshot<Thing>) => view.isOver ?? true,
    command: {
      id: 'test:open-run',
      label: 'Open a run…',
      isInLauncher: true,
      subjectOf: ({ id }) => (typeof id === 'string' ? { kind: 'run', id } : null),
      question: { title: 'Open', label: 'Id', answered: id => ({ kind: 'run', id }) }
    }
  }),
  thing('compare', {
    command: {
      id: 'test:pick',
      label: 'Pick…',
      subjectOf: () => null,
      question: {
        title: 'Pick',
        label: 'There is nothing to pick.',
        choices: async host =>
          (await host.ask('datasets', {})).rows.map(({ name }: { name: string }) => name),
        answered: id => ({ kind: 'compare', id })
      }
    }
  }),
  thing('plain'),
  thing('panel', { mime: null, isAtSide: true })
];
