// What a screen is to the hosts. `screens/<noun>/index.ts` exports one of these; hosts name no kind.
import type { Host, Selection, Subject, Translate } from './host';
import type { Snapshot } from './snapshot';

/** A screen in the page. */
export interface Mounted {
  /** Take over a newer snapshot of the same subject, unless fresher data came from the host. */
  update(snapshot: Snapshot): void;
  dispose(): void;
}

/** Draw a snapshot in `parent`, and follow what it shows through the host. */
export type Mount = (
  parent: HTMLElement,
  snapshot: Snapshot,
  host: Host,
  selection?: Selection
) => Mounted;

export interface ScreenEntry {
  /** The name of the screen: of its subjects, of its question, of what is followed. */
  readonly kind: string;
  /** The type of the outputs that hold a snapshot of it; null where no output does. */
  readonly mime: string | null;
  /** An SVG, 16 by 16, in `currentColor`. */
  readonly icon: string;
  /** Load the code, which is a chunk of its own. */
  load(): Promise<{ readonly mount: Mount }>;
  /** What a snapshot is of: as long as this stays, a newer one is an update. */
  subjectOf(snapshot: Snapshot): Subject;
  /** Ask for what a subject looks like now. */
  snapshot(host: Host, subject: Subject): Promise<Snapshot>;
  title(snapshot: Snapshot, subject: Subject, t: Translate): string;
  /** Whether what a snapshot shows still goes on, so that a notebook that holds it is worth saving. */
  goesOn?(snapshot: Snapshot): boolean;
  /** The command that opens it; without one the screen is opened from others alone. */
  readonly command?: {
    label: string;
    caption?: string;
    /** Whether JupyterLab's launcher offers it. */
    isInLauncher?: boolean;
    /** The subject of a command's arguments, which may be anything; null where they do not say enough. */
    subjectOf(args: Readonly<Record<string, unknown>>): Subject | null;
    /** What to ask the user where the arguments do not say which: a text, or one of several. */
    question?: { title: string; label: string; choices?(host: Host): Promise<string[]> };
    /** The subject of what the user typed or picked. */
    answered?(text: string): Subject;
  };
}
