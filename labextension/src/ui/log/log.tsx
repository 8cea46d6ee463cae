// The log viewer.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Checkbox, Message, Muted } from '../controls';
import { oneLine, printable, wordsOf } from '../format';
import { LogBox } from './box';
import type { LogReader, LogState } from './reader';
import { LogSearch, NextError } from './search';

/** How lines are drawn. */
interface Look {
  readonly isWrapped: boolean;
  readonly isTimed: boolean;
}

const KEY = 'aml-magics:log';

/** As the reader chose last in this browser. */
function recall(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Look> | null;
    return { isWrapped: kept?.isWrapped !== false, isTimed: kept?.isTimed === true };
  } catch {
    return { isWrapped: true, isTimed: false };
  }
}

function remember(look: Look): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // A browser that keeps nothing: the next log is drawn as ever.
  }
}

/** A log that grows to `size` bytes; one that `isOver` does not. */
export function LogViewer(props: {
  log: LogState;
  reader: LogReader;
  size: number;
  /** Other logs that grow, by name with their sizes. */
  others?: Readonly<Record<string, number>> | undefined;
  isOver: boolean;
  /** Whether it is known when lines were printed. */
  hasTimes?: boolean;
}): JSX.Element {
  const { log, reader, others, isOver, hasTimes = true } = props;
  const size = others?.[log.file] ?? props.size;
  const { t } = reader.source;
  const [{ isWrapped, isTimed }, setLook] = useState(recall);
  const look = (change: Partial<Look>): void => {
    const chosen = { isWrapped, isTimed, ...change };
    setLook(chosen);
    remember(chosen);
  };
  useEffect(() => reader.open(), []);
  useEffect(() => reader.grown(size), [size]);
  const toEnd = (): void => {
    reader.follow(true);
    reader.source.flush();
  };
  const isTimeKnown = log.pages.some(page => page.times.some(time => time !== null));
  const isFollowOffered = !log.isFollowing && (log.isBehind || !isOver);
  return (
    <section aria-label={t('Log')}>
      <div class="aml-run-controls">
        <Files {...{ log, reader, others }} />
        <LogSearch {...{ log, reader, size }} />
        <NextError {...{ t, log, reader }} />
        <Checkbox isOn={isWrapped} change={isOn => look({ isWrapped: isOn })}>
          {t('wrap')}
        </Checkbox>
        {hasTimes && (
          <Checkbox isOn={isTimed} change={isOn => look({ isTimed: isOn })}>
            {t('timestamps')}
          </Checkbox>
        )}
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
      {hasTimes && isTimed && log.pages.some(page => page.lines.length > 0) && !isTimeKnown && (
        <Muted>{t('When these lines were printed is not known.')}</Muted>
      )}
      <LogBox {...{ t, log, reader, isWrapped }} isTimed={isTimed && isTimeKnown} />
    </section>
  );
}

function Files(props: {
  log: LogState;
  reader: LogReader;
  others: Readonly<Record<string, number>> | undefined;
}): JSX.Element | null {
  const { log, reader, others } = props;
  const files = [...new Set([...log.files, ...Object.keys(others ?? {})])];
  return files.length < 2 ? null : (
    <select
      aria-label={reader.source.t('File')}
      value={log.file}
      onChange={event => reader.choose(event.currentTarget.value)}
    >
      {files.map(file => (
        <option key={file} value={file}>
          {oneLine(file)}
        </option>
      ))}
    </select>
  );
}
