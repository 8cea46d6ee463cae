// The head of a sweep: how far it is, its best trial, and what can be done.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SweepView } from '../../contract.gen';
import { Button, LinkLine, LongText, Message, Muted, Status } from '../../ui/controls';
import { useNow } from '../../ui/clock';
import { nameOf, oneLine, secondsText, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import {
  canAct,
  cancelSweep,
  insertValues,
  secondsBetween,
  secondsLeft,
  type Scene,
  type SweepState
} from './state';
import { plainName, runOf } from './trials';

export interface SweepProps {
  readonly scene: Scene;
  readonly state: SweepState;
}

export function Head({ scene, state }: SweepProps): JSX.Element {
  const { t } = scene.host;
  const { view, link, message, problem } = state;
  return (
    <header class="aml-sweep-head">
      <div class="aml-sweep-line">
        <Status status={view.status} />
        <h2 class="aml-sweep-name" dir="auto">
          {oneLine(nameOf(view))}
        </h2>
        <LinkLine {...{ t, link, message }} isQuiet={view.is_terminal} />
        <Cancel scene={scene} state={state} />
      </div>
      <Progress t={t} state={state} />
      {view.notice && <Muted>{view.notice}</Muted>}
      {view.reason && (
        <p class="aml-muted">
          <LongText t={t} text={view.reason} />
        </p>
      )}
      <Best scene={scene} state={state} />
      <Search t={t} view={view} />
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
    </header>
  );
}

/** A bar, and the same in words with the time that is left. */
function Progress({ t, state }: { t: Translate; state: SweepState }): JSX.Element {
  const { view, link } = state;
  const now = useNow(!view.is_terminal && link === 'live', 1_000);
  return (
    <div class="aml-sweep-line">
      {!view.is_terminal && (
        <progress
          class="aml-sweep-progress"
          max={Math.max(1, view.total)}
          value={view.done}
          aria-label={t('Trials that have ended')}
        />
      )}
      <span>{progressText(state, now, t)}</span>
    </div>
  );
}

export function progressText(state: SweepState, now: number, t: Translate): string {
  const { view } = state;
  const left = secondsLeft(state, now);
  const took = secondsBetween(view.started, view.ended);
  return [
    view.is_terminal
      ? t('%1 trials', view.there) + (took === null ? '' : ` ${t('in %1', secondsText(took))}`)
      : t('%1 of %2 trials have ended', view.done, view.total),
    !view.is_terminal && view.running > 0 && t('%1 go on', view.running),
    view.early > 0 && t('%1 ended early', view.early),
    left !== null && t('about %1 left', secondsText(left).replace('.0 s', ' s'))
  ]
    .filter(Boolean)
    .join(', ');
}

function Best({ scene, state }: SweepProps): JSX.Element {
  const { t, insert } = scene.host;
  const { view } = state;
  const { best } = view;
  const metric = oneLine(view.metric);
  const { compared } = scene;
  const run = best && compared.store.state.view.runs.find(({ id }) => id === runOf(view, best));
  if (best === null) {
    const none = view.is_terminal
      ? t('No trial has logged %1.', metric)
      : t('No trial has logged %1 yet.', metric);
    return <Muted>{none}</Muted>;
  }
  return (
    <div class="aml-sweep-line">
      <span>
        {t('Best %1:', metric)}{' '}
        <Button
          class="aml-sweep-best"
          title={t('Show the run of trial %1', best.number)}
          click={() => run && compared.open(run)}
          isDisabled={!run}
        >
          {valueText(best.metric)}
        </Button>{' '}
        {t('of trial %1', best.number)}
      </span>
      <span class="aml-mono aml-sweep-values">{valuesText(view)}</span>
      {insert && canAct(state) && (
        <Button
          title={t('Put the best values into the notebook as code')}
          click={() => void insertValues(scene)}
        >
          {t('Insert code')}
        </Button>
      )}
    </div>
  );
}

function valuesText({ parameters, best }: SweepView): string {
  return parameters
    .slice(0, best!.values.length)
    .map(({ name }, at) => `${oneLine(plainName(name))} = ${oneLine(valueText(best!.values[at]))}`)
    .join(', ');
}

/** What is searched, and how. */
function Search({ t, view }: { t: Translate; view: SweepView }): JSX.Element {
  const space = view.parameters
    .map(({ name, expression }) => `${plainName(name)} = ${expression}`)
    .join(', ');
  const how = [
    view.goal === 'higher' ? t('the highest %1', view.metric) : t('the lowest %1', view.metric),
    t('sampler %1', view.sampler),
    view.policy && t('policy %1', view.policy)
  ].filter(Boolean);
  return (
    <p class="aml-muted">
      <LongText t={t} text={oneLine(`${space} · ${how.join(' · ')}`)} />
    </p>
  );
}

/** Trials that go on are ended with it; so it is asked once more, in its place. */
function Cancel({ scene, state }: SweepProps): JSX.Element | null {
  const { t } = scene.host;
  const { view, isCanceling } = state;
  const [isAsked, ask] = useState(false);
  if (view.is_terminal || !canAct(state)) {
    return null;
  }
  if (isCanceling || view.status === 'CancelRequested') {
    return <Muted>{t('Canceling…')}</Muted>;
  }
  return isAsked ? (
    <span class="aml-sweep-actions" role="group" aria-label={t('Cancel')}>
      {t('End the sweep and its trials?')}{' '}
      <Button
        click={() => {
          ask(false);
          void cancelSweep(scene);
        }}
      >
        {t('Yes, cancel')}
      </Button>{' '}
      <Button click={() => ask(false)}>{t('No')}</Button>
    </span>
  ) : (
    <span class="aml-sweep-actions">
      <Button click={() => ask(true)}>{t('Cancel')}</Button>
    </span>
  );
}
