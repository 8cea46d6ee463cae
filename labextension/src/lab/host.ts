// The host of a screen in JupyterLab: data from the server, places in the shell.
import type { Answers, Events, Questions, Subjects } from '../contract.gen';
import { entryOf } from '../screens/registry';
import type {
  Host,
  Kept,
  Listener,
  Selection,
  Subject,
  Subscription,
  Translate,
  Workspaces
} from '../ui/host';
import { drawingOf, Place } from '../ui/place/place';
import { Refusal } from '../ui/place/retry';
import type { Mount, ScreenEntry } from '../ui/screen';
import type { Front } from './front';
import '../style/base.css';

export class LabHost implements Host {
  readonly #front: Front;
  readonly #node: Element;
  readonly workspace: string;
  readonly selection?: Selection;
  readonly kept?: Kept;

  /**
   * @param node what the screen is in: it is followed only while this can be seen.
   * @param selection what the kernel shares, where it shares something.
   * @param kept where an output keeps how it is shown.
   */
  constructor(front: Front, workspace: string, node: Element, selection?: Selection, kept?: Kept) {
    this.#front = front;
    this.workspace = workspace;
    this.#node = node;
    this.selection = selection;
    this.kept = kept;
  }

  get t(): Translate {
    return this.#front.t;
  }

  ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return this.#front.source.ask(this.workspace, kind, question);
  }

  follow<K extends keyof Subjects>(
    kind: K,
    subject: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>
  ): Subscription {
    return this.#front.source.follow(this.workspace, kind, subject, token, listener, this.#node);
  }

  watchEdits(run: string, edited: () => void): () => void {
    const isThis = (edit: { workspace: string; id: string }): boolean =>
      edit.workspace === this.workspace && edit.id === run;
    return this.#front.activity.watchEdits(edits => edits.some(isThis) && edited());
  }

  fileUrl = (run: string, file: string): string => {
    try {
      return this.#front.source.fileUrl(this.workspace, run, file);
    } catch {
      // A name of which no address can be made: the link leads nowhere.
      return '#';
    }
  };

  embed(parent: HTMLElement, subject: Subject, selection?: Selection): { dispose(): void } {
    return showSubject(this.#front, parent, this.workspace, subject, { selection });
  }

  look = (subject: Subject | null): void =>
    this.#front.focus.look(this.#node, this.workspace, subject);

  get open(): ((subject: Subject) => void) | undefined {
    const { places } = this.#front;
    return places ? subject => places.open(this.workspace, subject) : undefined;
  }

  get design(): ((run: string) => void) | undefined {
    const { design } = this.#front;
    return design ? run => design(this.workspace, run) : undefined;
  }

  get insert(): ((code: string, isRun: boolean) => void) | undefined {
    const { notebooks, t } = this.#front;
    return notebooks
      ? (code, isRun) => {
          if (!notebooks.insert(this.#node, code, isRun)) {
            throw new Error(t('Open a notebook first: the code goes below its active cell.'));
          }
        }
      : undefined;
  }

  get workspaces(): Workspaces {
    const { source, activity } = this.#front;
    return {
      names: () => source.workspaces(),
      at: name => new LabHost(this.#front, name, this.#node),
      watch: changed => activity.watch(changed)
    };
  }
}

/** Load the code of a screen; a chunk that does not come is a failure like any other. */
export async function loadScreen(entry: ScreenEntry, t: Translate): Promise<{ mount: Mount }> {
  try {
    const [screen] = await Promise.all([entry.load(), import('../style/screens.css')]);
    return screen;
  } catch (error) {
    console.error(`aml_magics: the screen ${entry.kind} could not be loaded.`, error);
    throw new Refusal(
      'away',
      t(
        'The code of this screen could not be loaded. If aml_magics was updated, save your work and reload the page.'
      )
    );
  }
}

export interface Shown {
  selection?: Selection;
  /** Called with the title, once it is known. */
  titled?(title: string): void;
}

/** Draw what a subject looks like now, and follow it; what is not there says so, and can be tried again. */
export function showSubject(
  front: Front,
  node: HTMLElement,
  workspace: string,
  subject: Subject,
  { selection, titled }: Shown = {}
): { dispose(): void } {
  const { t } = front;
  const place = new Place(node, t);
  const host = new LabHost(front, workspace, node, selection);
  const entry = entryOf(subject.kind);
  if (entry === null) {
    place.say(t('There is no screen “%1” in this version of aml_magics.', subject.kind));
    return { dispose: () => place.clear() };
  }
  const load = (): Promise<{ mount: Mount }> => loadScreen(entry, t);
  let isOver = false;
  const draw = (): void => {
    if (!isOver) {
      void place.draw(async () => {
        const drawing = await drawingOf(entry, subject, host, load, selection);
        titled?.(entry.title(drawing.snapshot, subject, t));
        return drawing;
      });
    }
  };
  front.focus.mark(node, { workspace, subject, renew: draw });
  draw();
  return {
    dispose: () => {
      isOver = true;
      front.focus.mark(node, null);
      place.clear();
    }
  };
}
