// The front end of the widgets, for every place that knows anywidget.
import { mountCompare, mountRun, mountRunTable } from '../ui';
import { element, fill } from '../ui/element';
import { plainly } from '../ui/host';
import type { Subjects } from '../ui/message';
import type { CompareSnapshot, Mounted, RunSnapshot, RunTableSnapshot } from '../ui/snapshot';
import { problemOf, unpacked, VERSION } from '../ui/snapshot';
import { KernelHost } from './kernel_host';
import type { WidgetModel } from './model';

type AnySnapshot = RunSnapshot | RunTableSnapshot | CompareSnapshot;

/** Shows one view of a widget; returns what puts it away. */
function render({ model, el }: { model: WidgetModel; el: HTMLElement }): () => void {
  const message = element('div', { class: 'aml-ui' });
  const screen = element('div');
  fill(el, message, screen);
  const say = (text: string | null): void =>
    fill(message, text !== null && element('div', { class: 'aml-message aml-bad', role: 'status' }, [text]));
  let host: KernelHost | null = null;
  let mounted: Mounted<AnySnapshot> | null = null;
  const draw = (): void => {
    try {
      const snapshot = unpacked(model.get('_snapshot')) as AnySnapshot;
      const problem = refused(snapshot);
      if (problem !== null) {
        say(mounted ? null : plainly(problem));
      } else if (mounted) {
        mounted.update(snapshot);
      } else {
        say(null);
        const kind = kindOf(model.get('_screen'));
        host = new KernelHost(model, { kind, subject: subjectOf(kind, snapshot) }, screen, say);
        mounted = mount(kind, screen, snapshot, host);
      }
    } catch (error) {
      if (!mounted) {
        host?.dispose();
        host = null;
      }
      console.error('aml_magics: a widget could not be drawn.', error);
      say(plainly('This output could not be drawn: %1', error instanceof Error ? error.message : String(error)));
    }
  };
  model.on('change:_snapshot', draw);
  draw();
  return () => {
    model.off('change:_snapshot', draw);
    mounted?.dispose();
    host?.dispose();
    fill(el);
  };
}

function refused(snapshot: unknown): string | null {
  const { version } = (snapshot ?? {}) as { version?: unknown };
  return typeof version === 'number' && version > VERSION
    ? 'This output was made by a newer version of aml_magics: reload the page, or update it, to see the output.'
    : problemOf(snapshot);
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

function mount(kind: keyof Subjects, parent: HTMLElement, snapshot: AnySnapshot, host: KernelHost): Mounted<AnySnapshot> {
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
