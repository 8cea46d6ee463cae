// A box to try a service: a body that begins with a sample, the answer below it, and lines to copy.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TrialView } from '../../../contract.gen';
import { Button, Message, Muted, Picker } from '../../../ui/controls';
import { bytesText, oneLine, printable, wordsOf } from '../../../ui/format';
import type { PartProps, Scene } from '../state';
import { latencyText } from '../words';
import { Snippets } from './snippets';

const FORM = '{"data": []}';

interface Tried {
  readonly answer: TrialView | null;
  readonly problem: string;
}

export function Call({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { view, body } = state;
  const [source, setSource] = useState('');
  const [tried, setTried] = useState<Tried>({ answer: null, problem: '' });
  const [isSending, setSending] = useState(false);
  const [version, setVersion] = useState('');
  useSample(scene, body, setSource);
  const text = body ?? '';
  const notJson = jsonProblem(text);
  const send = async (): Promise<void> => {
    if (isSending) {
      return;
    }
    setSending(true);
    try {
      const question = { service: scene.service, body: text, version };
      setTried({ answer: await scene.host.ask('service_trial', question), problem: '' });
    } catch (error) {
      setTried({ answer: null, problem: wordsOf(error) });
    }
    setSending(false);
  };
  const versions = view.traffic.map(one => one.version).filter(Boolean);
  return (
    <div class="aml-service-call">
      <Body {...{ scene, text }} send={() => void send()} />
      <div class="aml-service-row">
        <Button
          class="aml-service-send"
          title={t('Ctrl+Enter')}
          isDisabled={isSending}
          click={() => void send()}
        >
          {isSending ? t('Waiting…') : t('Send')}
        </Button>
        {versions.length > 1 && (
          <Picker
            label={t('Version ')}
            options={[['', t('by traffic')], ...versions.map(one => [one, one] as const)]}
            value={version}
            change={setVersion}
          />
        )}
        <span class="aml-muted" role="status">
          {notJson ? t('This is not JSON: %1', oneLine(notJson)) : source}
        </span>
      </div>
      {tried.problem && (
        <Message tone="aml-bad" role="alert">
          {printable(tried.problem)}
        </Message>
      )}
      {tried.answer && <Answer scene={scene} answer={tried.answer} />}
      <Snippets scene={scene} state={state} body={text} />
    </div>
  );
}

function Body(props: { scene: Scene; text: string; send: () => void }): JSX.Element {
  const { scene, text, send } = props;
  return (
    <textarea
      class="aml-mono"
      rows={8}
      spellcheck={false}
      aria-label={scene.t('Body of the request')}
      value={text}
      onInput={event => scene.choose({ body: event.currentTarget.value })}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.stopPropagation();
          send();
        }
      }}
    />
  );
}

/** What to begin with: asked for once, and not where something was typed meanwhile. */
function useSample(scene: Scene, body: string | null, told: (source: string) => void): void {
  const isOver = useRef(false);
  const { t, host, service, store } = scene;
  const begin = (text: string, source: string): void => {
    if (!isOver.current && store.state.body === null) {
      scene.choose({ body: text });
      told(source);
    }
  };
  const words: Record<string, string> = {
    swagger: t('The example of the service.'),
    dataset: t('The first rows of the model’s sample.'),
    none: t('The service names no example: write what its run() takes.')
  };
  useEffect(() => {
    if (body === null) {
      host.ask('service_sample', { service }).then(
        sample => begin(sample.body, words[sample.source] ?? ''),
        () => begin(FORM, '')
      );
    }
    return () => {
      isOver.current = true;
    };
  }, []);
}

function jsonProblem(text: string): string {
  if (text === '') {
    return '';
  }
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return wordsOf(error);
  }
}

function Answer({ scene, answer }: { scene: Scene; answer: TrialView }): JSX.Element {
  const { t } = scene;
  const { status, reason, seconds, headers, text, size, is_cut } = answer;
  const tone = status < 400 ? 'aml-good' : status < 500 ? 'aml-warn' : 'aml-bad';
  const sign = status < 400 ? '✓' : '✗';
  return (
    <section aria-label={t('Answer')}>
      <p class="aml-service-row" role="status">
        <span class={`aml-status ${tone}`}>{`${sign} ${status} ${oneLine(reason)}`}</span>
        <span>{latencyText(seconds * 1_000)}</span>
        <span class="aml-muted">{bytesText(size)}</span>
        {status >= 500 && (
          <Button click={() => scene.choose({ tab: 'log' })}>{t('Open log')}</Button>
        )}
      </p>
      <pre class="aml-service-answer aml-mono" tabIndex={0} aria-label={t('Body of the answer')}>
        {printable(text)}
      </pre>
      {is_cut && <Muted>{t('This is the beginning of a long answer.')}</Muted>}
      <p class="aml-muted aml-mono">
        {Object.entries(headers)
          .map(([name, value]) => oneLine(`${name}: ${value}`))
          .join(' · ')}
      </p>
    </section>
  );
}
