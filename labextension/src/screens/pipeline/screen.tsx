// A pipeline, alive: its steps as a graph and as a table, and beside another run.
import type { JSX } from 'preact';
import type { PipelineView } from '../../contract.gen';
import { Below } from '../runs/below';
import { Part } from '../../ui/boundary';
import { nameOf, oneLine, valueText } from '../../ui/format';
import type { Host } from '../../ui/host';
import type { Snapshot } from '../../ui/place/snapshot';
import { makeRoot } from '../../ui/root';
import type { Mounted } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Compare } from './compare';
import { Flow } from './flow';
import { Head } from './head';
import { merged, type PipelineProps, type PipelineState, type Scene } from './state';
import { NodeCache } from './steps';
import { Table } from './table';

export function mount(parent: HTMLElement, snapshot: Snapshot, host: Host): Mounted {
  const { t } = host;
  const view = snapshot.view as PipelineView;
  const store = new Store<PipelineState>({
    ...{ view, link: 'connecting', message: '', tab: 'graph', chosen: firstChosen(view) },
    ...{ sort: null, other: null, isCanceling: false, problem: '', shown: null }
  });
  const scene: Scene = {
    host,
    store,
    nodes: new NodeCache(),
    choose: change => {
      store.set(change);
      root.flush();
    }
  };
  const root = makeRoot(parent, 'aml-pipeline', t('Pipeline %1', oneLine(nameOf(view))), () => (
    <Screen scene={scene} state={store.state} />
  ));
  const take = (newer: PipelineView): void => {
    const { link, chosen } = store.state;
    store.set({
      view: newer,
      link: link === 'connecting' ? 'live' : link,
      chosen: chosen ?? firstChosen(newer)
    });
  };
  const unsubscribe = store.subscribe(() => root.request());
  const subscription = host.follow('pipeline', { run: view.id }, null, {
    event: event => {
      if (event.type === 'view') {
        take(event.view);
      } else if (event.type === 'steps') {
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
        take(newer.view as PipelineView);
      }
    },
    dispose: () => {
      subscription.stop();
      unsubscribe();
      root.dispose();
    }
  };
}

/** A step that failed is what a reader looks for. */
function firstChosen({ steps }: PipelineView): string | null {
  return steps.find(({ status }) => status === 'Failed')?.id ?? null;
}

function Screen({ scene, state }: PipelineProps): JSX.Element {
  const { t } = scene.host;
  return (
    <>
      <Part t={t}>
        <Head scene={scene} state={state} />
      </Part>
      <Tabset
        t={t}
        label={t('Ways to look at the steps')}
        tabs={tabsOf({ scene, state })}
        open={state.tab}
        change={tab => scene.choose({ tab })}
      />
      <Part t={t}>
        <Below host={scene.host} shown={state.shown} close={() => scene.choose({ shown: null })} />
      </Part>
    </>
  );
}

function tabsOf(props: PipelineProps): TabEntry[] {
  const { t } = props.scene.host;
  const { parameters } = props.state.view;
  const tabs: TabEntry[] = [
    { id: 'graph', title: t('Graph'), draw: () => <Flow {...props} /> },
    { id: 'steps', title: t('Steps'), draw: () => <Table {...props} /> },
    { id: 'compare', title: t('Compare'), draw: () => <Compare {...props} /> }
  ];
  if (parameters.length > 0) {
    tabs.push({ id: 'parameters', title: t('Parameters'), draw: () => <Parameters {...props} /> });
  }
  return tabs;
}

function Parameters({ scene, state }: PipelineProps): JSX.Element {
  const { t } = scene.host;
  return (
    <div class="aml-pipeline-scroll" role="region" tabIndex={0} aria-label={t('Parameters')}>
      <table class="aml-table">
        <thead>
          <tr>
            {[t('Parameter'), t('Type'), t('Value'), t('Default')].map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {state.view.parameters.map(({ name, type, value, default: usual }) => (
            <tr key={name}>
              <th scope="row">{oneLine(name)}</th>
              <td>{type}</td>
              <td>{oneLine(valueText(value))}</td>
              <td class="aml-muted">{oneLine(valueText(usual))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
