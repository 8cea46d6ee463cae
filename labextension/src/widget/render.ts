// One view of a widget: drawn from its snapshot, brought up to date, and put away.
import { element, fill } from '../ui/element';
import type { Host } from '../ui/host';
import { plainly } from '../ui/host';
import type { Subjects } from '../contract.gen';
import type { Mounted } from '../ui/snapshot';
import { problemOf, unpacked, VERSION } from '../ui/snapshot';
import { KernelHost } from './kernel_host';
import type { WidgetModel } from './model';

/** How a snapshot is drawn, and what the kernel tells of by itself, if anything. */
export interface Drawable<S> {
  own: { kind: keyof Subjects; subject: object } | null;
  mount(parent: HTMLElement, snapshot: S, host: Host): Mounted<S>;
}

export interface View {
  model: WidgetModel;
  el: HTMLElement;
}

/**
 * Shows one view of a widget; returns what puts it away.
 *
 * @param drawable throws where the widget's screen is not known.
 */
export function show<S>(
  { model, el }: View,
  drawable: (screen: unknown, snapshot: S) => Drawable<S>
): () => void {
  const message = element('div', { class: 'aml-ui' });
  const screen = element('div');
  fill(el, message, screen);
  el.classList.add('aml-widget');
  const say = (text: string | null): void =>
    fill(
      message,
      text !== null && element('div', { class: 'aml-message aml-bad', role: 'status' }, [text])
    );
  let host: KernelHost | null = null;
  let mounted: Mounted<S> | null = null;
  const draw = (): void => {
    try {
      const snapshot = unpacked(model.get('_snapshot')) as S;
      const problem = refused(snapshot);
      if (problem !== null) {
        say(mounted ? null : plainly(problem));
      } else if (mounted) {
        mounted.update(snapshot);
      } else {
        say(null);
        const { own, mount } = drawable(model.get('_screen'), snapshot);
        host = new KernelHost(model, own, screen, say);
        mounted = mount(screen, snapshot, host);
      }
    } catch (error) {
      if (!mounted) {
        host?.dispose();
        host = null;
      }
      console.error('aml_magics: a widget could not be drawn.', error);
      say(
        plainly(
          'This output could not be drawn: %1',
          error instanceof Error ? error.message : String(error)
        )
      );
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
