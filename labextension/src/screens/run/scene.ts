// What the parts of one panel share.
import type { Host, Link, Translate } from '../../ui/host';
import type { GhostView } from '../../contract.gen';
import type { CurveBook } from './curve';

export interface Scene {
  readonly host: Host;
  readonly t: Translate;
  /** The id of the run. */
  readonly run: string;
  readonly book: CurveBook;
  link: Link;
  /** What the host said of the link. */
  message: string;
  /** Seconds by which the clock of this page is ahead of the run's. */
  skew: number;
  /** The best and the previous run, asked for once. */
  ghosts(): Promise<GhostView[]>;
  /** Take over what an answer told of the status. */
  told(status: string, reason: string): void;
  openTab(id: string): void;
}
