// The head of the panel: what run this is, how it goes, and what can be done about it.
import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RunView } from '../../contract.gen';
import { Button, LinkLine, LongText, Message } from '../../ui/controls';
import { momentText, oneLine, secondsText } from '../../ui/format';
import { statusText, tone } from '../../ui/status';
import { Actions, canChange, type Notice } from './manage/actions';
import { CancelButton, canCancel } from './manage/cancel';
import { RunForm } from './manage/edit';
import { secondsLeft } from './curves/eta';
import { isCounting, type PanelProps } from './panel';
import type { RunState, Scene } from './state';

/** Letters of a name that stands beside the buttons. */
const LONG = 60;

export function Banner({ scene, state }: PanelProps): JSX.Element {
  const { t } = scene;
  const { view, link, message } = state;
  const [notice, tell] = useState<Notice | null>(null);
  const [isEdited, setEdited] = useState(false);
  const header = useRef<HTMLElement>(null);
  const isCancelShown = canCancel(state);
  const name = oneLine(view.name) || t('Run %1', view.number);
  const edit = (): void => {
    setEdited(!isEdited);
    tell(null);
  };
  const closeEditor = (): void => {
    setEdited(false);
    header.current?.querySelector<HTMLElement>('.aml-run-actions [aria-expanded]')?.focus();
  };
  useKeptFocus(header);
  return (
    <header class="aml-run-banner" ref={header}>
      <div class="aml-run-line aml-run-title">
        <span class={`aml-status ${tone(view.status)}`} role="status" tabIndex={-1}>
          {statusText(view.status)}
        </span>
        <h2 class={`aml-run-name${name.length > LONG ? ' aml-run-long' : ''}`} dir="auto">
          {name}
        </h2>
        <LinkLine t={t} link={link} message={message} isQuiet={view.is_terminal} />
        <span class="aml-run-actions">
          {isCancelShown && (
            <CancelButton
              scene={scene}
              state={state}
              elapsed={elapsedOf(state)}
              tell={text => tell(text ? { text, isBad: true } : null)}
            />
          )}
          <WholeButton scene={scene} view={view} />
          <Actions {...{ scene, state, tell, isEdited }} edit={edit} />
        </span>
      </div>
      <Facts scene={scene} state={state} />
      {isEdited && canChange(state) && <RunForm {...{ scene, state }} close={closeEditor} />}
      <Reason t={t} view={view} />
      <LaterAttempt scene={scene} state={state} />
      <NoticeLine t={t} notice={notice} />
    </header>
  );
}

/** From the run of a sweep to its trials, from one of a pipeline to its steps, and from a step to its pipeline. */
function WholeButton({ scene, view }: { scene: Scene; view: RunView }): JSX.Element | null {
  const { t, host } = scene;
  const { type, id, parent } = view;
  const wholes = new Map([
    ['hyperdrive', [t('Show the trials'), { kind: 'sweep', run: id }]],
    ['azureml.PipelineRun', [t('Show the steps'), { kind: 'pipeline', run: id }]],
    ['azureml.StepRun', [t('Show the pipeline'), { kind: 'pipeline', run: parent ?? id }]]
  ] as const);
  const [words, subject] = wholes.get(type as 'hyperdrive') ?? [];
  return subject && host.open ? <Button click={() => host.open?.(subject)}>{words}</Button> : null;
}

/** Who stands on a button that goes stands on what undoes that then, or on the status. */
function useKeptFocus(header: RefObject<HTMLElement>): void {
  const wasIn = header.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    const find = (of: string): HTMLElement | null | undefined =>
      header.current?.querySelector<HTMLElement>(of);
    if (wasIn && !header.current?.contains(document.activeElement)) {
      (find('.aml-run-undo') ?? find('.aml-status'))?.focus();
    }
  });
}

