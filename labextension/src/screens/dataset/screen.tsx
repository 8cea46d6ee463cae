// A dataset: its rows, its columns, its versions, and the runs that used it.
import type { JSX } from 'preact';
import type { DatasetView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Columns } from './columns/columns';
import { Files } from './files';
import { Head } from './head';
import { PAGE } from '../../ui/grid';
import { Reader } from './rows/reader';
import { Rows } from './rows/rows';
import { initial, shown, type DatasetState, type Scene } from './state';
import { Uses } from './uses';
import { Versions } from './versions/versions';

/**
 * Data does not change by itself, so nothing is followed; but an output keeps little of it, and the rest is asked
 * for once it is seen.
 */
export const mount: Mount = (parent, snapshot, host) => {
  const screen = new DatasetScreen(parent, snapshot.view as DatasetView, host);
  return {
    update: newer => screen.update(newer.view as DatasetView),
    dispose: () => screen.dispose()
  };
};

/** Whether a view has fewer rows than one that was asked for. */
function isPart({ kind, head: { rows: first }, rows: all, problem }: DatasetView): boolean {
  return kind !== 'file' && problem === '' && first.length < Math.min(PAGE, all ?? PAGE);
}

class DatasetScreen {
  readonly #host: Host;
  readonly #store: Store<DatasetState>;
  readonly #scene: Scene;
  readonly #root: Root;
  readonly #observer: IntersectionObserver;
  #reader: Reader;
  #turn = 0;

  constructor(parent: HTMLElement, view: DatasetView, host: Host) {
    this.#host = host;
    this.#store = new Store(initial(view));
    this.#scene = {
      ...{ host, t: host.t, store: this.#store },
      choose: change => {
        this.#store.set(change);
        this.#root.flush();
      },
      take: newer => this.#take(newer, true),
      show: version => this.#show(version)
    };
    this.#reader = new Reader(this.#scene);
    const label = host.t('Dataset %1', oneLine(view.name ?? view.id));
    this.#root = makeRoot(parent, 'aml-dataset', label, () => (
      <Panel scene={this.#scene} state={this.#store.state} reader={this.#reader} />
    ));
    this.#store.subscribe(() => this.#root.request());
    this.#observer = new IntersectionObserver(entries => {
      if (entries.at(-1)?.isIntersecting) {
        this.#observer.disconnect();
        void this.#complete();
      }
    });
    if (isPart(view)) {
      this.#observer.observe(this.#root.node);
    }
  }

  update(newer: DatasetView): void {
    if (!this.#store.state.isFresh) {
      this.#take(newer, false);
    }
  }

  dispose(): void {
    this.#turn += 1;
    this.#observer.disconnect();
    this.#reader.stop();
    this.#root.dispose();
  }

  #take(view: DatasetView, isFresh: boolean): void {
    const { state } = this.#store;
    this.#store.set({ ...shown(view, state), ...(isFresh ? { isFresh } : {}) });
    if (!this.#reader.isOf(view)) {
      // Rows stay where they are scrolled to when only more is known of their columns.
      this.#reader.stop();
      this.#reader = new Reader(this.#scene);
      this.#reader.resume();
    }
    this.#root.flush();
  }

  /** Ask for all that the snapshot leaves out; where nobody answers it has to do. */
  async #complete(): Promise<void> {
    const turn = this.#turn;
    try {
      const found = await this.#host.ask('dataset', { dataset: this.#store.state.view.id });
      if (turn === this.#turn && !this.#store.state.isFresh) {
        this.#take(found, true);
      }
    } catch {
      if (turn === this.#turn) {
        this.#store.set({ link: 'still' });
      }
    }
  }

  async #show(version: number): Promise<void> {
    const { name, id } = this.#store.state.view;
    const turn = (this.#turn += 1);
    let found: DatasetView;
    try {
      found = await this.#host.ask('dataset', { dataset: name ?? id, version });
    } catch (error) {
      if (turn === this.#turn) {
        throw error;
      }
      return; // Another version was picked meanwhile.
    }
    if (turn !== this.#turn) {
      return;
    }
    const { node } = this.#root;
    const hadFocus = node.contains(document.activeElement);
    this.#store.set({ link: 'live' });
    this.#take(found, true);
    if (hadFocus && !node.contains(document.activeElement)) {
      // What was pressed is gone: the name stands for the version that came.
      (
        node.querySelector<HTMLElement>('header select') ?? node.querySelector<HTMLElement>('h2')
      )?.focus();
    }
  }
}

function Panel(props: { scene: Scene; state: DatasetState; reader: Reader }): JSX.Element {
  const { scene, state, reader } = props;
  const { host, t } = scene;
  const { view } = state;
  const rows = (): JSX.Element => <Rows scene={scene} state={state} reader={reader} />;
  const columns = (): JSX.Element => <Columns key={view.id} scene={scene} state={state} />;
  const tabs: TabEntry[] = [
    ...(view.kind === 'file'
      ? [{ id: 'files', title: t('Files'), draw: () => <Files t={t} view={view} /> }]
      : [
          { id: 'rows', title: t('Rows'), draw: rows },
          { id: 'columns', title: t('Columns'), draw: columns }
        ]),
    {
      id: 'versions',
      title: t('Versions'),
      draw: () => <Versions key={view.id} scene={scene} view={view} />
    },
    { id: 'runs', title: t('Runs'), draw: () => <Uses host={host} uses={view.uses} /> }
  ];
  return (
    <>
      <LinkLine t={t} link={state.link === 'still' ? 'still' : 'live'} />
      <Part t={t}>
        <Head scene={scene} state={state} />
      </Part>
      <Tabset
        t={t}
        label={t('Parts of the dataset')}
        tabs={tabs}
        open={state.tab}
        change={tab => scene.choose({ tab })}
      />
    </>
  );
}
