// Lines that call the service, to be copied. The key is fetched when it is asked for, and is never shown.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import type { PartProps } from '../state';
import { curlLines, PLACEHOLDER, pythonLines } from './lines';

const LONGEST = 2_000;

export function Snippets({ scene, state, body }: PartProps & { body: string }): JSX.Element | null {
  const { t, host, service } = scene;
  const { scoring_uri: uri, authentication } = state.view;
  const [said, say] = useState('');
  if (uri === null) {
    return null;
  }
  const needsKey = authentication !== 'none';
  const copy = async (make: typeof curlLines, withKey: boolean): Promise<void> => {
    try {
      const key = withKey ? (await host.ask('service_key', { service })).key : PLACEHOLDER;
      await navigator.clipboard.writeText(make(uri, body, needsKey ? key : null));
      say(withKey ? t('Copied with the key: keep it to yourself.') : t('Copied.'));
    } catch (error) {
      say(t('This could not be copied: %1', wordsOf(error)));
    }
  };
  const short = body.length > LONGEST ? '…' : body;
  return (
    <section aria-label={t('Lines to copy')}>
      {(
        [
          ['curl', curlLines],
          ['Python', pythonLines]
        ] as const
      ).map(([name, make]) => (
        <div key={name} class="aml-service-snippet">
          <div class="aml-service-row">
            <h3>{name}</h3>
            <Button
              aria-label={t('Copy the lines of %1', name)}
              click={() => void copy(make, false)}
            >
              {t('Copy')}
            </Button>
            {needsKey && (
              <Button
                aria-label={t('Copy the lines of %1 with the key', name)}
                click={() => void copy(make, true)}
              >
                {t('Copy with key')}
              </Button>
            )}
          </div>
          <pre class="aml-mono" tabIndex={0} aria-label={name}>
            {printable(make(uri, short, needsKey ? PLACEHOLDER : null))}
          </pre>
        </div>
      ))}
      <p class="aml-muted" role="status">
        {printable(said)}
      </p>
    </section>
  );
}
