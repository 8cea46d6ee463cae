// Runs beside each other, alive.
import type { JSX } from 'preact';
import { Part } from '../../ui/boundary';
import { LinkLine, Message } from '../../ui/controls';
import type { Host } from '../../ui/host';
import { makeRoot } from '../../ui/root';
import type { Mounted } from '../../ui/screen';
import type { Snapshot } from '../../ui/place/snapshot';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Chips } from './chips';
import { Curves } from './curves/curves';
import { Difference } from './difference';
import { Images } from './images';
import { Importance } from './importance';
import { Objective } from './objective';
import { Opened } from './opened';
import { Parallel } from './parallel/parallel';
import { BestSoFar, Scatter } from './points/scatter';
import { choiceOf, memoryOf, stateOf } from './kept_view';
import type { CompareSnapshot, CompareState, Scene } from './state';
import { runWords } from './words';

/**
 * Draw the snapshot in `parent` and follow what it shows through the host. Runs that are picked become
 * the `selection`, which is that of the host unless another is given.
 */
export function mount(
  parent: HTMLElement,
  snapshot: Snapshot,
  host: Host,
  selection = host.selection
): Mounted {
  const { t } = host;
  const memory = memoryOf(host, snapshot as CompareSnapshot);
  const store = new Store<CompareState>(stateOf(snapshot as CompareSnapshot, memory));
  const scene: Scene = {
    host,
    t,
    words: runWords(t),
    selection,
    store,
    change: part => {
      store.set(part);
      memory.save(choiceOf(store.state));
      root.flush();
    },
    open: ({ id }) =>
      host.open ? host.open({ kind: 'run', run: id }) : scene.change({ opened: id })
  };
  const root = makeRoot(parent, 'aml-compare', t('Comparison of runs'), () => (
    <Screen scene={scene} />
  ));
  const unsubscribe = store.subscribe(() => root.request());
  const subscription = host.follow('compare', store.state.subject, null, {
    event: event => {
      const { version } = store.state;
      store.set({ version: version + 1, ...(event.type === 'view' ? { view: event.view } : {}) });
    },
    link: (link, message = '') => store.set({ link, message })
  });
  return {
    update: newer => {
      if (store.state.version === 0) {
        store.set({ view: (newer as CompareSnapshot).view });
      }
    },
    dispose: () => {
      memory.dispose();
      subscription.stop();
      unsubscribe();
      root.dispose();
    }
  };
}

function Screen({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { link, message, tab, notice } = store.state;
  const tabs = tabsOf(scene);
  return (
    <>
      <LinkLine t={t} link={link} message={message} isQuiet />
      {notice && (
        <Message tone="aml-calm" role="status">
          {notice}
        </Message>
      )}
      <Part t={t}>
        <Chips scene={scene} />
      </Part>
      <Part t={t}>
        <Objective scene={scene} />
      </Part>
      <Tabset
        t={t}
        label={t('Ways to compare')}
        tabs={tabs}
        open={tabs.some(({ id }) => id === tab) ? tab : 'table'}
        change={id => scene.change({ tab: id })}
      />
      <Part t={t}>
        <Opened scene={scene} />
      </Part>
    </>
  );
}

function tabsOf(scene: Scene): TabEntry[] {
  const { t, store } = scene;
  const { images = [] } = store.state.view;
  return [
    { id: 'table', title: t('Table'), draw: () => <Difference scene={scene} /> },
    { id: 'curves', title: t('Curves'), draw: () => <Curves scene={scene} /> },
    { id: 'parallel', title: t('Parallel'), draw: () => <Parallel scene={scene} /> },
    { id: 'scatter', title: t('Scatter'), draw: () => <Scatter scene={scene} /> },
    { id: 'best', title: t('Best so far'), draw: () => <BestSoFar scene={scene} /> },
    { id: 'importance', title: t('Importance'), draw: () => <Importance scene={scene} /> },
    ...(images.length > 0
      ? [{ id: 'images', title: t('Images'), draw: () => <Images scene={scene} /> }]
      : [])
  ];
}
