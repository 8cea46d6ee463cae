// What a screen needs of the place that it is shown in. A screen knows no host but this.
import type { ActiveRunView, Answers, Events, Questions, Subjects } from '../contract.gen';

export type { ActiveRunView as ActiveRun };

/** A sentence in the user's language; `%1`, `%2` … stand for the arguments. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/**
 * How a screen stands to what it shows: `live` is told of changes, `detached` keeps the last data while
 * the host tries again by itself, `ended` has all there will be, `gone` shows what was deleted,
 * `still` cannot be told of anything (a file that is looked at).
 */
export type Link = 'connecting' | 'live' | 'detached' | 'ended' | 'gone' | 'still';

export interface Listener<E> {
  event(event: E): void;
  link(link: Link, message?: string): void;
}

export interface Subscription {
  stop(): void;
}

/** Runs that the user picked, shared with Python where the host can. */
export interface Selection {
  get(): string[];
  set(ids: string[]): void;
  /** Called when the other side changes it; returns what ends that. */
  subscribe(changed: (ids: string[]) => void): () => void;
}

/**
 * How screens are shown, by their kinds, as the user chose it: kept with the output or the widget that shows
 * them. What comes back may be of anybody: `ViewMemory` reads it.
 */
export interface Kept {
  get(kind: string): unknown;
  set(kind: string, view: unknown): void;
}

/** What a screen shows: its kind, and the fields that its question takes. As JSON it brings the screen back. */
export interface Subject {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** All that a host can reach, where it is more than one workspace. */
export interface Workspaces {
  /** Their names, the user's default first. */
  names(): Promise<string[]>;
  /** The same place with the data of another workspace. */
  at(name: string): Host;
  /** Called with what runs in all of them, now and at each change; returns what ends that. */
  watch(changed: (runs: readonly ActiveRunView[]) => void): () => void;
}

export interface Host {
  readonly t: Translate;
  /** The name of the workspace whose data is shown. */
  readonly workspace: string;
  /** Rejects with an Error whose message a user can read. */
  ask<K extends keyof Questions>(kind: K, question: Questions[K]): Promise<Answers[K]>;
  /** Follow from the state that `token` names, or from the start. */
  follow<K extends keyof Subjects>(
    kind: K,
    subject: Subjects[K],
    token: string | null,
    listener: Listener<Events[K]>
  ): Subscription;
  /** Called when an ended run was renamed, tagged, deleted or the like elsewhere; returns what ends that. */
  watchEdits?(run: string, edited: () => void): () => void;
  /** Draw another screen in `parent`; a selection is shared with it where one is given. */
  embed(parent: HTMLElement, subject: Subject, selection?: Selection): { dispose(): void };
  /** Show another screen, where the host has a place for it: a tab of its own. */
  open?(subject: Subject): void;
  /** Open the pipeline of a run in the designer, where there is one: as a new file. */
  design?(run: string): void;
  /** Tell that the user is at a line of the screen that is about something of its own, or at none; commands ask. */
  look?(subject: Subject | null): void;
  /** Put code below the active cell of the notebook, and run it where asked; throws an Error that a user can read. */
  insert?(code: string, isRun: boolean): void;
  /** The address under which a file can be downloaded, where there is one. */
  fileUrl?(run: string, file: string): string;
  readonly selection?: Selection;
  /** Where the place keeps how its screen is shown. */
  readonly kept?: Kept;
  readonly workspaces?: Workspaces;
}

/** `text` as it stands, with the values in place of `%1`, `%2` …: what a host without a language uses. */
export function plainly(text: string, ...values: (string | number)[]): string {
  return text.replace(/%(\d)/g, (whole, place: string) => {
    const value = values[Number(place) - 1];
    return value === undefined ? whole : String(value);
  });
}
