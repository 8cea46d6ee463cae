// The front end of the widgets, for every place that knows anywidget.
import { mountCompare, mountRun, mountRunTable } from '../ui';
import type { Host } from '../ui/host';
import type { Subjects } from '../contract.gen';
import type { CompareSnapshot, Mounted, RunSnapshot, RunTableSnapshot } from '../ui/snapshot';
import { show, type View } from './render';

type AnySnapshot = RunSnapshot | RunTableSnapshot | CompareSnapshot;

function render(view: View): () => void {
  return show<AnySnapshot>(view, (screen, first) => {
    const kind = kindOf(screen);
    return {
      own: { kind, subject: subjectOf(kind, first) },
      mount: (parent, snapshot, host) => mount(kind, parent, snapshot, host)
    };
  });
}

function kindOf(screen: unknown): keyof Subjects {
  if (screen === 'run' || screen === 'compare') {
    return screen;
  }
  if (screen === 'runs' || screen === 'run_table') {
    return 'runs';
  }
  throw new Error(`There is no screen “${String(screen)}”.`);
}

function subjectOf(kind: keyof Subjects, snapshot: AnySnapshot): object {
  switch (kind) {
    case 'run':
      return { run: (snapshot as RunSnapshot).view.id };
    case 'runs':
      return { query: (snapshot as RunTableSnapshot).query };
    case 'compare':
      return { runs: (snapshot as CompareSnapshot).view.runs.map(run => run.id) };
  }
}

function mount(
  kind: keyof Subjects,
  parent: HTMLElement,
  snapshot: AnySnapshot,
  host: Host
): Mounted<AnySnapshot> {
  switch (kind) {
    case 'run':
      return mountRun(parent, snapshot as RunSnapshot, host) as Mounted<AnySnapshot>;
    case 'runs':
      return mountRunTable(parent, snapshot as RunTableSnapshot, host) as Mounted<AnySnapshot>;
    case 'compare':
      return mountCompare(parent, snapshot as CompareSnapshot, host) as Mounted<AnySnapshot>;
  }
}

export default { render };
