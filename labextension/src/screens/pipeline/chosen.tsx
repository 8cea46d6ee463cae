// The step that was chosen: its status, why it was reused or not, the end of its log, and what can be done.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JsonScalar, PipelineStepView, RunEvent } from '../../contract.gen';
import { useNow } from '../../ui/clock';
import { Button, LongText, Muted, Status } from '../../ui/controls';
import { oneLine, printable, valueText } from '../../ui/format';
import type { Host } from '../../ui/host';
import { canAct, openRun, rerunPipeline, type PipelineProps, type Scene } from './state';
import { isGoingOn, timeText, waitedFor } from './steps';

const MOST_METRICS = 8;

interface StepProps extends PipelineProps {
  readonly step: PipelineStepView;
}

export function Chosen({ scene, state, step }: StepProps): JSX.Element {
  const { t } = scene.host;
  const now = useNow(state.link === 'live' && isGoingOn(step), 1_000);
  const name = oneLine(step.name);
  const waited = waitedFor(state.view, step.id);
  const facts: [string, string][] = [
    [t('Kind'), step.kind],
    [t('Compute'), step.target],
    [t('Inputs'), step.inputs.join(', ')],
    [t('Outputs'), step.outputs.join(', ')],
    [t('Waits for'), waited.join(', ')]
  ];
  return (
    <section class="aml-pipeline-chosen" aria-label={t('Step %1', name)}>
      <h3 dir="auto">{name}</h3>
      <p>
        <Status status={step.status} /> <span class="aml-muted">{timeText(step, now, t)}</span>
        {step.tries > 1 && <span class="aml-muted"> · {t('try %1', step.tries)}</span>}
      </p>
      {step.reason && (
        <p class={step.status === 'Failed' ? 'aml-status aml-bad aml-wrap' : 'aml-muted'}>
          <LongText t={t} text={step.reason} most={240} />
        </p>
      )}
      {step.reuse && (
        <p class="aml-pipeline-reuse">
          <LongText t={t} text={sentence(step.reuse)} most={300} />
        </p>
      )}
      <dl>
        {facts
          .filter(([, value]) => value)
          .map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{oneLine(value)}</dd>
            </div>
          ))}
      </dl>
      <Actions scene={scene} state={state} step={step} />
      {step.started !== null && (
        <Tail
          key={step.reused_from ?? step.run}
          host={scene.host}
          run={step.reused_from ?? step.run}
        />
      )}
    </section>
  );
}

/** A line of the store as a sentence. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Actions({ scene, state, step }: StepProps): JSX.Element {
  const { t } = scene.host;
  const { reused_from: original } = step;
  return (
    <div class="aml-toolbar">
      <Button click={() => openRun(scene, step)}>{t('Open run')}</Button>
      {original !== null && (
        <Button
          title={t('The run whose outputs this step has')}
          click={() => openRun(scene, { ...step, run: original })}
        >
          {t('Open the original')}
        </Button>
      )}
      {state.view.is_terminal && canAct(state) && <Again scene={scene} step={step} />}
    </div>
  );
}

function Again({ scene, step }: { scene: Scene; step: PipelineStepView }): JSX.Element {
  const { t } = scene.host;
  const [isBusy, setBusy] = useState(false);
  return (
    <Button
      isDisabled={isBusy}
      title={t(
        'This step and all that follow it run again; what has completed before is taken over'
      )}
      click={() => {
        setBusy(true);
        void rerunPipeline(scene, step.id).finally(() => setBusy(false));
      }}
    >
      {t('Run again from here')}
    </Button>
  );
}

interface Told {
  readonly lines: readonly string[];
  readonly metrics: ReadonlyMap<string, JsonScalar>;
  readonly problem: string;
}

/** What the run of a step has logged and printed last, as it comes. */
function Tail({ host, run }: { host: Host; run: string }): JSX.Element {
  const { t } = host;
  const [told, setTold] = useState<Told>({ lines: [], metrics: new Map(), problem: '' });
  useEffect(() => {
    const subscription = host.follow('run', { run }, null, {
      event: event => setTold(before => after(before, event)),
      link: (link, message = '') =>
        setTold(before => ({ ...before, problem: link === 'detached' ? message : '' }))
    });
    return () => subscription.stop();
  }, []);
  const metrics = [...told.metrics].slice(0, MOST_METRICS);
  return (
    <>
      {metrics.length > 0 && (
        <p class="aml-pipeline-metrics">
          {metrics.map(([name, value]) => (
            <span key={name}>
              {oneLine(name)} <b>{valueText(value)}</b>
            </span>
          ))}
        </p>
      )}
      {told.problem && <Muted>{printable(told.problem)}</Muted>}
      {told.lines.length > 0 ? (
        <pre class="aml-pipeline-log" tabIndex={0} role="region" aria-label={t('End of the log')}>
          {told.lines.map(printable).join('\n')}
        </pre>
      ) : (
        <Muted>{t('Nothing printed yet.')}</Muted>
      )}
    </>
  );
}

function after(before: Told, event: RunEvent): Told {
  if (event.type === 'view' || event.type === 'update') {
    const change = event.type === 'view' ? event.view : event.update;
    const logged = (change.metrics ?? [])
      .filter(({ name }) => !name.startsWith('system/'))
      .map(({ name, last }) => [name, last ?? null] as const);
    return {
      ...before,
      lines: change.log_tail ?? before.lines,
      metrics: new Map([...before.metrics, ...logged])
    };
  }
  return event.type === 'gone' ? { ...before, problem: event.message } : before;
}
