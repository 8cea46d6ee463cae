// The screen of one service: what is known of it, and the link that brings more.
import type { JSX } from 'preact';
import type { ServiceEvent, ServiceView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Host, Link, Subscription } from '../../ui/host';
import { LogViewer } from '../../ui/log/log';
import { LogReader, type LogSource } from '../../ui/log/reader';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Call } from './call/call';
import { Head } from './head';
import { Overview } from './overview';
import { Revisions } from './revisions';
import { applied, initial, type PartProps, type Scene, type ServiceState } from './state';

export const mount: Mount = (parent, snapshot, host) => {
  const screen = new ServiceScreen(parent, snapshot.view as ServiceView, host);
  return {
    update: newer => screen.take(newer.view as ServiceView),
    dispose: () => screen.dispose()
  };
};

class ServiceScreen {
  #subscription: Subscription | null = null;
  #turn = 0;
  readonly #host: Host;
  readonly #store: Store<ServiceState>;
  readonly #scene: Scene;
  readonly #reader: LogReader;
  readonly #root: Root;

  constructor(parent: HTMLElement, view: ServiceView, host: Host) {
    this.#host = host;
    this.#store = new Store(initial(view));
    this.#scene = {
      ...{ store: this.#store, host, t: host.t, service: view.name },
      choose: change => {
        this.#store.set(change);
        this.#root.flush();
      },
      look: window => {
        this.#store.set({ window });
        this.#follow();
        this.#root.flush();
      }
    };
    this.#reader = new LogReader(logOf(this.#scene));
    this.#root = makeRoot(parent, 'aml-service', host.t('Service %1', oneLine(view.name)), () => (
      <Panel scene={this.#scene} state={this.#store.state} reader={this.#reader} />
    ));
    this.#store.subscribe(() => this.#root.request());
    this.#follow();
  }

  /** A snapshot in place of what is here, unless the host tells fresher things. */
  take(view: ServiceView): void {
    if (this.#store.state.link !== 'live') {
      this.#store.set({ view });
    }
  }

  dispose(): void {
    this.#turn += 1;
    this.#subscription?.stop();
    this.#reader.dispose();
    this.#root.dispose();
  }

  #follow(): void {
    const turn = (this.#turn += 1);
    const isOn = (): boolean => turn === this.#turn;
    const { window } = this.#store.state;
    this.#subscription?.stop();
    this.#subscription = this.#host.follow(
      'service',
      { service: this.#scene.service, window },
      null,
      {
        event: event => isOn() && this.#event(event),
        link: (link, message = '') => isOn() && this.#linked(link, message)
      }
    );
  }

  #event(event: ServiceEvent): void {
    const { view, window } = this.#store.state;
    switch (event.type) {
      case 'view':
        this.#store.set({ view: event.view, link: 'live', message: '' });
        break;
      case 'update':
        this.#store.set({ view: applied(view, event.update, window) });
        break;
      case 'gone':
        this.#linked('gone', event.message);
        break;
    }
  }

  #linked(link: Link, message: string): void {
    this.#store.set({ link, message });
  }
}

/** The log of a service, as a box of lines reads one. */
function logOf({ store, host, t, service, choose }: Scene): LogSource {
  return {
    t,
    get log() {
      return store.state.log;
    },
    set: log => store.set({ log }),
    flush: () => choose({}),
    ask: stretch => host.ask('service_log', { service, ...stretch }),
    search: search => host.ask('service_log_search', { service, ...search }),
    tail: () => store.state.view.log_tail
  };
}

function Panel({ scene, state, reader }: PartProps & { reader: LogReader }): JSX.Element {
  const { t } = scene;
  const { view, link, message, log, tab } = state;
  const tabs: TabEntry[] = [
    {
      ...{ id: 'overview', title: t('Overview') },
      draw: () => <Overview scene={scene} state={state} />
    },
    {
      ...{ id: 'log', title: t('Log') },
      draw: () => (
        <LogViewer {...{ log, reader }} size={view.log_size} isOver={false} hasTimes={false} />
      )
    },
    { id: 'call', title: t('Try it'), draw: () => <Call scene={scene} state={state} /> },
    {
      ...{ id: 'revisions', title: t('Revisions') },
      note: {
        text: String(view.revisions.length),
        spoken: t('%1 revisions', view.revisions.length)
      },
      draw: () => <Revisions scene={scene} state={state} />
    }
  ];
  return (
    <>
      <LinkLine {...{ t, link, message }} />
      <Part t={t}>
        <Head scene={scene} state={state} />
      </Part>
      <Tabset
        t={t}
        label={t('Parts of the service')}
        tabs={tabs}
        open={tab}
        change={to => scene.choose({ tab: to })}
      />
    </>
  );
}
