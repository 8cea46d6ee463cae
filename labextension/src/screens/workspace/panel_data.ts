// The part of the side panel with the data of a workspace: datasets and datastores.
import { element, fill, setText, span } from '../../ui/element';
import { bytesText, numberText, oneLine } from '../../ui/format';
import type { DatasetRowView, DatastoreRowView } from '../../contract.gen';
import { wordsOf } from '../../ui/boundary';
import type { Host, Workspaces } from '../../ui/host';
import { keep } from './panel_list';

export class PanelData {
  readonly node: HTMLElement;
  private readonly datasets = element('ul', { class: 'aml-panel-list aml-panel-data' });
  private readonly datastores = element('ul', { class: 'aml-panel-list aml-panel-stores' });
  private readonly stores: HTMLElement;
  private readonly message = element('div', {
    class: 'aml-message aml-bad',
    role: 'status',
    hidden: true
  });
  private workspace = '';

  constructor(
    private readonly host: Host,
    private readonly all: Workspaces
  ) {
    const { t } = host;
    const title = (text: string): HTMLElement => element('h3', {}, [text]);
    this.stores = element('section', { 'aria-label': t('Datastores') }, [
      title(t('Datastores')),
      this.datastores
    ]);
    this.node = element('section', { 'aria-label': t('Data'), hidden: true }, [
      title(t('Data')),
      this.message,
      this.datasets,
      this.stores
    ]);
  }

  /** Ask what there is now. */
  async look(workspace: string): Promise<void> {
    this.workspace = workspace;
    try {
      const view = await this.all.at(workspace).ask('datasets', {});
      if (workspace === this.workspace) {
        this.draw(view.rows, view.datastores);
        this.message.hidden = true;
        this.node.hidden = false;
      }
    } catch (error) {
      if (workspace === this.workspace) {
        setText(this.message, wordsOf(error));
        this.message.hidden = false;
        this.node.hidden = false;
      }
    }
  }

  private draw(datasets: readonly DatasetRowView[], datastores: readonly DatastoreRowView[]): void {
    const { t } = this.host;
    const { workspace } = this;
    // A list of another workspace has other items, of perhaps the same names.
    keep(
      this.datasets,
      datasets,
      row => JSON.stringify([workspace, row.name]),
      (button, row) => {
        const label = JSON.stringify([row.version, row.rows, row.size, row.files]);
        button.className = 'aml-panel-item';
        button.title = oneLine(`${row.name} · ${row.description || t('version %1', row.version)}`);
        if (button.dataset['shown'] !== label) {
          button.dataset['shown'] = label;
          fill(
            button,
            span('aml-panel-name', oneLine(row.name)),
            span('aml-muted', t('v%1', row.version)),
            span('aml-muted', sizeOf(row, t))
          );
        }
        button.onclick = () =>
          this.all.at(workspace).open?.({ kind: 'dataset', dataset: row.name });
      }
    );
    if (datasets.length === 0) {
      fill(this.datasets, element('li', { class: 'aml-muted' }, [t('There are no datasets yet.')]));
    }
    this.stores.hidden = datastores.length === 0;
    fill(this.datastores, ...datastores.map(store => this.datastore(store)));
  }

  private datastore({ name, type, address, is_default }: DatastoreRowView): HTMLElement {
    const { t } = this.host;
    const mark = is_default && span('aml-panel-mark', t('default'));
    const line = element('div', { class: 'aml-panel-store' }, [
      span('aml-panel-name', oneLine(name)),
      mark
    ]);
    const place = element(
      'div',
      { class: 'aml-panel-address aml-muted', title: oneLine(address) },
      [oneLine(`${type} · ${address}`)]
    );
    return element('li', {}, [line, place]);
  }
}

function sizeOf({ rows, kind, files, size }: DatasetRowView, t: Host['t']): string {
  if (kind === 'file') {
    return files === 1 ? t('1 file') : t('%1 files', numberText(files));
  }
  return rows === null ? bytesText(size) : rows === 1 ? t('1 row') : t('%1 rows', numberText(rows));
}
