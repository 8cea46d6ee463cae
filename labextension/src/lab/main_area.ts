// Screens as tabs of JupyterLab's main area, each subject once; they are there again after a reload.
import type { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { oneLine } from '../ui/format';
import type { Subject as PlainSubject } from '../ui/host';
import { COMMAND } from './command';
import type { Front, Places } from './front';
import { dataIcon, runsIcon } from './icon';
import type { Subject } from './screen';
import { Screen } from './screen';

const COMMANDS: Record<Subject['kind'], string> = {
  run: COMMAND.openRun,
  runs: COMMAND.openRuns,
  compare: COMMAND.compareRuns,
  dataset: COMMAND.openDataset
};

class ScreenWidget extends Widget {
  private readonly screen: Screen;

  constructor(
    front: Front,
    readonly subject: Subject
  ) {
    super();
    this.addClass('aml-lab-screen');
    this.node.tabIndex = -1;
    this.title.label = front.t('Azure ML runs');
    this.title.icon = subject.kind === 'dataset' ? dataIcon : runsIcon;
    this.title.closable = true;
    this.screen = new Screen(this.node, front, subject, title => {
      this.title.label = oneLine(title);
    });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.screen.dispose();
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    this.node.focus();
  }
}

type Tab = MainAreaWidget<ScreenWidget>;

export class MainArea implements Places {
  private readonly trackers: Record<Subject['kind'], WidgetTracker<Tab>>;

  constructor(
    private readonly shell: ILabShell,
    private readonly front: Front
  ) {
    const tracker = (kind: string): WidgetTracker<Tab> =>
      new WidgetTracker<Tab>({ namespace: `aml-magics-${kind}` });
    this.trackers = {
      run: tracker('run'),
      runs: tracker('runs'),
      compare: tracker('compare'),
      dataset: tracker('dataset')
    };
  }

  /** Bring back the tabs of before the reload. */
  restore(restorer: ILayoutRestorer): void {
    for (const [kind, tracker] of Object.entries(this.trackers)) {
      void restorer.restore(tracker, {
        command: COMMANDS[kind as Subject['kind']],
        args: tab => argsOf(tab.content.subject),
        name: tab => keyOf(tab.content.subject)
      });
    }
  }

  open(workspace: string, subject: PlainSubject): void {
    this.show({ ...subject, workspace } as unknown as Subject);
  }

  show(subject: Subject): Tab {
    const tracker = this.trackers[subject.kind];
    const key = keyOf(subject);
    let tab = tracker.find(one => keyOf(one.content.subject) === key);
    if (!tab) {
      const content = new ScreenWidget(this.front, subject);
      tab = new MainAreaWidget({ content });
      tab.title.closable = true;
      tab.toolbar.hide(); // It is empty, and would be drawn as a strip.
      void tracker.add(tab);
    }
    if (!tab.isAttached) {
      this.shell.add(tab, 'main');
    }
    this.shell.activateById(tab.id);
    return tab;
  }
}

function argsOf(subject: Subject): ReadonlyJSONObject {
  const args = JSON.parse(JSON.stringify(subject)) as JSONObject;
  delete args['kind'];
  return args;
}

function keyOf({ kind, workspace, ...rest }: Subject): string {
  return JSON.stringify([kind, workspace, rest]);
}
