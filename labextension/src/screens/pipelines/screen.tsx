// The pipelines of a workspace: their runs, those that are published, endpoints and schedules.
import type { JSX } from 'preact';
import type { PipelinesView } from '../../contract.gen';
import { Below, type Embedded } from '../runs/below';
import { Part } from '../../ui/boundary';
import { LinkLine, Message } from '../../ui/controls';
import { printable, wordsOf } from '../../ui/format';
import type { Sort } from '../../ui/grid';
import type { Host, Link, Subject } from '../../ui/host';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import type { PipelinesSnapshot } from './index';
import { LISTS, type Row } from './lists';
import { List } from './list';

export interface PipelinesState {
  readonly view: PipelinesView;
  readonly link: Link;
  readonly message: string;
  readonly tab: string;
  /** How each list is sorted that the reader sorted. */
  readonly sorts: Readonly<Record<string, Sort | null>>;
  readonly problem: string;
  /** The id of what is being enabled or disabled. */
  readonly busy: string;
  readonly shown: Embedded | null;
}

export interface Scene {
  readonly host: Host;
  readonly store: Store<PipelinesState>;
  choose(change: Partial<PipelinesState>): void;
  open(title: string, subject: Subject): void;
}

export const mount: Mount = (parent, snapshot, host) => {
  const { t } = host;
  const store = new Store<PipelinesState>({
    ...{ view: snapshot.view as PipelinesView, link: 'connecting', message: '' },
    tab: LISTS.find(({ id }) => id === (snapshot as PipelinesSnapshot).list)?.id ?? 'runs',
    ...{ sorts: {}, problem: '', busy: '', shown: null }
  });
  const scene: Scene = {
    host,
    store,
    choose: change => {
      store.set(change);
      root.flush();
    },
    open: (title, subject) =>
      host.open ? host.open(subject) : scene.choose({ shown: { title, subject } })
  };
  const root = makeRoot(parent, 'aml-pipelines', t('Pipelines'), () => (
    <Screen scene={scene} state={store.state} />
  ));
  const unsubscribe = store.subscribe(() => root.request());
  const subscription = host.follow('pipelines', {}, null, {
    event: ({ view }) => store.set({ view, link: 'live' }),
    link: (link, message = '') => store.set({ link, message })
  });
  return {
    update: newer => {
      if (store.state.link !== 'live') {
        store.set({ view: newer.view as PipelinesView });
      }
    },
    dispose: () => {
      subscription.stop();
      unsubscribe();
      root.dispose();
    }
  };
};

function Screen({ scene, state }: { scene: Scene; state: PipelinesState }): JSX.Element {
  const { t } = scene.host;
  const { view, link, message, problem } = state;
  const tabs = LISTS.map((list): TabEntry => {
    const count = list.rows(view).length;
    const text = list.id === 'runs' && view.more ? `${count}+` : String(count);
    return {
      ...{ id: list.id, title: t(list.title), note: { text, spoken: text } },
      draw: () => <List scene={scene} state={state} list={list} />
    };
  });
  return (
    <>
      <h2 class="aml-pipeline-name">{t('Pipelines')}</h2>
      <LinkLine {...{ t, link, message }} />
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
      <Tabset
        t={t}
        label={t('Pipelines')}
        tabs={tabs}
        open={state.tab}
        change={tab => scene.choose({ tab })}
      />
      <Part t={t}>
        <Below host={scene.host} shown={state.shown} close={() => scene.choose({ shown: null })} />
      </Part>
    </>
  );
}

/** Let a published pipeline, an endpoint or a schedule be used, or no more. */
export async function setActive(scene: Scene, row: Row, isActive: boolean): Promise<void> {
  const { host, choose } = scene;
  choose({ busy: row.id, problem: '' });
  try {
    const kind = row.kind as 'published' | 'endpoint' | 'schedule';
    choose({
      view: await host.ask('pipeline_set_active', { kind, id: row.id, is_active: isActive })
    });
  } catch (error) {
    choose({ problem: host.t('This could not be done: %1', printable(wordsOf(error))) });
  }
  choose({ busy: '' });
}
