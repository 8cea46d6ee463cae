// The head of a pipeline: how far it is, what it came of, and what can be done.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PipelineOriginView, PipelineView } from '../../contract.gen';
import { useNow } from '../../ui/clock';
import { Button, LinkLine, LongText, Message, Muted, Status } from '../../ui/controls';
import { nameOf, oneLine, secondsText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { Question } from '../../ui/question';
import { canAct, cancelPipeline, rerunPipeline, type PipelineProps } from './state';
import { secondsSince, wholeSeconds } from './steps';

export function Head({ scene, state }: PipelineProps): JSX.Element {
  const { t } = scene.host;
  const { view, link, message, problem } = state;
  return (
    <header class="aml-pipeline-head">
      <div class="aml-pipeline-line">
        <Status status={view.status} />
        <h2 class="aml-pipeline-name" dir="auto">
          {oneLine(nameOf(view))}
        </h2>
        <LinkLine {...{ t, link, message }} isQuiet={view.is_terminal} />
        {scene.host.design && (
          <Button
            title={t('Its pipeline as a new file, drawn')}
            click={() => scene.host.design!(view.id)}
          >
            {t('Open in the designer')}
          </Button>
        )}
        <Actions scene={scene} state={state} />
      </div>
      <Progress t={t} state={state} />
      {view.reason && (
        <p class={view.status === 'Failed' ? 'aml-status aml-bad' : 'aml-muted'}>
          <LongText t={t} text={view.reason} />
        </p>
      )}
      {view.description && (
        <p>
          <LongText t={t} text={view.description} />
        </p>
      )}
      <Origins scene={scene} state={state} />
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
    </header>
  );
}

function Progress({ t, state }: { t: Translate; state: PipelineProps['state'] }): JSX.Element {
  const { view, link } = state;
  const now = useNow(!view.is_terminal && link === 'live', 1_000);
  return (
    <div class="aml-pipeline-line">
      {!view.is_terminal && (
        <progress
          class="aml-sweep-progress"
          max={Math.max(1, view.total)}
          value={view.done}
          aria-label={t('Steps that have ended')}
        />
      )}
      <span>{progressText(view, now, t)}</span>
    </div>
  );
}

export function progressText(view: PipelineView, now: number, t: Translate): string {
  const took = view.is_terminal
    ? secondsText(view.seconds)
    : wholeSeconds(secondsSince(view.started ?? view.created, now));
  return [
    view.is_terminal
      ? t('%1 steps', view.total)
      : t('%1 of %2 steps have ended', view.done, view.total),
    view.reused > 0 && t('%1 reused', view.reused),
    view.failed > 0 && t('%1 failed', view.failed),
    view.running > 0 && t('%1 running', view.running),
    took && (view.is_terminal ? t('took %1', took) : t('%1 so far', took))
  ]
    .filter(Boolean)
    .join(', ');
}

/** What the run came of, and how it was asked for. */
function Origins({ scene, state }: PipelineProps): JSX.Element | null {
  const { t } = scene.host;
  const { view } = state;
  const how = [
    view.goes_on_after_failure && t('goes on after a step has failed'),
    view.makes_all_again && t('reuses nothing')
  ].filter(Boolean);
  if (view.origins.length === 0 && how.length === 0) {
    return null;
  }
  return (
    <p class="aml-muted">
      {view.origins.map(origin => (
        <span key={origin.kind}>
          {originText(origin, t)} <Origin scene={scene} origin={origin} />
          {' · '}
        </span>
      ))}
      {how.join(' · ')}
    </p>
  );
}

function originText({ kind }: PipelineOriginView, t: Translate): string {
  return {
    schedule: t('started by the schedule'),
    endpoint: t('by the endpoint'),
    pipeline: t('of the published pipeline'),
    rerun: t('run again from a step of')
  }[kind];
}

function Origin(props: { scene: PipelineProps['scene']; origin: PipelineOriginView }): JSX.Element {
  const { scene, origin } = props;
  const { open } = scene.host;
  const subject =
    origin.kind === 'rerun' ? { kind: 'pipeline', run: origin.id } : { kind: 'pipelines' };
  return open ? (
    <Button class="aml-link-button" click={() => open(subject)}>
      {oneLine(origin.name)}
    </Button>
  ) : (
    <b>{oneLine(origin.name)}</b>
  );
}

/** Steps that go on are ended with the pipeline; so it is asked once more, in its place. */
function Actions({ scene, state }: PipelineProps): JSX.Element | null {
  const { t } = scene.host;
  const { view, isCanceling } = state;
  const [isAsked, ask] = useState(false);
  if (!canAct(state)) {
    return null;
  }
  if (view.is_terminal) {
    return view.status === 'Completed' ? null : (
      <span class="aml-pipeline-actions">
        <Button
          title={t('What has completed is taken over; all other steps run again')}
          click={() => void rerunPipeline(scene)}
        >
          {t('Run the rest again')}
        </Button>
      </span>
    );
  }
  if (isCanceling || view.status === 'CancelRequested') {
    return <Muted>{t('Canceling…')}</Muted>;
  }
  return (
    <span class="aml-pipeline-actions">
      {isAsked ? (
        <Question
          words={t('End the pipeline and its steps?')}
          yes={t('Yes, cancel')}
          no={t('No')}
          act={() => {
            ask(false);
            void cancelPipeline(scene);
          }}
          keep={() => ask(false)}
        />
      ) : (
        <Button click={() => ask(true)}>{t('Cancel')}</Button>
      )}
    </span>
  );
}
