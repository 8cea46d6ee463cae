// The log viewer.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Checkbox, Message } from '../../../ui/controls';
import { oneLine, printable, wordsOf } from '../../../ui/format';
import { LogBox } from './box';
import type { LogReader } from './reader';
import { LogSearch, NextError } from './search';
import type { PanelProps } from '../panel';

export function LogTab({ scene, state, reader }: PanelProps & { reader: LogReader }): JSX.Element {
  const { t } = scene;
  const { log, view } = state;
  const [isWrapped, setWrapped] = useState(true);
  useEffect(() => reader.open(), []);
  useEffect(() => reader.grown(view.log_size), [view.log_size]);
  const isFollowOffered = !log.isFollowing && (log.isBehind || !view.is_terminal);
  const toEnd = (): void => {
    reader.follow(true);
    scene.choose({});
  };
  return (
    <section aria-label={t('Log')}>
      <div class="aml-run-controls">
        {log.files.length > 1 && (
          <select
            aria-label={t('File')}
            value={log.file}
            onChange={event => reader.choose(event.currentTarget.value)}
          >
            {log.files.map(file => (
              <option key={file} value={file}>
                {oneLine(file)}
              </option>
            ))}
          </select>
        )}
        <LogSearch {...{ scene, log, reader }} />
        <NextError {...{ t, log, reader }} />
        <Checkbox isOn={isWrapped} change={setWrapped}>
          {t('wrap')}
        </Checkbox>
        {isFollowOffered && (
          <Button click={toEnd}>{log.isBehind ? t('follow ↓ (new lines)') : t('follow ↓')}</Button>
        )}
      </div>
      {log.problem && (
        <Message role="alert">
          {t('The log cannot be read: %1', printable(wordsOf(log.problem.why)))}{' '}
          <Button click={() => reader.tail()}>{t('Try again')}</Button>
        </Message>
      )}
      <LogBox {...{ t, log, reader, isWrapped }} />
    </section>
  );
}
