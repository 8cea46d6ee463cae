// The screen of compute targets: the nodes of each, and the runs that have them or wait for them.
import type { JSX } from 'preact';
import type { ComputesView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import type { ComputesState, Scene } from './state';
import { Target } from './target';

export const mount: Mount = (parent, snapshot, host) => {
  const view = snapshot.view as ComputesView;
  const { t } = host;
  const store = new Store<ComputesState>({
    ...{ view, link: 'connecting', message: '', problem: null, stopping: new Set<string>() }
  });
  const scene: Scene = { host, store };
  const label = view.only ? t('Compute %1', oneLine(view.only)) : t('Compute');
  const root = makeRoot(parent, 'aml-computes', label, () => (
    <Targets scene={scene} state={store.state} />
  ));
  const unsubscribe = store.subscribe(() => root.request());
  const subscription = host.follow('computes', { compute: view.only }, null, {
    event: event =>
      event.type === 'gone'
        ? store.set({ link: 'gone', message: event.message })
        : store.set({ view: event.view, link: 'live', message: '' }),
    link: (link, message = '') => store.set({ link, message })
  });
  return {
    update: newer => {
      if (store.state.link !== 'live') {
        store.set({ view: newer.view as ComputesView });
      }
    },
    dispose: () => {
      subscription.stop();
      unsubscribe();
      root.dispose();
    }
  };
};

function Targets({ scene, state }: { scene: Scene; state: ComputesState }): JSX.Element {
  const { t } = scene.host;
  const { view, link, message } = state;
  const isAlone = view.only === '' && view.rows.every(({ name }) => name === 'local');
  return (
    <>
      {view.only === '' && <h2 class="aml-computes-title">{t('Compute')}</h2>}
      <LinkLine {...{ t, link, message }} />
      {view.rows.map(row => (
        <Part key={row.name} t={t}>
          <Target scene={scene} state={state} row={row} />
        </Part>
      ))}
      {isAlone && (
        <Muted>
          {t(
            'No compute targets yet. ComputeTarget.create(ws, "cpu-cluster", AmlCompute.provisioning_configuration(max_nodes=2)) makes one.'
          )}
        </Muted>
      )}
    </>
  );
}
