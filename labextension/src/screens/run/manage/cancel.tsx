// Canceling a run: asked once where it would lose more than a minute, said at once, and an error told in words.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../../ui/controls';
import { printable, secondsText, wordsOf } from '../../../ui/format';
import { TERMINAL } from '../../../ui/status';
import type { RunState, Scene } from '../state';

/** Seconds of a run that are lost without a question. */
const LITTLE = 60;

type Step = 'none' | 'question' | 'asked';

export function canCancel({ view, link }: RunState): boolean {
  return !view.is_terminal && !['still', 'gone', 'ended'].includes(link);
}

export function CancelButton(props: {
  scene: Scene;
  state: RunState;
  elapsed: number | null;
  tell: (problem: string) => void;
}): JSX.Element {
  const { scene, state, elapsed, tell } = props;
  const { t } = scene;
  const [step, setStep] = useState<Step>('none');
  const button = useRef<HTMLSpanElement>(null);
  const isCanceling = step === 'asked' || state.view.status === 'CancelRequested';
  const back = (next: Step): void => {
    setStep(next);
    button.current?.querySelector('button')?.focus();
  };
  const cancel = async (): Promise<void> => {
    back('asked');
    tell('');
    const problem = await cancelRun(scene);
    if (problem !== null) {
      setStep('none');
      tell(problem);
    }
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && step === 'question') {
      event.stopPropagation();
      back('none');
    }
  };
  return (
    <span class="aml-run-cancel" ref={button} onKeyDown={pressed}>
      <Button
        aria-label={t('Cancel run %1', state.view.number)}
        aria-expanded={step === 'question' || undefined}
        isDisabled={isCanceling}
        click={() => ((elapsed ?? 0) > LITTLE ? setStep('question') : void cancel())}
      >
        {isCanceling ? t('Canceling…') : t('Cancel')}
      </Button>
      {step === 'question' && !isCanceling && (
        <Question {...{ t, elapsed }} yes={() => void cancel()} no={() => back('none')} />
      )}
    </span>
  );
}

function Question(props: {
  t: Scene['t'];
  elapsed: number | null;
  yes: () => void;
  no: () => void;
}): JSX.Element {
  const { t, elapsed, yes, no } = props;
  const group = useRef<HTMLSpanElement>(null);
  useEffect(() => group.current?.querySelector('button')?.focus(), []);
  const words = t('End it after %1?', secondsText(elapsed));
  return (
    <span role="group" aria-label={words} ref={group}>
      {words} <Button click={yes}>{t('Yes, cancel')}</Button> <Button click={no}>{t('No')}</Button>
    </span>
  );
}

/** Cancel the run, and show what came of it; returns why it could not be canceled. */
async function cancelRun({ host, store, run, t }: Scene): Promise<string | null> {
  try {
    const { status, reason } = await host.ask('cancel', { run });
    const { view } = store.state;
    if (!view.is_terminal) {
      store.set({ view: { ...view, status, reason, is_terminal: TERMINAL.has(status) } });
    }
    return null;
  } catch (error) {
    return t('The run could not be canceled: %1', printable(wordsOf(error)));
  }
}