/** What was done, with the way back, or why it could not be. */
function NoticeLine({ t, notice }: { t: Scene['t']; notice: Notice | null }): JSX.Element {
  const { text, isBad, undo } = notice ?? {};
  return (
    <div role={isBad ? 'alert' : 'status'}>
      {text && (
        <Message tone={isBad ? 'aml-bad' : 'aml-calm'}>
          {text}
          {undo && (
            <>
              {' '}
              <Button class="aml-run-undo" click={undo}>
                {t('Undo')}
              </Button>
            </>
          )}
        </Message>
      )}
    </div>
  );
}

function Facts({ scene, state }: PanelProps): JSX.Element {
  const { t } = scene;
  const { view } = state;
  const elapsed = elapsedOf(state);
  const started = view.started === null ? undefined : t('started %1', momentText(view.started));
  return (
    <div class="aml-run-line aml-muted">
      <span>{t('run %1 of %2', view.number, oneLine(view.experiment))}</span>
      <span title={started}>{isCounting(state) ? wholeText(elapsed) : secondsText(elapsed)}</span>
      <span>{leftText(state, scene, elapsed)}</span>
      {view.archived && <span>{t('archived')}</span>}
      {view.attempt > 1 || state.later ? <span>{t('attempt %1', view.attempt)}</span> : null}
      <CopyId scene={scene} short={oneLine(view.short_id)} />
    </div>
  );
}

/** Why the run is as it is, once: its error, or what was said of its status. */
function Reason({ t, view }: { t: Scene['t']; view: RunView }): JSX.Element | null {
  const { error, reason } = view;
  const why = error ? [error.code, error.message].filter(Boolean).join(': ') : '';
  const isSaid = !reason || (error !== null && why.includes(reason));
  const isRepeated = Boolean(error?.message) && reason.includes(error!.message);
  const text = [why, isSaid || isRepeated ? '' : reason];
  const shown = why && reason.includes(why) ? [reason] : text.filter(Boolean);
  return shown.length > 0 ? (
    <p class="aml-run-reason" dir="auto">
      <LongText t={t} text={shown.join('\n')} />
    </p>
  ) : null;
}

/** The way from how an attempt ended to what came of the run later. */
function LaterAttempt({ scene, state }: PanelProps): JSX.Element | null {
  const { later } = state;
  if (later === null) {
    return null;
  }
  const { attempt, status } = later.view;
  const show = (): void => scene.choose({ ...later, later: null });
  return (
    <Message tone="aml-calm">
      {scene.t('Attempt %1 of this run came later: %2', attempt, statusText(status))}{' '}
      <Button click={show}>{scene.t('Show attempt %1', attempt)}</Button>
    </Message>
  );
}

/** Seconds that the run takes, or has taken until now as far as is known. */
function elapsedOf(state: RunState): number | null {
  const { view, skew } = state;
  const counted = Date.now() / 1_000 - Date.parse(view.started ?? '') / 1_000 - skew;
  return isCounting(state) && isFinite(counted) ? Math.floor(Math.max(0, counted)) : view.elapsed;
}

function leftText(state: RunState, { t }: Scene, elapsed: number | null): string {
  if (!isCounting(state) || elapsed === null) {
    return '';
  }
  try {
    const left = secondsLeft(state.view, state.book, elapsed);
    return left === null ? '' : t('about %1 left', wholeText(Math.ceil(left)));
  } catch {
    return ''; // Damaged parameters, which their own part tells of.
  }
}

/** Whole seconds, as a clock counts them. */
function wholeText(seconds: number | null): string {
  return secondsText(seconds).replace('.0 s', ' s');
}

function CopyId({ scene, short }: { scene: Scene; short: string }): JSX.Element {
  const { t, run } = scene;
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(run);
      setSaid(t('copied'));
    } catch {
      setSaid(oneLine(run)); // Where the page may not copy, the reader can.
    }
  };
  const calm = (): void => setSaid('');
  return (
    <Button
      class="aml-run-id aml-mono"
      title={oneLine(run)}
      aria-label={t('Copy the id of the run')}
      click={() => void copy()}
      onBlur={calm}
      onPointerLeave={calm}
    >
      {said || short}
    </Button>
  );
}
