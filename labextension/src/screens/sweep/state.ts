// What the screen of a sweep knows, and what it asks for.
import type { SweepView } from '../../contract.gen';
import { firstState, type CompareState, type Scene as CompareScene } from '../compare/state';
import type { Picked } from '../runs/selection';
import { printable, wordsOf } from '../../ui/format';
import type { Sort } from '../../ui/grid';
import type { Host, Link } from '../../ui/host';
import type { Store } from '../../ui/store';
import { comparisonOf, earlyOf } from './trials';

export interface SweepState {
  readonly view: SweepView;
  /** When the view came, by this clock. */
  readonly at: number;
  readonly link: Link;
  readonly message: string;
  readonly tab: string;
  readonly sort: Sort;
  /** Whether the table shows the selected trials alone. */
  readonly isOnly: boolean;
  readonly isCanceling: boolean;
  /** Why what was asked last could not be done. */
  readonly problem: string;
}

export interface Scene {
  readonly host: Host;
  readonly store: Store<SweepState>;
  /** The trials that are brushed or picked; shared with Python where the host can. */
  readonly picked: Picked;
  /** The trials as a comparison, for the pictures that both have. */
  readonly compared: CompareScene;
}

/** The state of the pictures; each view of the sweep gives them another comparison. */
export function comparedState(view: SweepView, host: Host): CompareState {
  const first = { version: 1, workspace: host.workspace, view: comparisonOf(view, host.t) };
  return { ...firstState(first), early: earlyOf(view) };
}

/** Whether something can be asked for: nothing can of what is gone, or only kept in a file. */
export function canAct({ link }: SweepState): boolean {
  return link !== 'still' && link !== 'gone';
}

/** Put the values of a trial into the notebook, those of the best without a number. */
export async function insertValues({ host, store }: Scene, trial?: number): Promise<void> {
  const { id } = store.state.view;
  try {
    const code = await host.ask('trial_code', { run: id, trial });
    host.insert?.(code, false);
    store.set({ problem: '' });
  } catch (error) {
    store.set({ problem: printable(wordsOf(error)) });
  }
}

/** End the sweep with all of its trials. */
export async function cancelSweep({ host, store }: Scene): Promise<void> {
  store.set({ problem: '', isCanceling: true });
  try {
    await host.ask('cancel', { run: store.state.view.id });
  } catch (error) {
    const text = host.t('The sweep could not be canceled: %1', printable(wordsOf(error)));
    store.set({ problem: text, isCanceling: false });
  }
}

/** Seconds from one moment to another, or to now; null where either is unknown. */
export function secondsBetween(
  started: string | null,
  ended: string | number | null
): number | null {
  if (started === null || ended === null) {
    return null;
  }
  const until = typeof ended === 'number' ? ended : Date.parse(ended);
  return Math.max(0, (until - Date.parse(started)) / 1_000);
}

/** Seconds that are left now, of a view that came at a moment; null where nothing is known. */
export function secondsLeft({ view, at, link }: SweepState, now: number): number | null {
  if (view.seconds_left === null || view.is_terminal || link !== 'live') {
    return null;
  }
  const left = Math.round(view.seconds_left - (now - at) / 1_000);
  return left > 0 ? left : null;
}
