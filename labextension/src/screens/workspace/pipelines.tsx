// The latest runs of pipelines and the schedules of a workspace: below the sweeps, and folded until asked for.
import type { JSX } from 'preact';
import type { PipelineRowView, ScheduleView } from '../../contract.gen';
import { useNow } from '../../ui/clock';
import { Button, Muted } from '../../ui/controls';
import { momentText, oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';
import { Fold } from './fold';
import { StatusSign, type PartProps } from './lists';
import { placeOf } from './state';

const SHOWN = 30;

export function Pipelines({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { pipelines, pipelinesProblem, workspace } = state;
  const place = placeOf(scene, workspace);
  return (
    <Fold
      {...{ scene, state, part: 'isPipelinesOpen', title: t('Pipelines') }}
      problem={pipelinesProblem}
      count={pipelines && pipelines.runs.length}
    >
      {() => (
        <>
          {pipelines!.runs.length === 0 && <Muted>{t('No pipeline has run yet.')}</Muted>}
          <ul class="aml-panel-list">
            {pipelines!.runs.slice(0, SHOWN).map(run => (
              <li key={run.id}>
                <PipelineItem run={run} place={place} />
              </li>
            ))}
          </ul>
          <Button class="aml-more" click={() => place?.open?.({ kind: 'pipelines' })}>
            {t('Open the table of pipelines')}
          </Button>
        </>
      )}
    </Fold>
  );
}

function PipelineItem(props: { run: PipelineRowView; place: Host | null }): JSX.Element | null {
  const { run, place } = props;
  return place === null ? null : (
    <Button
      class="aml-panel-item"
      title={oneLine(
        run.reused > 0
          ? place.t('%1 · %2 · %3 reused', run.name, run.experiment, run.reused)
          : `${run.name} · ${run.experiment}`
      )}
      click={() => place.open?.({ kind: 'pipeline', run: run.id })}
    >
      <StatusSign status={run.status} />
      <span class="aml-panel-name">{oneLine(run.name)}</span>
      <span class="aml-muted">{`${run.done}/${run.total}`}</span>
    </Button>
  );
}

export function Schedules({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const { pipelines, workspace } = state;
  const place = placeOf(scene, workspace);
  if (!pipelines || pipelines.schedules.length === 0) {
    return null;
  }
  return (
    <Fold
      {...{ scene, state, part: 'isSchedulesOpen', title: t('Schedules'), problem: null }}
      count={pipelines.schedules.length}
    >
      {() => (
        <ul class="aml-panel-list">
          {pipelines.schedules.map(one => (
            <li key={one.id}>
              <ScheduleItem schedule={one} place={place} />
            </li>
          ))}
        </ul>
      )}
    </Fold>
  );
}

function ScheduleItem(props: { schedule: ScheduleView; place: Host | null }): JSX.Element | null {
  const { schedule, place } = props;
  const now = useNow(schedule.next !== null, 10_000);
  if (place === null) {
    return null;
  }
  const { t } = place;
  const { name, when, target, next, problem } = schedule;
  return (
    <Button
      class="aml-panel-item"
      title={oneLine([name, when, target, momentText(next), problem].filter(Boolean).join(' · '))}
      click={() => place.open?.({ kind: 'pipelines', list: 'schedules' })}
    >
      <StatusSign status={problem ? 'Unhealthy' : schedule.status} />
      <span class="aml-panel-name">{oneLine(name)}</span>
      <span class="aml-panel-aside aml-muted">
        {next === null ? oneLine(when) : inText(next, now, t)}
      </span>
    </Button>
  );
}

/** How long it is until a moment, for a glance: in 5 min. */
export function inText(iso: string, now: number, t: Host['t']): string {
  const minutes = Math.ceil((Date.parse(iso) - now) / 60_000);
  if (minutes < 1) {
    return t('now');
  }
  return minutes < 120
    ? t('in %1 min', minutes)
    : minutes < 48 * 60
      ? t('in %1 h', Math.round(minutes / 60))
      : t('in %1 d', Math.round(minutes / (24 * 60)));
}
