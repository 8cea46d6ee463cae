// One output of a notebook: draws what it holds, and never lets a failure out.
import { mountCompare, mountRun, mountRunTable } from '../ui';
import { element, fill } from '../ui/element';
import type {
  CompareSnapshot,
  DatasetSnapshot,
  Mounted,
  RunSnapshot,
  RunTableSnapshot,
  Snapshot
} from '../ui/snapshot';
import { MIME, problemOf, unpacked, VERSION } from '../ui/snapshot';
import { dataScreen } from './data_screen';
import type { Front } from './front';
import { LabHost } from './host';
import { KernelSelection } from './kernel';

/** The output's `text/html`, drawn as JupyterLab draws any HTML. */
export interface HtmlPart {
  show(): Promise<void>;
  hide(): void;
}

type AnySnapshot = RunSnapshot | RunTableSnapshot | CompareSnapshot | DatasetSnapshot;

/** Milliseconds that a run goes on before its panel is worth to be saved with the notebook. */
const SETTLED = 1_000;

export class Output {
  private mounted: Mounted<AnySnapshot> | null = null;
  private selection: KernelSelection | null = null;
  private subject = '';
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Changes when what is drawn does: a screen that is still loaded may come too late. */
  private turn = 0;

  constructor(
    private readonly node: HTMLElement,
    private readonly mime: string,
    private readonly front: Front,
    private readonly html: HtmlPart
  ) {}

  /** Draw a bundle; a newer state of what is drawn already changes it in place. */
  async render(data: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      await this.draw(data);
    } catch (error) {
      console.error('aml_magics: an output could not be drawn.', error);
      const reason = error instanceof Error ? error.message : String(error);
      this.say(this.front.t('This output could not be drawn: %1', reason));
    }
  }

  /** The node is in a notebook. */
  attached(): void {
    this.selection?.connect();
  }

  dispose(): void {
    this.turn += 1;
    try {
      this.mounted?.dispose();
    } catch (error) {
      console.error('aml_magics: an output could not be put away.', error);
    }
    this.mounted = null;
    this.subject = '';
    clearTimeout(this.timer ?? undefined);
    this.selection?.dispose();
    this.selection = null;
  }

  private async draw(data: Readonly<Record<string, unknown>>): Promise<void> {
    const { t } = this.front;
    const held = data[this.mime] as Partial<Snapshot<unknown>> | null | undefined;
    if (typeof held?.version === 'number' && held.version > VERSION) {
      this.dispose();
      fill(this.node);
      if (data['text/html']) {
        await this.html.show();
      } else {
        this.say(
          t('This output was made by a newer version of aml_magics: update it to see the output.')
        );
      }
      return;
    }
    const snapshot = unpacked(held);
    const problem = problemOf(snapshot);
    if (problem !== null) {
      this.say(t(problem));
      return;
    }
    const subject = subjectOf(this.mime, snapshot as AnySnapshot);
    if (this.mounted && subject === this.subject) {
      if (!goesOn(this.mime, snapshot as AnySnapshot)) {
        clearTimeout(this.timer ?? undefined);
      }
      this.mounted.update(snapshot as AnySnapshot);
      return;
    }
    this.dispose();
    this.html.hide();
    fill(this.node);
    this.subject = subject;
    if (this.mime === MIME.dataset) {
      await this.mountData(snapshot as DatasetSnapshot);
    } else {
      this.mounted = this.mount(snapshot as AnySnapshot);
    }
    if (goesOn(this.mime, snapshot as AnySnapshot)) {
      // Else a reload of the page would lose the panel, as long as nobody has saved the notebook.
      this.timer = setTimeout(() => this.front.notebooks?.save(this.node), SETTLED);
    }
  }

  private async mountData(snapshot: DatasetSnapshot): Promise<void> {
    const { front, node, turn } = this;
    fill(node, element('div', { class: 'aml-ui aml-muted' }, [front.t('Loading…')]));
    const mountDataset = await dataScreen(front.t);
    if (turn === this.turn) {
      fill(node);
      this.mounted = mountDataset(
        node,
        snapshot,
        new LabHost(front, snapshot.workspace, node)
      ) as Mounted<AnySnapshot>;
    }
  }

  private mount(snapshot: AnySnapshot): Mounted<AnySnapshot> {
    const { front, node } = this;
    if (snapshot.widget !== undefined) {
      this.selection = new KernelSelection(
        snapshot.widget,
        () => front.notebooks?.session(node) ?? null
      );
      if (node.isConnected) {
        this.selection.connect();
      }
    }
    const host = new LabHost(front, snapshot.workspace, node, this.selection ?? undefined);
    switch (this.mime) {
      case MIME.run:
        return mountRun(node, snapshot as RunSnapshot, host) as Mounted<AnySnapshot>;
      case MIME.runTable:
        return mountRunTable(node, snapshot as RunTableSnapshot, host) as Mounted<AnySnapshot>;
      default:
        return mountCompare(node, snapshot as CompareSnapshot, host) as Mounted<AnySnapshot>;
    }
  }

  private say(text: string): void {
    this.dispose();
    this.html.hide();
    fill(
      this.node,
      element('div', { class: 'aml-ui' }, [
        element('div', { class: 'aml-message aml-bad' }, [text])
      ])
    );
  }
}

function goesOn(mime: string, snapshot: AnySnapshot): boolean {
  return mime === MIME.run && !(snapshot as RunSnapshot).view.is_terminal;
}

/** What a snapshot is of: as long as this stays, a newer one is an update. */
function subjectOf(mime: string, snapshot: AnySnapshot): string {
  const { workspace, widget } = snapshot;
  const of =
    mime === MIME.run || mime === MIME.dataset
      ? (snapshot as RunSnapshot | DatasetSnapshot).view.id
      : mime === MIME.runTable
        ? (snapshot as RunTableSnapshot).query
        : (snapshot as CompareSnapshot).view.runs.map(run => run.id);
  return JSON.stringify([workspace, widget ?? null, of]);
}
