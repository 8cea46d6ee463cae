// Finding lines: words in all of the log, which the server searches page by page, and errors among the loaded lines.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogHitView } from '../../contract.gen';
import { Button, Checkbox } from '../controls';
import { numberText, printable, wordsOf } from '../format';
import type { Translate } from '../host';
import type { LinePlace, LogReader, LogSource, LogState } from './reader';

/** Milliseconds to wait for the next letter. */
const PAUSE = 250;
/** Lines that are found at most. */
const MOST = 10_000;

/** What was found in the bytes before `end`, which are `line` lines, of `size`. */
interface Found {
  readonly hits: readonly LogHitView[];
  readonly end: number;
  readonly line: number;
  readonly size: number;
  readonly isBusy: boolean;
  readonly problem: string;
}

const NOTHING: Found = { hits: [], end: 0, line: 0, size: 0, isBusy: false, problem: '' };

export function LogSearch(props: { log: LogState; reader: LogReader; size: number }): JSX.Element {
  const { log, reader, size } = props;
  const { t } = reader.source;
  const [words, setWords] = useState('');
  const [isRegex, setRegex] = useState(false);
  const [at, setAt] = useState(-1);
  const [found, stop] = useSearch(reader.source, log, size, words, isRegex, () => setAt(-1));
  const go = (to: number): void => {
    const { length } = found.hits;
    if (length > 0) {
      const place = (to + length) % length;
      setAt(place);
      void reader.goTo(found.hits[place]!.offset);
    }
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? Math.max(at, 0) - 1 : at + 1);
    } else if (event.key === 'Escape') {
      stop();
    }
  };
  return (
    <span class="aml-log-search" role="search">
      <input
        type="search"
        placeholder={t('search')}
        aria-label={t('Search the log')}
        value={words}
        onInput={event => setWords(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      <Checkbox isOn={isRegex} change={setRegex}>
        <abbr title={t('Regular expression')}>.*</abbr>
      </Checkbox>
      {found.hits.length > 0 && (
        <>
          <Button aria-label={t('Previous line found')} click={() => go(Math.max(at, 0) - 1)}>
            ↑
          </Button>
          <Button aria-label={t('Next line found')} click={() => go(at + 1)}>
            ↓
          </Button>
        </>
      )}
      <span class="aml-muted" role="status">
        {words && saidOf(t, found, at)}
      </span>
      {found.isBusy && <Button click={stop}>{t('Stop')}</Button>}
    </span>
  );
}

function saidOf(t: Translate, found: Found, at: number): string {
  const { hits, end, size, isBusy, problem } = found;
  const hit = hits[at];
  const count = numberText(hits.length);
  if (problem) {
    return problem;
  }
  if (hit) {
    return t('%1 of %2, line %3', numberText(at + 1), count, numberText(hit.line));
  }
  return !isBusy && (end >= size || size === 0)
    ? t('%1 found', count)
    : t('%1 found in %2 % of the log', count, Math.floor((100 * end) / Math.max(1, size)));
}

/** What is found so far, and what ends the search. */
function useSearch(
  source: LogSource,
  log: LogState,
  size: number,
  words: string,
  isRegex: boolean,
  began: () => void
): [Found, () => void] {
  const [found, setFound] = useState(NOTHING);
  const latest = useRef(NOTHING);
  const turn = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const tell = (now: Found): void => {
    latest.current = now;
    setFound(now);
  };
  const stop = (): void => {
    turn.current += 1;
    clearTimeout(timer.current);
    timer.current = undefined;
    tell({ ...latest.current, isBusy: false });
  };
  const start = (): void => {
    const mine = turn.current;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const isOn = (): boolean => mine === turn.current;
      void search(source, log.file, words, isRegex, latest.current, isOn, tell);
    }, PAUSE);
  };
  useEffect(() => {
    stop();
    began();
    tell({ ...NOTHING, isBusy: words !== '' });
    if (words) {
      start();
    }
    return stop;
  }, [words, isRegex, log.file]);
  useEffect(() => {
    // What a log grew by is searched, too: not before what goes on, and not instead of it.
    if (words && !latest.current.isBusy && timer.current === undefined) {
      start();
    }
  }, [size]);
  return [found, stop];
}

async function search(
  source: LogSource,
  file: string,
  text: string,
  isRegex: boolean,
  from: Found,
  isOn: () => boolean,
  tell: (found: Found) => void
): Promise<void> {
  let found = from;
  const { t } = source;
  const question = { text, is_regex: isRegex, ...(file ? { file } : {}) };
  try {
    do {
      const { end: start, line } = found;
      const page = await source.search({ ...question, start, line });
      if (!isOn()) {
        return;
      }
      const hits = [...found.hits, ...page.hits];
      const isBusy = page.end < page.size && page.end > start && hits.length < MOST;
      found = { ...page, hits, isBusy, problem: '' };
      tell(found);
    } while (found.isBusy);
  } catch (error) {
    if (isOn()) {
      const problem = t('The log cannot be searched: %1', printable(wordsOf(error)));
      tell({ ...found, isBusy: false, problem });
    }
  }
}

/** Goes from one line that looks like an error to the next, round and round. */
export function NextError(props: {
  t: Translate;
  log: LogState;
  reader: LogReader;
}): JSX.Element | null {
  const { t, log, reader } = props;
  const errors = log.pages.flatMap(page =>
    [...page.errors].map((line): LinePlace => ({ page: page.key, line }))
  );
  if (errors.length === 0) {
    return null;
  }
  const order = (place: LinePlace): number => log.pages.findIndex(page => page.key === place.page);
  const isBehind = (place: LinePlace): boolean =>
    log.at !== null && (order(place) - order(log.at) || place.line - log.at.line) > 0;
  return (
    <Button click={() => reader.mark(errors.find(isBehind) ?? errors[0]!)}>
      {t('next error (%1)', errors.length)}
    </Button>
  );
}
