// Screens as tabs, each subject once; they are there again after a reload.
import type { ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { entryOf, SCREENS } from '../screens/registry';
import { oneLine } from '../ui/format';
import type { Subject } from '../ui/host';
import type { ScreenEntry } from '../ui/screen';
import type { Front, Places } from './front';
import { iconOf, runsIcon } from './icons';
import type { Reload } from './reload';
import type { ScreenShell } from './shell';
import { showScreen } from './show';

/** The screens that can be opened in a tab. */
export const IN_TABS = SCREENS.filter(entry => !entry.isAtSide);

/** The id of the command that opens a screen. */
export function commandOf({ kind, command }: ScreenEntry): string {
  return command?.id ?? `aml-magics:open-${kind}`;
}

class ScreenWidget extends Widget {
  readonly #shown: { dispose(): void };
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
    this.#shown = showScreen(front, this.node, workspace, subject, { titled });
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

/** A screen that was open when the page was left. */
interface Note {
  workspace: string;
  subject: Subject;
  isInFront: boolean;
}

export class MainArea implements Places {
  readonly #shell: ScreenShell;
  readonly #front: Front;
  readonly #trackers: ReadonlyMap<string, WidgetTracker<Tab>>;

  constructor(shell: ScreenShell, front: Front) {
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

  /** The same where the shell restores no tabs. */
  remember(reload: Reload): void {
    const before = reload.keep('screens', () => this.#notes());
    const tabs = (Array.isArray(before) ? before : []).map(
      ({ workspace, subject, isInFront }) => [this.#tab(workspace, subject), isInFront] as const
    );
    const last = tabs.find(([, isInFront]) => isInFront) ?? tabs.at(-1);
    if (last) {
      this.#shell.reopen(last[0]);
    }
  }

  /** The tab in use; null where it is none of ours. */
  get node(): Element | null {
    const { current } = this.#shell;
    const content: unknown = current instanceof MainAreaWidget ? current.content : null;
    return content instanceof ScreenWidget ? content.node : null;
  }

  open(workspace: string, subject: Subject): void {
    this.show(workspace, subject);
  }

  show(workspace: string, subject: Subject): Tab {
    const tab = this.#tab(workspace, subject);
    this.#shell.activate(tab);
    return tab;
  }

  #tab(workspace: string, subject: Subject): Tab {
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
    if (tab.parent === null) {
      this.#shell.addTab(tab);
    }
    return tab;
  }

  #notes(): Note[] {
    const notes: Note[] = [];
    for (const tracker of this.#trackers.values()) {
      tracker.forEach(({ content: { workspace, subject }, isVisible }) =>
        notes.push({ workspace, subject, isInFront: isVisible })
      );
    }
    return notes;
  }
}

function argsOf(workspace: string, subject: Subject): ReadonlyJSONObject {
  return JSON.parse(JSON.stringify({ ...subject, workspace, kind: undefined })) as JSONObject;
}

function keyOf(workspace: string, { kind, ...fields }: Subject): string {
  return JSON.stringify([kind, workspace, fields]);
}
