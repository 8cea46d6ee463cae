// The dialogs, notes and tabs of JupyterLab, which a test answers and reads.
// Use it by `vi.mock('@jupyterlab/apputils', () => import('…/fake_apputils'))`.
import { Widget } from '@lumino/widgets';

export interface Note {
  type: string;
  text: string;
  actions: { label: string; callback: () => void }[];
  autoClose?: number | false;
}

interface Options {
  actions?: Note['actions'];
  autoClose?: number | false;
}

/** What the user was told, in order. */
export const notes: Note[] = [];
/** What the user was asked, in order. */
export const asked: Record<string, unknown>[] = [];
/** What the user types or picks, and whether the button is pressed that goes on. */
export const user = { types: null as string | null, accepts: false };

export function forget(): void {
  notes.length = asked.length = 0;
  Object.assign(user, { types: null, accepts: false });
}

const note = (type: string, text: string, { actions = [], autoClose }: Options = {}): void =>
  void notes.push({ type, text, actions, autoClose });

export const Notification = {
  emit: (text: string, type: string, options?: Options) => note(type, text, options),
  info: (text: string, options?: Options) => note('info', text, options),
  warning: (text: string, options?: Options) => note('warning', text, options),
  error: (text: string, options?: Options) => note('error', text, options)
};

async function answer(question: Record<string, unknown>): Promise<{ value: string | null }> {
  asked.push(question);
  return { value: user.types };
}

export const InputDialog = { getText: answer, getItem: answer };

const button = (options: object = {}): object => options;

export const Dialog = { cancelButton: button, okButton: button, warnButton: button };

export async function showDialog(
  question: Record<string, unknown>
): Promise<{ button: { accept: boolean } }> {
  asked.push(question);
  return { button: { accept: user.accepts } };
}

export const ICommandPalette = 'palette';

export class MainAreaWidget<T extends Widget = Widget> extends Widget {
  readonly content: T;
  readonly toolbar = new Widget();

  constructor({ content }: { content: T }) {
    super();
    this.id = `tab-${content.title.label}-${Math.random()}`;
    this.content = content;
    this.node.append(content.node);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.content.dispose();
      super.dispose();
    }
  }
}

export class WidgetTracker<T extends Widget = Widget> {
  readonly namespace: string;
  readonly #widgets: T[] = [];

  constructor({ namespace }: { namespace: string }) {
    this.namespace = namespace;
  }

  async add(widget: T): Promise<void> {
    this.#widgets.push(widget);
    widget.disposed.connect(() => void this.#widgets.splice(this.#widgets.indexOf(widget), 1));
  }

  find(is: (widget: T) => boolean): T | undefined {
    return this.#widgets.find(is);
  }
}
