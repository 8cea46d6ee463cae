// One version of a model: where it comes from, its files, its other versions.
import type { JSX } from 'preact';
import type { ModelView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Host, Subject } from '../../ui/host';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { watchVisible } from '../../ui/visibility';
import { Below } from '../runs/below';
import { Files } from './files';
import { Head } from './head';
import { Overview } from './overview';
import { initial, type ModelState, type Scene } from './state';
import { Versions } from './versions';

export const mount: Mount = (parent, snapshot, host) => {
  const screen = new ModelScreen(parent, snapshot.view as ModelView, host);
  return {
    update: newer => screen.update(newer.view as ModelView),
    dispose: () => screen.dispose()
  };
};

/** A version is changed elsewhere, too, so it is asked for each time that it comes into sight. */
class ModelScreen {
  readonly #host: Host;
  readonly #store: Store<ModelState>;
  readonly #root: Root;
  readonly #unwatch: () => void;
  #turn = 0;

  constructor(parent: HTMLElement, view: ModelView, host: Host) {
    this.#host = host;
    this.#store = new Store(initial(view));
    const scene: Scene = {
      ...{ host, t: host.t, store: this.#store },
      choose: change => this.#choose(change),
      show: version => this.#show(version),
      open: (subject, title) => this.#open(subject, title)
    };
    this.#root = makeRoot(parent, 'aml-model', host.t('Model %1', oneLine(view.id)), () => (
      <Panel scene={scene} state={this.#store.state} />
    ));
    this.#store.subscribe(() => this.#root.request());
    this.#unwatch = watchVisible(parent, isSeen => isSeen && void this.#refresh());
  }

  update(newer: ModelView): void {
    if (!this.#store.state.isFresh) {
      this.#store.set({ view: newer });
    }
  }

  dispose(): void {
    this.#turn += 1;
    this.#unwatch();
    this.#root.dispose();
  }

  #choose(change: Partial<ModelState>): void {
    this.#store.set(change);
    this.#root.flush();
  }

  async #refresh(): Promise<void> {
    const { link, view, isEdited } = this.#store.state;
    if (link === 'gone' || isEdited) {
      return;
    }
    try {
      await this.#take(view.version, {});
    } catch {
      this.#store.set({ link: 'still' });
    }
  }

  #show(version: number): Promise<void> {
    return this.#take(version, { isEdited: false, isDeleting: false, notice: null });
  }

  async #take(version: number, change: Partial<ModelState>): Promise<void> {
    const turn = (this.#turn += 1);
    const { name } = this.#store.state.view;
    try {
      const view = await this.#host.ask('model', { model: name, version });
      if (turn === this.#turn) {
        this.#choose({ view, isFresh: true, link: 'live', ...change });
      }
    } catch (error) {
      if (turn === this.#turn) {
        throw error;
      } // else another version was picked meanwhile
    }
  }

  #open(subject: Subject, title: string): void {
    if (this.#host.open) {
      this.#host.open(subject);
    } else {
      this.#choose({ shown: { title, subject } });
    }
  }
}

function Panel({ scene, state }: { scene: Scene; state: ModelState }): JSX.Element {
  const { host, t } = scene;
  const { view, link } = state;
  const tabs: TabEntry[] = [
    { id: 'overview', title: t('Overview'), draw: () => <Overview scene={scene} state={state} /> },
    {
      ...{ id: 'files', title: t('Files') },
      draw: () => <Files key={view.id} scene={scene} state={state} />
    },
    { id: 'versions', title: t('Versions'), draw: () => <Versions scene={scene} state={state} /> }
  ];
  return (
    <>
      <LinkLine t={t} link={link} />
      <Part t={t}>
        <Head scene={scene} state={state} />
      </Part>
      <Tabset
        t={t}
        label={t('Parts of the model')}
        tabs={tabs}
        open={state.tab}
        change={tab => scene.choose({ tab })}
      />
      <Below host={host} shown={state.shown} close={() => scene.choose({ shown: null })} />
    </>
  );
}
