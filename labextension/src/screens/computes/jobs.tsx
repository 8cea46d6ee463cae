// The runs of a target: those that have nodes, then the queue.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ComputeJobView } from '../../contract.gen';
import { useNow } from '../../ui/clock';
import { Button, Muted, Status } from '../../ui/controls';
import { nameOf, oneLine, secondsText } from '../../ui/format';
import { canAct, stop } from './state';
import type { TargetProps } from './target';

/** Seconds of a run that are lost without a question. */
const LITTLE = 60;

export function Jobs(props: TargetProps): JSX.Element {
  const { row, scene } = props;
  const { t } = scene.host;
  const isOn = row.jobs.some(({ started }) => started !== null);
  const now = useNow(isOn, 1_000);
  if (row.jobs.length === 0) {
    return <Muted>{t('No run waits or goes on.')}</Muted>;
  }
  const isWide = row.jobs.some(({ nodes }) => nodes > 1);
  return (
    <>
      <table class="aml-compute-jobs">
        <thead>
          <tr>
            <th scope="col">{t('Run')}</th>
            <th scope="col">{t('Status')}</th>
            {isWide && <th scope="col">{t('Nodes')}</th>}
            <th scope="col">{t('For')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {row.jobs.map(job => (
            <Job key={job.id} {...props} job={job} now={now} isWide={isWide} />
          ))}
        </tbody>
      </table>
      {row.more > 0 && <Muted>{t('and %1 more in the queue', row.more)}</Muted>}
    </>
  );
}

function Job(
  props: TargetProps & { job: ComputeJobView; now: number; isWide: boolean }
): JSX.Element {
  const { scene, state, row, job, now, isWide } = props;
  const { host } = scene;
  const { t } = host;
  const began = job.place === null ? job.started : job.created;
  const seconds =
    began === null ? null : Math.max(0, Math.round((now - Date.parse(began)) / 1_000));
  const isStopping = state.stopping.has(job.id) || job.status === 'CancelRequested';
  const name = nameOf(job);
  return (
    <tr>
      <th scope="row" title={oneLine(`${job.experiment} · ${job.id}`)}>
        {host.open ? (
          <Button class="aml-compute-run" click={() => host.open?.({ kind: 'run', run: job.id })}>
            {name}
          </Button>
        ) : (
          name
        )}
      </th>
      <td>
        <Status status={job.status} />
        {job.place !== null && <span class="aml-muted"> {t('place %1', job.place)}</span>}
      </td>
      {isWide && <td class="aml-number aml-compute-wide">{job.nodes}</td>}
      <td class="aml-number">{secondsText(seconds)}</td>
      <td class="aml-compute-end">
        {canAct(state) && (
          <Stop
            {...{ t, name, isStopping }}
            isAsked={job.place === null && (seconds ?? 0) > LITTLE}
            stop={() => void stop(scene, row.name, job.id)}
          />
        )}
      </td>
    </tr>
  );
}

function Stop(props: {
  t: TargetProps['scene']['host']['t'];
  name: string;
  isStopping: boolean;
  isAsked: boolean;
  stop(): void;
}): JSX.Element {
  const { t, name, isStopping, isAsked, stop: end } = props;
  const [isOpen, setOpen] = useState(false);
  if (isOpen && !isStopping) {
    return (
      <span role="group" aria-label={t('End %1?', name)}>
        <Button class="aml-compute-danger" click={end}>
          {t('Yes, cancel')}
        </Button>{' '}
        <Button click={() => setOpen(false)}>{t('No')}</Button>
      </span>
    );
  }
  return (
    <Button
      aria-label={t('Cancel %1', name)}
      isDisabled={isStopping}
      click={() => (isAsked ? setOpen(true) : end())}
    >
      {isStopping ? t('Canceling…') : t('Cancel')}
    </Button>
  );
}
