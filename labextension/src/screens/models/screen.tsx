// The registry: the models of a workspace with a filter, or the versions of one.
import type { JSX } from 'preact';
import type { ModelRowView, ModelsView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine, Muted } from '../../ui/controls';
import { numberText, oneLine, printable } from '../../ui/format';
import type { Host, Link } from '../../ui/host';
import { makeRoot, type Root } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { watchVisible } from '../../ui/visibility';
import { Below, type Embedded } from '../runs/below';
import { idOf, ModelGrid } from './grid';
import { ModelRows, type Outcome } from './rows';

interface ModelsState {
  rows: ModelRows;
  /** What the filter's box says. */
  typed: string;
  link: Link;
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
  #isFresh = false;

  constructor(parent: HTMLElement, view: ModelsView, host: Host) {
    this.#host = host;
    this.#store = new Store<ModelsState>({
      ...{ rows: this.#rowsOf(view), typed: view.filter },
      ...{ link: 'live', problem: '', shown: null }
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
      this.#store.state.rows.stop();
      this.#store.set({ rows: this.#rowsOf(newer) });
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#store.state.rows.stop();
    this.#unwatch();
    this.#root.dispose();
  }

  /** Something about the rows is another. */
  changed(): void {
    this.#root.request();
  }

  #rowsOf(view: ModelsView): ModelRows {
    return new ModelRows(this.#host, view, false, () => this.changed());
  }

  type(typed: string): void {
    this.#store.set({ typed });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), PAUSE);
  }

  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const { typed, rows } = this.#store.state;
    const filter = typed.trim();
    const isTyped = filter !== rows.pages.query.filter;
    this.#took(await rows.ask(filter), rows, isTyped);
  }

  async sort(column: string): Promise<void> {
    const { rows } = this.#store.state;
    const asked = rows.sortBy(column);
    this.#root.flush();
    this.#took(await asked, rows, true);
  }

  /** What is shown stays; where nobody answers to what it was asked for before, it is old. */
  #took(outcome: Outcome, rows: ModelRows, isOther: boolean): void {
    if (outcome === 'taken') {
      this.#isFresh = true;
      this.#store.set({ problem: '', link: 'live' });
      this.#root.flush();
    } else if (outcome === 'failed') {
      this.#store.set(isOther ? { problem: printable(rows.problem) } : { link: 'still' });
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
  const { rows } = state;
  return (
    <>
      <LinkLine t={t} link={state.link} isQuiet={state.link === 'live'} />
      <Toolbar {...props} />
      <Part t={t}>
        {rows.pages.count > 0 ? (
          <ModelGrid
            {...{ host, rows }}
            open={row => screen.open(row)}
            sort={column => void screen.sort(column)}
            changed={() => screen.changed()}
          />
        ) : (
          <Nothing host={host} view={rows.view} />
        )}
      </Part>
      <Below host={host} shown={state.shown} close={() => screen.show(null)} />
    </>
  );
}

function Toolbar(props: { screen: ModelsScreen; host: Host; state: ModelsState }): JSX.Element {
  const { screen, host, state } = props;
  const { t } = host;
  const { rows, problem, typed } = state;
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
        {countText(host, rows)}
      </span>
      <span class="aml-problem aml-bad" role="alert">
        {problem}
      </span>
    </div>
  );
}

function countText({ t }: Host, { view, pages }: ModelRows): string {
  const { name, count, total } = view;
  const all = numberText(total);
  const noun = name
    ? total === 1
      ? t('1 version')
      : t('%1 versions', all)
    : total === 1
      ? t('1 model')
      : t('%1 models', all);
  const found = count === total ? noun : t('%1 of %2', numberText(count), noun);
  return pages.count < count ? t('%1, the first %2 shown', found, numberText(pages.count)) : found;
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
