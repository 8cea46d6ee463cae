// Images that a run logged under one name: one at a time, fetched when it comes into view, with the step where
// it was logged and what was said of it.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FilePreviewView } from '../../contract.gen';
import { Button, Muted } from '../controls';
import { oneLine, printable, wordsOf } from '../format';
import type { Translate } from '../host';
import { imageSource } from '../image';
import { whenSeen } from '../visibility';
import { markText, type MetricProps } from './metric';

/** How long a slider rests on an image until it is asked for. */
const PAUSE = 120;

/** The newest image; a slider, buttons and the arrows go back to those before it. */
export function ImageSeries({ metric, host, run }: MetricProps): JSX.Element {
  const { t } = host;
  const { files, marks } = metric;
  const label = oneLine(metric.name);
  const root = useRef<HTMLDivElement>(null);
  const [isSeen, see] = useState(false);
  const [attempt, retry] = useState(0);
  /** Null follows the newest. */
  const [picked, pick] = useState<number | null>(null);
  useEffect(() => whenSeen(root.current!, () => see(true)), []);
  const last = files.length - 1;
  const place = Math.min(picked ?? last, last);
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(to, last));
    pick(next === last ? null : next);
  };
  const mark = marks?.[place];
  const text = last === 0 ? label : t('%1, image %2 of %3', label, place + 1, files.length);
  const file = files[place]!;
  const image = useImage({ host, run, file: isSeen ? file : null, attempt });
  return (
    <div ref={root}>
      <Picture
        {...{ t, text, image }}
        go={way => go(place + way)}
        retry={() => retry(attempt + 1)}
      />
      {mark?.description && <div class="aml-image-about">{printable(mark.description)}</div>}
      <Steps
        {...{ t, label, text, place, last, go }}
        mark={markText(mark, t)}
        url={host.fileUrl?.(run, file)}
      />
    </div>
  );
}

/** Which of the images it is, what leads to the others, and the file to keep. */
function Steps(props: {
  t: Translate;
  label: string;
  text: string;
  mark: string;
  place: number;
  last: number;
  url?: string;
  go(to: number): void;
}): JSX.Element {
  const { t, label, text, mark, place, last, url, go } = props;
  const count = last > 0 ? t('%1 of %2', place + 1, last + 1) : '';
  return (
    <div class="aml-image-row">
      {last > 0 && (
        <>
          <Button
            aria-label={t('Image before')}
            isDisabled={place === 0}
            click={() => go(place - 1)}
          >
            ‹
          </Button>
          <input
            type="range"
            min={0}
            max={last}
            step={1}
            value={place}
            aria-label={t('Image of %1', label)}
            aria-valuetext={[text, mark].filter(Boolean).join(' · ')}
            onInput={event => go(Number(event.currentTarget.value))}
          />
          <Button
            aria-label={t('Next image')}
            isDisabled={place === last}
            click={() => go(place + 1)}
          >
            ›
          </Button>
        </>
      )}
      <span class="aml-muted">{[mark, count].filter(Boolean).join(' · ')}</span>
      {url && (
        <a download href={url}>
          {t('Download')}
        </a>
      )}
    </div>
  );
}

interface Shown {
  source: string;
  /** Why there is none. */
  message: string;
  /** Whether it is worth asking again. */
  isFailed?: boolean;
}

/** An image, that a click makes as large as it is; arrows lead to the others. */
function Picture(props: {
  t: Translate;
  text: string;
  image: Shown;
  go(way: 1 | -1): void;
  retry(): void;
}): JSX.Element {
  const { t, text, image, go, retry } = props;
  const [isLarge, enlarge] = useState(false);
  const pressed = (event: KeyboardEvent): void => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (way) {
      event.preventDefault();
      go(way);
    } else if (event.key === 'Escape' && isLarge) {
      enlarge(false);
    }
  };
  return (
    <>
      {image.source && (
        <button
          type="button"
          class={`aml-image-button${isLarge ? ' aml-large' : ''}`}
          aria-expanded={isLarge}
          onClick={() => enlarge(!isLarge)}
          onKeyDown={pressed}
        >
          <img class="aml-image" src={image.source} alt={text} />
        </button>
      )}
      {image.message && <Muted>{image.message}</Muted>}
      {image.isFailed && <Button click={retry}>{t('Try again')}</Button>}
    </>
  );
}

/** The image of a file, asked for once; the one before stays until it is there. */
function useImage(props: {
  host: MetricProps['host'];
  run: string;
  /** Null asks for nothing yet. */
  file: string | null;
  attempt: number;
}): Shown {
  const { host, run, file, attempt } = props;
  const kept = useRef(new Map<string, Promise<FilePreviewView>>());
  const isFirst = useRef(true);
  const [shown, show] = useState<Shown>({ source: '', message: '' });
  useEffect(() => {
    if (file === null) {
      return;
    }
    let isVoid = false;
    const load = async (): Promise<void> => {
      const answer = kept.current.get(file) ?? host.ask('preview', { run, file });
      kept.current.set(file, answer);
      try {
        const preview = await answer;
        const source = imageSource(preview);
        const why = oneLine(preview.message) || host.t('This image cannot be shown.');
        if (!isVoid) {
          show({ source, message: source ? '' : why });
        }
      } catch (error) {
        kept.current.delete(file);
        if (!isVoid) {
          show({ source: '', message: oneLine(wordsOf(error)), isFailed: true });
        }
      }
    };
    const timer = setTimeout(() => void load(), isFirst.current ? 0 : PAUSE);
    isFirst.current = false;
    return () => {
      isVoid = true;
      clearTimeout(timer);
    };
  }, [file, attempt]);
  return shown;
}
