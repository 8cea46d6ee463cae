// The sweeps and compute targets of a workspace, which open: below the runs, and folded until asked for.
import type { JSX } from 'preact';
import type { ComputeView, SweepRowView } from '../../contract.gen';
import { Button, Muted } from '../../ui/controls';
import { oneLine, valueText } from '../../ui/format';
import type { Host } from '../../ui/host';
import { Fold } from './fold';
import { StatusSign, type PartProps } from './lists';
import { placeOf } from './state';

export function Sweeps({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { sweeps, sweepsProblem, workspace } = state;
  const place = placeOf(scene, workspace);
  return (
    <Fold
      {...{ scene, state, part: 'isSweepsOpen', title: t('Sweeps'), problem: sweepsProblem }}
      count={sweeps && sweeps.rows.length}
    >
      {() =>
        sweeps!.rows.length === 0 ? (
          <Muted>{t('There are no sweeps yet.')}</Muted>
        ) : (
          <>
            <ul class="aml-panel-list">
              {sweeps!.rows.map(row => (
                <li key={row.id}>
                  <Sweep row={row} place={place} />
                </li>
              ))}
            </ul>
            {sweeps!.more && <Muted>{t('Older ones are among the runs.')}</Muted>}
          </>
        )
      }
    </Fold>
  );
}

function Sweep({ row, place }: { row: SweepRowView; place: Host | null }): JSX.Element | null {
  return place === null ? null : (
    <Button
      class="aml-panel-item"
      title={oneLine(
        row.best === null
          ? row.name
          : place.t('%1 · best %2: %3', row.name, row.metric, valueText(row.best))
      )}
      click={() => place.open?.({ kind: 'sweep', run: row.id })}
    >
      <StatusSign status={row.status} />
      <span class="aml-panel-name">{oneLine(row.name)}</span>
      <span class="aml-muted">{`${row.done}/${row.total}`}</span>
      <span class="aml-panel-aside aml-muted">{row.best !== null && valueText(row.best)}</span>
    </Button>
  );
}

export function Computes({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { computes, computesProblem, workspace } = state;
  const place = placeOf(scene, workspace);
  return (
    <Fold
      {...{ scene, state, part: 'isComputesOpen', title: t('Compute'), problem: computesProblem }}
      count={computes && computes.rows.length}
    >
      {() => (
        <>
          <ul class="aml-panel-list">
            {computes!.rows.map(row => (
              <li key={row.name}>
                <Compute row={row} place={place} />
              </li>
            ))}
          </ul>
          <Button class="aml-more" click={() => place?.open?.({ kind: 'computes' })}>
            {t('Open the compute targets')}
          </Button>
        </>
      )}
    </Fold>
  );
}

function Compute({ row, place }: { row: ComputeView; place: Host | null }): JSX.Element | null {
  if (place === null) {
    return null;
  }
  const { t } = place;
  return (
    <Button
      class="aml-panel-item"
      title={oneLine([row.name, row.kind, row.description].filter(Boolean).join(' · '))}
      click={() => place.open?.({ kind: 'computes', compute: row.name })}
    >
      <span class="aml-panel-name">{oneLine(row.name)}</span>
      <span class="aml-muted">{t('%1 of %2 work', row.busy, row.max_nodes)}</span>
      <span class="aml-panel-aside aml-muted">{row.waiting > 0 && t('%1 wait', row.waiting)}</span>
    </Button>
  );
}
