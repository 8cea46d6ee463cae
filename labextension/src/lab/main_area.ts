// Screens as tabs of JupyterLab's main area, each subject once; they are there again after a reload.
import type { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { entryOf, SCREENS } from '../screens/registry';
import { oneLine } from '../ui/format';
import type { Subject } from '../ui/host';
import type { ScreenEntry } from '../ui/screen';
import type { Front, Places } from './front';
import { showSubject } from './host';
import { iconOf, runsIcon } from './icons';

/** The screens that can be opened in a tab. */
export const IN_TABS = SCREENS.filter(entry => !entry.isAtSide);

/** The id of the command that opens a screen. */
export function commandOf({ kind, command }: ScreenEntry): string {
  return command?.id ?? `aml-magics:open-${kind}`;
}

class ScreenWidget extends Widget {
  #shown: { dispose(): void };
  readonly #show: () => { dispose(): void };
  readonly workspace: string;
  readonly subject: Subject;

  constructor(front: Front, workspace: string, subject: Subject) {
    super();
    this.workspace = workspace;
    this.subject = subject;
    const entry = entryOf(subject.kind);
    this.addClass('aml-lab-screen');
    this.node.tabIndex = -1;
    this.title.label = front.t('Azure ML runs');
    this.title.icon = entry ? iconOf(entry) : runsIcon;
    this.title.closable = true;
    const titled = (title: string): void => {
      this.title.label = oneLine(title);
    };
    this.#show = () => showSubject(front, this.node, workspace, subject, { titled });
    this.#shown = this.#show();
  }

  /** Draw anew what has changed: of what has ended nobody tells. */
  renew(): void {
    if (!this.isDisposed) {
      this.#shown.dispose();
      this.#shown = this.#show();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#shown.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }
}

type Tab = MainAreaWidget<ScreenWidget>;

export class MainArea implements Places {
  readonly #shell: ILabShell;
  readonly #front: Front;
  readonly #trackers: ReadonlyMap<string, WidgetTracker<Tab>>;

  constructor(shell: ILabShell, front: Front) {
    this.#shell = shell;
    this.#front = front;
    // One for each kind, for under these names earlier versions have noted their tabs.
    this.#trackers = new Map(
      IN_TABS.map(({ kind }) => [kind, new WidgetTracker({ namespace: `aml-magics-${kind}` })])
    );
  }

  /** Bring back the tabs of before the reload. */
  restore(restorer: ILayoutRestorer): void {
    for (const entry of IN_TABS) {
      void restorer.restore(this.#trackers.get(entry.kind)!, {
        command: commandOf(entry),
        args: ({ content }) => argsOf(content.workspace, content.subject),
        name: ({ content }) => keyOf(content.workspace, content.subject)
      });
    }
  }

  /** What the tab in use shows; null where it is none of ours. */
  get current(): { workspace: string; subject: Subject; renew(): void } | null {
    const { currentWidget } = this.#shell;
    const content: unknown = currentWidget instanceof MainAreaWidget ? currentWidget.content : null;
    return content instanceof ScreenWidget ? content : null;
  }

  open(workspace: string, subject: Subject): void {
    this.show(workspace, subject);
  }

  show(workspace: string, subject: Subject): Tab {
    const tracker = this.#trackers.get(subject.kind);
    const key = keyOf(workspace, subject);
    let tab = tracker?.find(({ content }) => keyOf(content.workspace, content.subject) === key);
    if (!tab) {
      const content = new ScreenWidget(this.#front, workspace, subject);
      tab = new MainAreaWidget({ content });
      tab.title.closable = true;
      tab.toolbar.hide(); // It is empty, and would be drawn as a strip.
      void tracker?.add(tab);
    }
    if (!tab.isAttached) {
      this.#shell.add(tab, 'main');
    }
    this.#shell.activateById(tab.id);
    return tab;
  }
}

function argsOf(workspace: string, subject: Subject): ReadonlyJSONObject {
  return JSON.parse(JSON.stringify({ ...subject, workspace, kind: undefined })) as JSONObject;
}

function keyOf(workspace: string, { kind, ...fields }: Subject): string {
  return JSON.stringify([kind, workspace, fields]);
}
