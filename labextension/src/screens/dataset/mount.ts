// A dataset: its rows, its columns, its versions, and the runs that used it.
import { div, element, fill } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';
import { keepKeys } from '../../ui/keys';
import { linkLine, type LinkLine } from '../../ui/link_line';
import { whenSeen } from '../../ui/seen';
import type { DatasetSnapshot, Mounted } from '../../ui/snapshot';
import { Tabs, type Sight } from '../../ui/tabs';
import type { DatasetView } from '../../contract.gen';
import { columns } from './columns';
import { files } from './files';
import { head } from './head';
import { PAGE } from './pages';
import { rows } from './rows';
import { anew, type Scene } from './scene';
import { uses } from './uses';
import { versions } from './versions';

/**
 * Draw the snapshot in `parent`. Data does not change by itself, so nothing is followed; but an output keeps
 * little of it, and the rest is asked for once it is seen.
 */
export function mountDataset(
  parent: HTMLElement,
  snapshot: DatasetSnapshot,
  host: Host
): Mounted<DatasetSnapshot> {
  const screen = new Screen(snapshot.view, host);
  parent.replaceChildren(screen.node);
  return { update: ({ view }) => screen.update(view), dispose: () => screen.dispose() };
}

const whole = (view: DatasetView): unknown => view;
const rowsKey = ({ id, columns: { length }, head: { columns: named } }: DatasetView): unknown =>
  `${id} ${length} ${named.length}`;

/** Whether a view has fewer rows than one that was asked for. */
function isPart({ kind, head: { rows: first }, rows: all, problem }: DatasetView): boolean {
  return kind !== 'file' && problem === '' && first.length < Math.min(PAGE, all ?? PAGE);
}

class Screen {
  readonly node: HTMLElement;
  readonly #scene: Scene;
  readonly #head = div();
  readonly #body = div();
  readonly #line: LinkLine;
  readonly #unwatch: () => void;
  #tabs: Tabs | null = null;
  #kind = '';
  /** Whether the reader went on from the snapshot. */
  #isFresh = false;
  #turn = 0;

  constructor(view: DatasetView, host: Host) {
    this.#line = linkLine(host.t, 'aml-message');
    this.#scene = {
      ...{ host, t: host.t, view },
      take: newer => {
        this.#isFresh = true;
        this.#draw(newer);
      },
      show: version => this.#show(version)
    };
    this.node = element(
      'section',
      {
        class: 'aml-ui aml-dataset',
        'aria-label': host.t('Dataset %1', oneLine(view.name ?? view.id))
      },
      [this.#line.node, this.#head, this.#body]
    );
    keepKeys(this.node);
    this.#draw(view);
    this.#unwatch = isPart(view)
      ? whenSeen(this.node, () => void this.#complete())
      : () => undefined;
  }

  update(newer: DatasetView): void {
    if (!this.#isFresh) {
      this.#draw(newer);
    }
  }

  dispose(): void {
    this.#turn += 1;
    this.#unwatch();
    this.#tabs?.dispose();
    this.node.remove();
  }

  /** Ask for all that the snapshot leaves out; where nobody answers it has to do. */
  async #complete(): Promise<void> {
    const { host, view } = this.#scene;
    const turn = this.#turn;
    try {
      const found = await host.ask('dataset', { dataset: view.id });
      if (turn === this.#turn && !this.#isFresh) {
        this.#scene.take(found);
      }
    } catch {
      if (turn === this.#turn) {
        this.#line.set('still');
      }
    }
  }

  async #show(version: number): Promise<void> {
    const { host, view } = this.#scene;
    const turn = (this.#turn += 1);
    const found = await host.ask('dataset', { dataset: view.name ?? view.id, version });
    if (turn === this.#turn) {
      this.#line.set('live');
      const hadFocus = this.node.contains(document.activeElement);
      this.#scene.take(found);
      if (hadFocus && !this.node.contains(document.activeElement)) {
        // What was pressed is gone: the name stands for the version that came.
        (
          this.#head.querySelector<HTMLElement>('select') ??
          this.#head.querySelector<HTMLElement>('h2')
        )?.focus();
      }
    }
  }

  #draw(view: DatasetView): void {
    this.#scene.view = view;
    fill(this.#head, head(this.#scene));
    if (view.kind !== this.#kind) {
      this.#kind = view.kind;
      this.#tabs?.dispose();
      this.#tabs = this.#made(view.kind === 'file');
      fill(this.#body, this.#tabs.node);
    }
    this.#tabs!.draw();
  }

  #made(isFile: boolean): Tabs {
    const { t } = this.#scene;
    const tab = (
      id: string,
      title: string,
      make: (scene: Scene) => Sight,
      keyOf = whole
    ): { id: string; title: string; make(): Sight } => ({
      id,
      title,
      make: () => anew(this.#scene, keyOf, make)
    });
    // Rows stay where they are scrolled to when only more is known of their columns.
    const shown = isFile
      ? [tab('files', t('Files'), files)]
      : [tab('rows', t('Rows'), rows, rowsKey), tab('columns', t('Columns'), columns)];
    return new Tabs(t('Parts of the dataset'), [
      ...shown,
      tab('versions', t('Versions'), versions),
      tab('runs', t('Runs'), uses)
    ]);
  }
}
