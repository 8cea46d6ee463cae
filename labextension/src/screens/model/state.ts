// What the screen of a model shows, and what the reader chose.
import type { ModelView } from '../../contract.gen';
import type { Host, Link, Subject, Translate } from '../../ui/host';
import type { Store } from '../../ui/store';
import type { Embedded } from '../runs/below';

export interface ModelState {
  view: ModelView;
  link: Link;
  /** Whether the view came from the host, rather than with the page. */
  isFresh: boolean;
  tab: string;
  isEdited: boolean;
  /** Whether the reader is asked if the version is to be deleted. */
  isDeleting: boolean;
  /** What was done, or could not be done. */
  notice: { text: string; isBad: boolean } | null;
  /** The version that this one is compared with; null is the one before it. */
  other: number | null;
  /** What is shown below, where the host has no place of its own for it. */
  shown: Embedded | null;
}

export interface Scene {
  readonly host: Host;
  readonly t: Translate;
  readonly store: Store<ModelState>;
  /** Take over what the reader chose, and draw it at once. */
  choose(change: Partial<ModelState>): void;
  /** Show another version of the name in the place of this one. */
  show(version: number): Promise<void>;
  /** Open another screen: in a tab, or below where there are none. */
  open(subject: Subject, title: string): void;
}

export const initial = (view: ModelView): ModelState => ({
  ...{ view, link: 'live', isFresh: false, tab: 'overview', isEdited: false, isDeleting: false },
  ...{ notice: null, other: null, shown: null }
});

/** Whether the version can be changed: the host answers, and it is there. */
export function canChange({ link, isFresh }: ModelState): boolean {
  return link === 'live' && isFresh;
}
