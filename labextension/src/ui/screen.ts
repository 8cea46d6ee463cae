// What a screen is to the hosts. `screens/<noun>/index.ts` exports one of these by default; hosts name no kind.
import type { Host, Selection, Subject, Translate } from './host';
import type { Snapshot } from './place/snapshot';

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

/** Its functions may name the type of their own snapshots and subjects. */
export interface ScreenEntry {
  /** The name of the screen: of its subjects, of its question, of what is followed. */
  readonly kind: string;
  /** The type of the outputs that hold a snapshot of it; null where no output does. */
  readonly mime: string | null;
  /** An SVG, 16 by 16. */
  readonly icon: string;
  /** Load the code, which is a chunk of its own. */
  load(): Promise<{ readonly mount: Mount }>;
  /** What a snapshot is of: as long as this stays, a newer one is an update. */
  subjectOf(snapshot: Snapshot): Subject;
  /** Ask for what a subject looks like now. */
  snapshot(host: Host, subject: Subject): Promise<Snapshot>;
  title(snapshot: Snapshot, subject: Subject, t: Translate): string;
  /**
   * Whether nothing more is to come of what a snapshot shows. Until then a notebook with it is worth saving.
   * A screen without this never ends, and nobody waits for its end.
   */
  isOver?(snapshot: Snapshot): boolean;
  /** Whether it stands at JupyterLab's side rather than in a tab. */
  readonly isAtSide?: boolean;
  /** The command that opens it; without one the screen is opened from others alone. */
  readonly command?: OpenCommand;
  /** What can be done with what it shows, from the palette and by keys. */
  readonly actions?: readonly ScreenAction[];
}

/** How an action speaks with the user; what is asked is null where the user lets it be. */
export interface User {
  ask(title: string, value: string, isLong?: boolean): Promise<string | null>;
  pick(title: string, items: readonly string[]): Promise<number | null>;
  /** Say what was done, with a button that undoes it. */
  tell(text: string, undo?: () => Promise<void>): void;
}

export interface ScreenAction {
  /** Others call it by this; so it stays. */
  readonly id: string;
  readonly label: string;
  /** Where a tab of the screen has the focus, as JupyterLab writes keys: `Accel Alt R`. */
  readonly keys?: readonly string[];
  /** Whether it is of the whole workspace rather than of one subject. */
  readonly isOfAll?: boolean;
  act(host: Host, subject: Subject, user: User): Promise<void>;
}

export interface OpenCommand {
  /** Others call it by this; so it stays. */
  readonly id: string;
  readonly label: string;
  readonly caption?: string;
  /** Whether JupyterLab's launcher offers it. */
  readonly isInLauncher?: boolean;
  /** The subject of a command's arguments, which may be anything; null where they do not say enough. */
  subjectOf(args: Readonly<Record<string, unknown>>): Subject | null;
  /** What to ask the user where the arguments do not say which. */
  readonly question?: {
    readonly title: string;
    readonly label: string;
    /** Of what the user picks one; without this the user types a text. */
    choices?(host: Host): Promise<string[]>;
    /** The subject of what was typed or picked, which is not empty. */
    answered(text: string): Subject;
  };
}

/** A text that is one, and not empty; for arguments of commands, which may be anything. */
export function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The same for a list of texts. */
export function textsIn(value: unknown): string[] | null {
  return Array.isArray(value) && value.length > 0 && value.every(textIn)
    ? (value as string[])
    : null;
}
