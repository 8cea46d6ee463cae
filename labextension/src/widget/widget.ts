// The front end of a widget, for every place that knows anywidget: a screen that is drawn from the widget's
// snapshot and talks with the kernel.
import { plainly, type Host } from '../ui/host';
import { Place } from '../ui/place/place';
import type { ScreenEntry } from '../ui/screen';
import { problemOf, unpacked, VERSION, type Snapshot } from '../ui/place/snapshot';
import { KernelHost } from './kernel_host';
import type { WidgetModel } from './model';

export interface View {
  model: WidgetModel;
  el: HTMLElement;
}

/** What anywidget calls for each view; it calls the answer when the view goes. */
export function widgetOf(entry: ScreenEntry): { render(view: View): () => void } {
  return { render: view => render(entry, view) };
}

function render(entry: ScreenEntry, { model, el }: View): () => void {
  const message = document.createElement('div');
  message.className = 'aml-ui';
  const screen = document.createElement('div');
  el.replaceChildren(message, screen);
  el.classList.add('aml-widget');
  const place = new Place(screen, plainly);
  let newest: Snapshot | null = null;
  let host: (Host & { dispose(): void }) | null = null;
  const draw = (): void => {
    const snapshot = unpacked(model.get('_snapshot'));
    const problem = refused(snapshot);
    if (problem !== null) {
      if (newest === null) {
        place.say(plainly(problem));
      }
      return;
    }
    const isFirst = newest === null;
    newest = snapshot as Snapshot;
    if (isFirst) {
      host = new KernelHost(model, entry.subjectOf(newest), screen, text => say(message, text));
      const made = host;
      void place.draw(async () => ({
        mount: (await entry.load()).mount,
        snapshot: newest!,
        host: made
      }));
    } else {
      place.update(newest);
    }
  };
  model.on('change:_snapshot', draw);
  draw();
  return () => {
    model.off('change:_snapshot', draw);
    place.clear();
    host?.dispose();
    el.replaceChildren();
  };
}

function say(node: HTMLElement, text: string): void {
  const line = document.createElement('div');
  line.className = 'aml-message aml-bad';
  line.setAttribute('role', 'status');
  line.textContent = text;
  node.replaceChildren(line);
}

function refused(snapshot: unknown): string | null {
  const { version } = (snapshot ?? {}) as { version?: unknown };
  return typeof version === 'number' && version > VERSION
    ? 'This output was made by a newer version of aml_magics: reload the page, or update it, to see the output.'
    : problemOf(snapshot);
}
