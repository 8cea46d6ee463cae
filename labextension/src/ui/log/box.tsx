// The loaded lines of a log in a box that scrolls: pages in the order of the file.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Button } from '../controls';
import type { Translate } from '../host';
import type { LogPage, LogReader, LogState } from './reader';
import { styled } from './styled';
import { LogTime, type LineTime } from './time';

export function LogBox(props: {
  t: Translate;
  log: LogState;
  reader: LogReader;
  isWrapped: boolean;
  isTimed: boolean;
}): JSX.Element {
  const { t, log, reader, isWrapped, isTimed } = props;
  const box = useRef<HTMLDivElement>(null);
  useScrolling(box, log);
  usePlace(box, log.isFollowing, `${isWrapped} ${isTimed}`);
  const first = log.pages[0]?.start ?? 0;
  const scrolled = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = box.current!;
    reader.follow(scrollTop + clientHeight >= scrollHeight - 4);
  };
  const earlier = (): void => {
    reader.earlier();
    box.current?.focus(); // The button may go.
  };
  const kind = ['aml-log aml-mono', isWrapped || 'aml-log-long', isTimed && 'aml-log-timed'];
  return (
    <div
      class={kind.filter(one => typeof one === 'string').join(' ')}
      role="region"
      tabIndex={0}
      aria-label={t('Log')}
      ref={box}
      onScroll={scrolled}
    >
      {first > 0 && (
        <Button class="aml-log-earlier" click={earlier}>
          {t('Load earlier lines')}
        </Button>
      )}
      {log.pages.map(page => (
        <Page
          key={page.key}
          {...{ page, isTimed }}
          at={log.at?.page === page.key ? log.at.line : -1}
          error={t('error')}
        />
      ))}
    </div>
  );
}

/** Keeps what is read in its place, follows the end where asked to, and brings the marked line into sight. */
function useScrolling(box: { current: HTMLDivElement | null }, log: LogState): void {
  const before = useRef({ page: null as Element | null, top: 0, at: log.at });
  useLayoutEffect(() => {
    const node = box.current!;
    const { page, top, at } = before.current;
    const marked = log.at === at ? null : node.querySelector<HTMLElement>('.aml-log-at');
    if (marked) {
      node.scrollTop = marked.offsetTop - node.clientHeight / 2;
    } else if (log.isFollowing) {
      node.scrollTop = node.scrollHeight;
    } else if (page?.isConnected) {
      node.scrollTop += (page as HTMLElement).offsetTop - top; // Lines came before it.
    }
    const first = node.querySelector<HTMLElement>('.aml-log-page');
    before.current = { page: first, top: first?.offsetTop ?? 0, at: log.at };
  }, [log]);
}

/** Lines that are drawn otherwise, or in a box of another width, leave the reader where he was. */
function usePlace(box: { current: HTMLDivElement | null }, isAtEnd: boolean, look: string): void {
  const before = useRef({ look, isAtEnd, line: null as HTMLElement | null, top: 0 });
  if (before.current.look !== look && box.current) {
    const line = firstInSight(box.current); // As it is drawn until now.
    const top = (line?.offsetTop ?? 0) - box.current.scrollTop;
    before.current = { look, isAtEnd, line, top };
  }
  before.current.isAtEnd = isAtEnd;
  const toEnd = (): void => {
    if (before.current.isAtEnd) {
      box.current!.scrollTop = box.current!.scrollHeight;
    }
  };
  useLayoutEffect(() => {
    const { line, top } = before.current;
    if (line && !isAtEnd) {
      box.current!.scrollTop = line.offsetTop - top;
    }
    toEnd();
  }, [look]);
  useEffect(() => {
    const sizes = new ResizeObserver(toEnd);
    sizes.observe(box.current!);
    return () => sizes.disconnect();
  }, []);
}

function firstInSight(box: HTMLElement): HTMLElement | null {
  const lines = box.querySelectorAll<HTMLElement>('.aml-log-line');
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.offsetTop < box.scrollTop) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return lines[low] ?? null;
}

function Page(props: { page: LogPage; at: number; error: string; isTimed: boolean }): JSX.Element {
  const { page, at, error, isTimed } = props;
  return useMemo(
    () => (
      <div class="aml-log-page">
        {page.lines.map((line, place) => (
          <Line
            key={place}
            line={line}
            isAt={place === at}
            error={page.errors.has(place) ? error : null}
            time={isTimed ? page.times[place]! : undefined}
          />
        ))}
      </div>
    ),
    [page, at, isTimed]
  );
}

function Line(props: {
  line: string;
  isAt: boolean;
  error: string | null;
  /** Undefined where times are not to be seen. */
  time: LineTime | undefined;
}): JSX.Element {
  const { line, isAt, error, time } = props;
  const kind = ['aml-log-line', error && 'aml-log-error', isAt && 'aml-log-at'];
  return useMemo(
    () => (
      <div class={kind.filter(Boolean).join(' ')}>
        {time !== undefined && <LogTime time={time} />}
        {error && (
          <span class="aml-log-mark" role="img" aria-label={error}>
            !
          </span>
        )}
        {/* An empty line is as high as another. */}
        {styled(`${line}\n`)}
      </div>
    ),
    [line, isAt, error, time]
  );
}
