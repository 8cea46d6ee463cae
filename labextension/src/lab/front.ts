// What the parts of the extension share.
import type { Subject, Translate } from '../ui/host';
import type { Focus } from './focus';
import type { Activity } from './server/activity';
import type { KernelSession } from './notebook/kernel';
import type { ViewOfType } from './notebook/memory';
import type { Source } from './server/source';

/** Where screens can be opened beside the notebook. */
export interface Places {
  open(workspace: string, subject: Subject): void;
}

/** The notebooks of the page. */
export interface Notebooks {
  /** Put code below the active cell of the notebook that holds `node`, or of the one in use, and run it where asked. */
  insert(near: Node | null, code: string, isRun: boolean): boolean;
  /** The kernel of the notebook that holds `node`. */
  session(node: Node): KernelSession | null;
  /** Save the notebook that holds `node`, where something in it is not saved and it is saved by itself now and then. */
  save(node: Node): void;
  /**
   * Remember what the output that holds `node` shows, so that a reload of the page brings it back though nobody
   * has saved the notebook; returns what forgets it, or null where `node` is in no notebook.
   * @param subject tells it from the other outputs of its cell.
   */
  hold(node: Node, subject: string, data: Readonly<Record<string, unknown>>): (() => void) | null;
  /** The same for how the output is shown. */
  holdView(node: Node, subject: string, held: ViewOfType): void;
}

/** `places`, `notebooks` and `design` are there once something has put them there. */
export interface Front {
  readonly source: Source;
  readonly activity: Activity;
  readonly t: Translate;
  readonly focus: Focus;
  places: Places | null;
  notebooks: Notebooks | null;
  /** Open the pipeline of a run in the designer, as a new file. */
  design: ((workspace: string, run: string) => void) | null;
}
