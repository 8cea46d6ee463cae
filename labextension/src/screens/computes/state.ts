// What the screen of compute targets knows, and what it asks for.
import type { ComputesView, ComputeView } from '../../contract.gen';
import { printable, wordsOf } from '../../ui/format';
import type { Host, Link } from '../../ui/host';
import type { Store } from '../../ui/store';

export interface ComputesState {
  readonly view: ComputesView;
  readonly link: Link;
  readonly message: string;
  /** Why what was asked last could not be done, and of which target it was asked. */
  readonly problem: { readonly compute: string; readonly text: string } | null;
  /** The runs that were asked to end. */
  readonly stopping: ReadonlySet<string>;
}

export interface Scene {
  readonly host: Host;
  readonly store: Store<ComputesState>;
}

export interface Scale {
  readonly min_nodes: number;
  readonly max_nodes: number;
  readonly idle_seconds: number;
}

/** Whether something can be asked for: nothing can of what is gone, or only kept in a file. */
export function canAct({ link }: ComputesState): boolean {
  return !['still', 'gone', 'ended'].includes(link);
}

/** Change the limits of a cluster; returns why that could not be done. */
export async function rescale(
  { host, store }: Scene,
  compute: string,
  scale: Scale
): Promise<string | null> {
  try {
    const { rows } = await host.ask('compute_scale', { compute, ...scale });
    store.set(({ view }) => ({ view: { ...view, rows: replaced(view.rows, rows) } }));
    return null;
  } catch (error) {
    return printable(wordsOf(error));
  }
}

/** Start, stop or delete a target. */
export async function change(
  { host, store }: Scene,
  compute: string,
  state: 'start' | 'stop' | 'delete'
): Promise<void> {
  try {
    const { rows } = await host.ask('compute_state', { compute, state });
    store.set(({ view }) => ({
      ...{ problem: null },
      view: {
        ...view,
        rows:
          state === 'delete'
            ? view.rows.filter(({ name }) => name !== compute)
            : replaced(view.rows, rows)
      }
    }));
  } catch (error) {
    store.set({ problem: { compute, text: printable(wordsOf(error)) } });
  }
}

/** End a run, wherever it is in the queue. */
export async function stop({ host, store }: Scene, compute: string, run: string): Promise<void> {
  const without = (): Set<string> => new Set([...store.state.stopping].filter(id => id !== run));
  store.set({ problem: null, stopping: new Set([...store.state.stopping, run]) });
  try {
    await host.ask('cancel', { run });
  } catch (error) {
    const text = host.t('The run could not be canceled: %1', printable(wordsOf(error)));
    store.set({ problem: { compute, text }, stopping: without() });
  }
}

function replaced(rows: ComputeView[], newer: ComputeView[]): ComputeView[] {
  const byName = new Map(newer.map(row => [row.name, row]));
  return rows.map(row => byName.get(row.name) ?? row);
}
