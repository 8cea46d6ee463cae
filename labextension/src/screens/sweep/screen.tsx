// A sweep, alive: its trials as a table and in pictures.
import type { JSX } from 'preact';
import type { SweepView } from '../../contract.gen';
import { useAsked } from '../compare/asked';
import { ImportanceAnswer } from '../compare/importance';
import { Opened } from '../compare/opened';
import { Parallel } from '../compare/parallel/parallel';
import { BestSoFar, Scatter } from '../compare/points/scatter';
import type { CompareState, Scene as CompareScene } from '../compare/state';
import { Picked } from '../runs/selection';
import { Part } from '../../ui/boundary';
import { nameOf, oneLine } from '../../ui/format';
import type { Host, Selection } from '../../ui/host';
import type { Snapshot } from '../../ui/place/snapshot';
import { makeRoot } from '../../ui/root';
import type { Mounted } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Head, type SweepProps } from './head';
import { comparedState, type Scene, type SweepState } from './state';
import { Table } from './table';
import { bestFirst, comparisonOf, earlyOf, merged, powersOf, trialWords } from './trials';

/** Trials that end before the importance of parameters is asked for again. */
const PATIENCE = 10;

export function mount(
  parent: HTMLElement,
  snapshot: Snapshot,
  host: Host,
  selection: Selection | undefined = host.selection
): Mounted {
  const { t } = host;
  const view = snapshot.view as SweepView;
  const store = new Store<SweepState>({
    ...{ view, at: Date.now(), link: 'connecting', message: '', tab: 'trials', problem: '' },
    ...{ sort: bestFirst(view), isOnly: false, isCanceling: false }
  });
  const picked = new Picked(selection, () => root.request());
  const pictures = new Store<CompareState>(comparedState(view, host));
  const scene: Scene = {
    host,
    store,
    picked,
    compared: comparedScene(host, pictures, picked, powersOf(view))
  };
  const root = makeRoot(parent, 'aml-sweep', t('Sweep %1', oneLine(nameOf(view))), () => (
    <Screen scene={scene} state={store.state} />
  ));
  const take = (newer: SweepView): void => {
    const { link } = store.state;
    store.set({ view: newer, at: Date.now(), link: link === 'connecting' ? 'live' : link });
    const version = pictures.state.version + 1;
    pictures.set({ view: comparisonOf(newer, t), early: earlyOf(newer), version });
  };
  const stops = [store.subscribe(() => root.request()), pictures.subscribe(() => root.request())];
  const subscription = host.follow('sweep', { run: view.id }, null, {
    event: event => {
      if (event.type === 'view') {
        take(event.view);
      } else if (event.type === 'trials') {
        take(merged(store.state.view, event.view));
      } else if (event.type === 'gone') {
        store.set({ link: 'gone', message: event.message });
      }
    },
    link: (link, message = '') => store.set({ link, message })
  });
  return {
    update: newer => {
      if (store.state.link !== 'live' && store.state.link !== 'ended') {
        take(newer.view as SweepView);
      }
    },
    dispose: () => {
      subscription.stop();
      stops.forEach(stop => stop());
      picked.dispose();
      root.dispose();
    }
  };
}

/** The place of the pictures that comparisons have, too. */
function comparedScene(
  host: Host,
  store: Store<CompareState>,
  selection: Selection,
  powers: ReadonlySet<string>
): CompareScene {
  const scene: CompareScene = {
    ...{ host, t: host.t, words: trialWords(host.t), selection, store, powers },
    change: part => store.set(part),
    open: ({ id }) =>
      host.open ? host.open({ kind: 'run', run: id }) : scene.change({ opened: id })
  };
  return scene;
}

function Screen({ scene, state }: SweepProps): JSX.Element {
  const { t } = scene.host;
  const tabs = tabsOf({ scene, state });
  return (
    <>
      <Part t={t}>
        <Head scene={scene} state={state} />
      </Part>
      <Tabset
        t={t}
        label={t('Ways to look at the trials')}
        tabs={tabs}
        open={state.tab}
        change={tab => scene.store.set({ tab })}
      />
      <Part t={t}>
        <Opened scene={scene.compared} />
      </Part>
    </>
  );
}

/** Only the tab that is open is drawn: a sweep of many trials opens with the rows that are seen. */
function tabsOf({ scene, state }: SweepProps): TabEntry[] {
  const { t } = scene.host;
  const { compared } = scene;
  const count = String(state.view.there);
  return [
    {
      ...{ id: 'trials', title: t('Trials'), note: { text: count, spoken: count } },
      draw: () => <Table scene={scene} state={state} />
    },
    { id: 'best', title: t('Best so far'), draw: () => <BestSoFar scene={compared} /> },
    { id: 'parallel', title: t('Parallel'), draw: () => <Parallel scene={compared} /> },
    { id: 'scatter', title: t('Scatter'), draw: () => <Scatter scene={compared} /> },
    {
      ...{ id: 'importance', title: t('Importance') },
      draw: () => <Importance scene={scene} state={state} />
    }
  ];
}

function Importance({ scene, state }: SweepProps): JSX.Element {
  const { host } = scene;
  const { view } = state;
  const turn = view.is_terminal ? 'end' : String(Math.floor(view.done / PATIENCE));
  const asked = useAsked(host, 'sweep_importance', { run: view.id }, turn);
  return (
    <>
      <h3>{host.t('Parameters that matter')}</h3>
      <ImportanceAnswer
        t={host.t}
        words={scene.compared.words}
        metric={view.metric}
        asked={asked}
      />
    </>
  );
}
