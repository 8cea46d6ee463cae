// What the reader chose of the charts is kept with the workspace, for all runs of the experiment.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { printable, wordsOf } from '../../../ui/format';
import { NO_CHOICES, type ChartChoices } from './choices';
import type { Scene } from '../state';

const KIND = 'charts';
/** The view that the charts of an experiment come back to. */
const LAST = 'last';
const PAUSE = 1_000;

/**
 * Brings back what was chosen before, unless the reader chose already, and keeps what is chosen from then on;
 * returns why it cannot be kept.
 * Where the host keeps nothing, as of a file that is only looked at, the choices last as long as the screen.
 */
export function useKept({ store, host, choose, t }: Scene): string {
  const [problem, setProblem] = useState('');
  const { choices, view } = store.state;
  const scope = view.experiment;
  const known = useRef<ChartChoices>(choices);
  useEffect(() => {
    if (choices !== NO_CHOICES) {
      return;
    }
    host.ask('views', { kind: KIND, scope }).then(
      ({ views }) => {
        const kept = views.find(({ name }) => name === LAST)?.state;
        if (kept && store.state.choices === NO_CHOICES) {
          known.current = readChoices(kept);
          choose({ choices: known.current });
        }
      },
      () => undefined // What was kept is out of reach; what is chosen now says so when it is saved.
    );
  }, []);
  const pending = useRef<(() => void) | null>(null);
  useLayoutEffect(() => {
    pending.current = null;
    if (choices === known.current || isSame(choices, known.current)) {
      return;
    }
    const save = (): void => {
      pending.current = null;
      known.current = choices;
      if (store.state.link !== 'still') {
        const question = { kind: KIND, scope, name: LAST, state: stateOf(choices) };
        host.ask('save_view', question).then(
          () => setProblem(''),
          (error: unknown) =>
            setProblem(t('The charts cannot be kept: %1', printable(wordsOf(error))))
        );
      }
    };
    pending.current = save;
    const timer = setTimeout(save, PAUSE);
    return () => clearTimeout(timer);
  }, [choices]);
  // Who goes on to another tab within the pause has chosen, too.
  useLayoutEffect(() => () => pending.current?.(), []);
  return problem;
}

/** Zoom and filter are of this look alone. */
function stateOf(choices: ChartChoices): Record<string, unknown> {
  return { ...choices, zoom: null, filter: '' };
}

function isSame(one: ChartChoices, other: ChartChoices): boolean {
  return JSON.stringify(stateOf(one)) === JSON.stringify(stateOf(other));
}

/** The choices of a state, as far as it holds such; it may be of another version. */
export function readChoices(state: Record<string, unknown>): ChartChoices {
  const fields = Object.entries(NO_CHOICES).map(([name, usual]: [string, unknown]) => {
    const value = state[name];
    const isFit = typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
    return [name, isFit && value !== null ? value : usual];
  });
  return { ...(Object.fromEntries(fields) as ChartChoices), zoom: null, filter: '' };
}
