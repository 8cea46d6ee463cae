// One output of a notebook: draws what it holds, and never lets a failure out.
import { entryOfMime } from '../../screens/registry';
import { wordsOf } from '../../ui/format';
import { Place } from '../../ui/place/place';
import type { ScreenEntry } from '../../ui/screen';
import type { Snapshot } from '../../ui/place/snapshot';
import { problemOf, unpacked, VERSION } from '../../ui/place/snapshot';
import type { Front } from '../front';
import { LabHost, loadScreen } from '../host';
import { subjectText, type Bundle } from './bundle';
import { OutputKept, type OutputModel } from './kept';
import { KernelSelection, type KernelSession } from './kernel';

/** The output's `text/html`, drawn as JupyterLab draws any HTML. */
export interface HtmlPart {
  show(): Promise<void>;
  hide(): void;
}

/** Milliseconds that a run goes on before its panel is worth to be saved with the notebook. */
const SETTLED = 1_000;

export class Output {
  readonly #node: HTMLElement;
  readonly #mime: string;
  readonly #front: Front;
  readonly #html: HtmlPart;
  readonly #place: Place;
  #selection: KernelSelection | null = null;
  /** What is drawn, or loaded to be drawn. */
  #subject = '';
  #newest: Snapshot | null = null;
  #newestText = '';
  #kept: OutputKept | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is to be remembered until the notebook is saved, and what forgets it. */
  #held: Bundle | null = null;
  #forget: (() => void) | null = null;

  constructor(node: HTMLElement, mime: string, front: Front, html: HtmlPart) {
    this.#node = node;
    this.#mime = mime;
    this.#front = front;
    this.#html = html;
    this.#place = new Place(node, front.t, problem => this.#told(problem));
  }

  /**
   * Draw a bundle; a newer state of what is drawn already changes it in place.
   *
   * @param model the output, where it can keep how it is shown.
   */
  async render(data: Bundle, model: OutputModel | null = null): Promise<void> {
    try {
      await this.#draw(data, model);
    } catch (error) {
      console.error('aml_magics: an output could not be drawn.', error);
      this.#say(this.#front.t('This could not be drawn: %1', wordsOf(error)));
    }
  }

  /** The node is in a notebook. */
  attached(): void {
    this.#selection?.connect();
    this.#hold();
  }

  dispose(): void {
    this.#front.focus.mark(this.#node, null);
    this.#subject = '';
    this.#newest = null;
    this.#kept?.close();
    this.#kept = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forget?.();
    this.#forget = this.#held = null;
    this.#place.clear();
    this.#selection?.dispose();
    this.#selection = null;
  }

  async #draw(data: Bundle, model: OutputModel | null): Promise<void> {
    const { t } = this.#front;
    const held = data[this.#mime] as Partial<Snapshot> | null | undefined;
    const entry = entryOfMime(this.#mime);
    if (entry === null || (typeof held?.version === 'number' && held.version > VERSION)) {
      this.dispose();
      if (data['text/html']) {
        await this.#html.show();
      } else {
        this.#say(
          t('This output was made by a newer version of aml_magics: update it to see the output.')
        );
      }
      return;
    }
    const snapshot = unpacked(held);
    const problem = problemOf(snapshot);
    if (problem !== null) {
      this.#say(t(problem));
      return;
    }
    await this.#take(entry, snapshot as Snapshot, data, model);
  }

  async #take(
    entry: ScreenEntry,
    snapshot: Snapshot,
    data: Bundle,
    model: OutputModel | null
  ): Promise<void> {
    const subject = subjectText(entry, snapshot);
    const isSame = subject === this.#subject && (this.#kept?.take(model) ?? true);
    const text = JSON.stringify(snapshot);
    if (!isSame) {
      this.dispose();
      this.#html.hide();
      this.#subject = subject;
      this.#kept = new OutputKept(this.#mime, model, view =>
        this.#front.notebooks?.holdView(this.#node, subject, { mime: this.#mime, view })
      );
    } else if (text === this.#newestText) {
      return; // Only how it is shown has changed.
    } else {
      this.#place.update(snapshot);
    }
    this.#newest = snapshot;
    this.#newestText = text;
    this.#keep(entry.isOver?.(snapshot) ?? true, data);
    if (!isSame) {
      const { workspace, widget } = snapshot;
      this.#share(widget);
      const renew = (): void => {
        if (subject === this.#subject) {
          void this.#show(entry, workspace);
        }
      };
      this.#front.focus.mark(this.#node, { workspace, subject: entry.subjectOf(snapshot), renew });
      await this.#show(entry, workspace);
    }
  }

  /** A reload of the page would lose the panel, as long as nobody has saved the notebook. */
  #keep(isOver: boolean, data: Bundle): void {
    if (isOver) {
      clearTimeout(this.#timer);
    } else {
      this.#timer ??= setTimeout(() => this.#front.notebooks?.save(this.#node), SETTLED);
    }
    // The end of what is remembered is worth to be, too.
    if (!isOver || this.#held) {
      this.#held = data;
      this.#hold();
    }
  }

  #hold(): void {
    if (this.#held && this.#node.isConnected) {
      this.#forget = this.#front.notebooks?.hold(this.#node, this.#subject, this.#held) ?? null;
    }
  }

  /** The selection of the widget in the kernel, where the output is one. */
  #share(widget: string | undefined): void {
    if (widget !== undefined) {
      const session = (): KernelSession | null =>
        this.#front.notebooks?.session(this.#node) ?? null;
      this.#selection = new KernelSelection(widget, session);
      if (this.#node.isConnected) {
        this.#selection.connect();
      }
    }
  }

  #show(entry: ScreenEntry, workspace: string): Promise<void> {
    const front = this.#front;
    const [selection, kept] = [this.#selection ?? undefined, this.#kept ?? undefined];
    const host = new LabHost(front, workspace, this.#node, selection, kept);
    return this.#place.draw(async () => {
      const { mount } = await loadScreen(entry, front.t);
      return { mount, snapshot: this.#newest!, host };
    });
  }

  #told(problem: string | null): void {
    if (problem === null) {
      this.#html.hide();
      return;
    }
    // What was drawn for readers without scripts is better than nothing.
    this.#html
      .show()
      .catch(error => console.error('aml_magics: the HTML of an output is damaged.', error));
  }

  #say(text: string): void {
    this.dispose();
    this.#html.hide();
    this.#place.say(text);
  }
}
