// The data of a workspace: datasets, which open, and datastores. It is below the runs, and folded until asked for.
import type { JSX } from 'preact';
import type { DatasetRowView, DatastoreRowView } from '../../contract.gen';
import { Button, Muted } from '../../ui/controls';
import { bytesText, numberText, oneLine } from '../../ui/format';
import type { Host, Translate } from '../../ui/host';
import { Fold } from './fold';
import type { PartProps } from './lists';
import { placeOf } from './state';

export function Data({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { data, dataProblem } = state;
  return (
    <Fold
      {...{ scene, state, part: 'isDataOpen', title: t('Data'), problem: dataProblem }}
      count={data && data.rows.length}
    >
      {() => (
        <>
          <Datasets rows={data!.rows} place={placeOf(scene, state.workspace)} t={t} />
          <Datastores stores={data!.datastores} t={t} />
        </>
      )}
    </Fold>
  );
}

function Datasets(props: {
  rows: readonly DatasetRowView[];
  place: Host | null;
  t: Translate;
}): JSX.Element {
  const { rows, place, t } = props;
  return rows.length === 0 ? (
    <Muted>{t('There are no datasets yet.')}</Muted>
  ) : (
    <ul class="aml-panel-list">
      {rows.map(row => (
        <li key={row.name}>
          <Button
            class="aml-panel-item"
            title={oneLine(`${row.name} · ${row.description || t('version %1', row.version)}`)}
            click={() => place?.open?.({ kind: 'dataset', dataset: row.name })}
          >
            <span class="aml-panel-name">{oneLine(row.name)}</span>
            <span class="aml-muted">{t('v%1', row.version)}</span>
            <span class="aml-muted">{sizeOf(row, t)}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Datastores(props: { stores: readonly DatastoreRowView[]; t: Translate }): JSX.Element {
  const { stores, t } = props;
  return (
    <section aria-label={t('Datastores')} hidden={stores.length === 0}>
      <h4>{t('Datastores')}</h4>
      <ul class="aml-panel-list aml-panel-stores">
        {stores.map(({ name, type, address, is_default }) => (
          <li key={name}>
            <div class="aml-panel-store">
              <span class="aml-panel-name">{oneLine(name)}</span>
              {is_default && <span class="aml-panel-mark">{t('default')}</span>}
            </div>
            <div class="aml-panel-address aml-muted" title={oneLine(address)}>
              {oneLine(`${type} · ${address}`)}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sizeOf({ rows, kind, files, size }: DatasetRowView, t: Translate): string {
  if (kind === 'file') {
    return files === 1 ? t('1 file') : t('%1 files', numberText(files));
  }
  return rows === null ? bytesText(size) : rows === 1 ? t('1 row') : t('%1 rows', numberText(rows));
}
