// The lists above the runs: what runs now, and the experiments with counts by status.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ExperimentRowView } from '../../contract.gen';
import { Button, Checkbox, Limited, Muted } from '../../ui/controls';
import { nameOf, oneLine } from '../../ui/format';
import type { ActiveRun } from '../../ui/host';
import { statusText, tone } from '../../ui/status';
import { chosenExperiment, placeOf, type PanelScene, type PanelState } from './state';

/** More of them would push the experiments out of sight. */
const MOST_RUNNING = 5;

export interface PartProps {
  scene: PanelScene;
  state: PanelState;
}

export function Running({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  return state.running.length === 0 ? null : (
    <section aria-label={t('Running')}>
      <h3>{t('Running')}</h3>
      <Limited
        t={t}
        items={state.running}
        limit={MOST_RUNNING}
        draw={(runs, more) => (
          <>
            <ul class="aml-panel-list">
              {runs.map(run => (
                <li key={JSON.stringify([run.workspace, run.id])}>
                  <RunningRun run={run} scene={scene} />
                </li>
              ))}
            </ul>
            {more}
          </>
        )}
      />
    </section>
  );
}

function RunningRun({ run, scene }: { run: ActiveRun; scene: PanelScene }): JSX.Element {
  const place = placeOf(scene, run.workspace);
  return (
    <Button
      class="aml-panel-item"
      title={oneLine(`${run.experiment} · ${run.short_id}`)}
      click={() => place?.open?.({ kind: 'run', run: run.id })}
    >
      <StatusSign status={run.status} />
      <span class="aml-panel-name">{nameOf(run)}</span>
      <span class="aml-panel-aside aml-muted">{oneLine(run.experiment)}</span>
    </Button>
  );
}

/** A glyph and a number; the word is there for those who hear it, and on hover. */
export function StatusSign({ status, count }: { status: string; count?: number }): JSX.Element {
  const shown = count === undefined ? '' : ` ${count}`;
  return (
    <span class={`aml-status ${tone(status)}`} title={`${shown} ${status}`.trim()}>
      {`${statusText(status).split(' ')[0]}${shown}`}
      <span class="aml-hidden">{` ${status} `}</span>
    </span>
  );
}

export function Experiments({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const list = useRef<HTMLUListElement>(null);
  const isKnown = state.experiments !== null;
  // The one that was chosen on another day may be far down.
  useEffect(
    () =>
      list.current?.querySelector('[aria-pressed=true]')?.scrollIntoView?.({ block: 'nearest' }),
    [isKnown, state.workspace]
  );
  const { isArchiveOpen } = state.kept;
  const rows = state.experiments ?? [];
  const shown = rows.filter(row => isArchiveOpen || !row.is_archived);
  return (
    <section aria-label={t('Experiments')}>
      <div class="aml-panel-head">
        <h3>{t('Experiments')}</h3>
        {rows.some(row => row.is_archived) && (
          <Checkbox isOn={isArchiveOpen} change={isOn => scene.keep({ isArchiveOpen: isOn })}>
            {t('archived')}
          </Checkbox>
        )}
      </div>
      {state.experiments === null ? (
        <Muted>{t('Loading…')}</Muted>
      ) : shown.length === 0 ? (
        <Muted>{t('There are no runs yet.')}</Muted>
      ) : (
        <ul class="aml-panel-list aml-panel-experiments" ref={list}>
          <li key="">
            <Experiment name="" state={state} scene={scene} />
          </li>
          {shown.map(row => (
            <li key={row.id}>
              <Experiment name={row.name} row={row} state={state} scene={scene} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Experiment(props: PartProps & { name: string; row?: ExperimentRowView }): JSX.Element {
  const { scene, state, name, row } = props;
  const { t } = scene;
  const { workspace, kept } = state;
  return (
    <Button
      class="aml-panel-item"
      aria-pressed={chosenExperiment(state) === name}
      title={oneLine(name) || undefined}
      click={() =>
        workspace !== null &&
        scene.keep({ experiments: { ...kept.experiments, [workspace]: name } })
      }
    >
      <span class={`aml-panel-name ${row?.is_archived ? 'aml-muted' : ''}`}>
        {name ? oneLine(name) : t('All runs')}
      </span>
      {row?.is_archived && <span class="aml-panel-mark">{t('archived')}</span>}
      {Object.entries(row?.by_status ?? {}).map(([status, count]) => (
        <StatusSign key={status} status={status} count={count} />
      ))}
    </Button>
  );
}
