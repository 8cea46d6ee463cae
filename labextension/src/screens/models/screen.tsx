// The registry: the models of a workspace with a filter, or the versions of one.
import type { JSX } from 'preact';
import type { ModelRowView, ModelsView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine, Muted } from '../../ui/controls';
import { numberText, oneLine, printable, wordsOf } from '../../ui/format';
import type { Host, Link } from '../../ui/host';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { watchVisible } from '../../ui/visibility';
import { Below, type Embedded } from '../runs/below';
import { idOf, ModelGrid } from './grid';

interface ModelsState {
  view: ModelsView;
  /** What the filter's box says. */
  typed: string;
  link: Link;
  isAsking: boolean;
  problem: string;
  /** A model below the table, where the host has no place of its own for it. */
  shown: Embedded | null;
}

/** From the last key to the question. */
const PAUSE = 300;

export const mount: Mount = (parent, snapshot, host) => {
  const screen = new ModelsScreen(parent, snapshot.view as ModelsView, host);
  return {
    update: newer => screen.update(newer.view as ModelsView),
    dispose: () => screen.dispose()
  };
};

/** Models are registered elsewhere, so they are asked for each time that the table comes into sight. */
export class ModelsScreen {
  readonly #host: Host;
  readonly #store: Store<ModelsState>;
  readonly #root: Root;
  readonly #unwatch: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  #isFresh = false;

  constructor(parent: HTMLElement, view: ModelsView, host: Host) {
    this.#host = host;
    this.#store = new Store<ModelsState>({
      ...{ view, typed: view.filter, link: 'live', isAsking: false, problem: '', shown: null }
    });
    const label = view.name ? host.t('Versions of %1', oneLine(view.name)) : host.t('Models');
    this.#root = makeRoot(parent, 'aml-models', label, () => (
      <Panel screen={this} host={host} state={this.#store.state} />
    ));
    this.#store.subscribe(() => this.#root.request());
    this.#unwatch = watchVisible(parent, isSeen => isSeen && void this.ask());
  }

  update(newer: ModelsView): void {
    if (!this.#isFresh) {
      this.#store.set({ view: newer });
    }
  }

  dispose(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#unwatch();
    this.#root.dispose();
  }

  type(typed: string): void {
    this.#store.set({ typed });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), PAUSE);
  }

  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    const { typed, view } = this.#store.state;
    this.#store.set({ isAsking: true });
    try {
      const found = await this.#host.ask('models', { name: view.name, filter: typed.trim() });
      if (turn === this.#turn) {
        this.#isFresh = true;
        this.#store.set({ view: found, isAsking: false, problem: '', link: 'live' });
        this.#root.flush();
      }
    } catch (error) {
      if (turn === this.#turn) {
        const isTyped = typed.trim() !== view.filter;
        this.#store.set({
          isAsking: false,
          // What is shown stays; where nobody answers to what it was asked for before, it is old.
          ...(isTyped ? { problem: printable(wordsOf(error)) } : { link: 'still' as const })
        });
      }
    }
  }

  open(row: ModelRowView): void {
    const subject = { kind: 'model', model: idOf(row) };
    if (this.#host.open) {
      this.#host.open(subject);
    } else {
      this.show({ title: this.#host.t('Model %1', oneLine(idOf(row))), subject });
    }
  }

  show(shown: Embedded | null): void {
    this.#store.set({ shown });
    this.#root.flush();
  }
}

function Panel(props: { screen: ModelsScreen; host: Host; state: ModelsState }): JSX.Element {
  const { screen, host, state } = props;
  const { t } = host;
  const { view } = state;
  return (
    <>
      <LinkLine t={t} link={state.link} isQuiet={state.link === 'live'} />
      <Toolbar {...props} />
      <Part t={t}>
        {view.rows.length > 0 ? (
          <ModelGrid
            host={host}
            view={view}
            isBusy={state.isAsking}
            open={row => screen.open(row)}
          />
        ) : (
          <Nothing host={host} view={view} />
        )}
      </Part>
      <Below host={host} shown={state.shown} close={() => screen.show(null)} />
    </>
  );
}

function Toolbar(props: { screen: ModelsScreen; host: Host; state: ModelsState }): JSX.Element {
  const { screen, host, state } = props;
  const { t } = host;
  const { view, problem, typed } = state;
  return (
    <div class="aml-toolbar">
      <input
        class="aml-filter"
        type="search"
        spellcheck={false}
        aria-label={t('Words, or a filter such as metrics.accuracy > 0.9')}
        placeholder={t('Words, or a filter such as metrics.accuracy > 0.9')}
        aria-invalid={problem ? 'true' : undefined}
        value={typed}
        onInput={event => screen.type(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Enter' && void screen.ask()}
      />
      <span class="aml-count" role="status">
        {countText(host, view)}
      </span>
      <span class="aml-problem aml-bad" role="alert">
        {problem}
      </span>
    </div>
  );
}

function countText({ t }: Host, { name, rows, count, total }: ModelsView): string {
  const all = numberText(total);
  const noun = name
    ? total === 1
      ? t('1 version')
      : t('%1 versions', all)
    : total === 1
      ? t('1 model')
      : t('%1 models', all);
  const found = count === total ? noun : t('%1 of %2', numberText(count), noun);
  return rows.length < count ? t('%1, the first %2 shown', found, numberText(rows.length)) : found;
}

function Nothing({ host, view }: { host: Host; view: ModelsView }): JSX.Element {
  const { t } = host;
  return (
    <Muted>
      {view.total > 0
        ? t('No model meets the filter.')
        : t(
            'There are no models yet: run.register_model(name, path) and Model.register(workspace, path, name) make one.'
          )}
    </Muted>
  );
}
