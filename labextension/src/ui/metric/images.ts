// Images that a run logged: one at a time, fetched when it comes into view, with where it was logged and why.
import { button, muted, wordsOf } from '../control';
import { div, element, setAttributes, setText, span } from '../element';
import { oneLine, printable } from '../format';
import type { Host } from '../host';
import { imageSource } from '../image';
import { whenSeen } from '../seen';
import type { FileMarkView, FilePreviewView, MetricView } from '../../contract.gen';
import { markText, type Draw } from './metric';

const PAUSE = 120;

/** The newest image; a slider and buttons go back to those before it. */
export const drawImages: Draw = (parent, host, run, name) => {
  const { t } = host;
  const label = oneLine(name);
  const picture = pictureOf();
  const count = span('aml-muted');
  const about = div('aml-image-about');
  const link = element('a', { download: true, hidden: true }, [t('Download')]);
  const slider = element(
    'input',
    { type: 'range', min: 0, step: 1, 'aria-label': t('Image of %1', label) },
    [],
    {
      input: () => go(Number(slider.value), PAUSE)
    }
  );
  const back = button('‹', () => go(place - 1, 0), { 'aria-label': t('Image before') });
  const on = button('›', () => go(place + 1, 0), { 'aria-label': t('Next image') });
  const root = div(
    '',
    ...picture.nodes,
    about,
    div('aml-image-row', back, slider, on, count, link)
  );
  parent.append(root);
  const load = loader(host, run, picture.show);
  let files: string[] = [];
  let marks: FileMarkView[] = [];
  let isSeen = false;
  let place = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const go = (to: number, pause: number): void => {
    place = Math.max(0, Math.min(to, files.length - 1));
    slider.value = String(place);
    const isOne = files.length < 2;
    const text = isOne ? label : t('%1, image %2 of %3', label, place + 1, files.length);
    setAttributes(slider, { 'aria-valuetext': text });
    setAttributes(back, { 'aria-disabled': place === 0 });
    setAttributes(on, { 'aria-disabled': place === files.length - 1 });
    const mark = marks[place];
    setText(count, [isOne ? '' : text, markText(mark, t)].filter(Boolean).join(' · '));
    setText(about, printable(mark?.description ?? ''));
    clearTimeout(timer);
    timer = setTimeout(() => isSeen && load(files[place]!, text), pause);
    const url = host.fileUrl?.(run, files[place]!);
    link.hidden = !url;
    link.href = url ?? '';
  };
  const stop = whenSeen(root, () => {
    isSeen = true;
    if (place >= 0) {
      go(place, 0);
    }
  });
  return {
    update: (metric: MetricView) => {
      const wasLast = place === files.length - 1;
      ({ files, marks = [] } = metric);
      slider.max = String(files.length - 1);
      slider.hidden = back.hidden = on.hidden = files.length < 2;
      go(wasLast ? files.length - 1 : place, 0);
    },
    dispose: () => {
      stop();
      clearTimeout(timer);
    }
  };
};

/** An image that a click makes as large as it is, and what is said where there is none. */
function pictureOf(): { nodes: HTMLElement[]; show(source: string, alt: string): void } {
  const image = element('img', { class: 'aml-image' });
  const message = muted('');
  const enlarge = (): void =>
    setAttributes(large, { 'aria-expanded': large.classList.toggle('aml-large') });
  const large = button([image], enlarge, {
    class: 'aml-image-button',
    'aria-expanded': false,
    hidden: true
  });
  const show = (source: string, text: string): void => {
    large.hidden = !source;
    if (source) {
      image.src = source;
      image.alt = text;
    }
    setText(message, source ? '' : text);
  };
  return { nodes: [large, message], show };
}

/** Asks for a file once, and shows the last that was asked for. */
function loader(
  host: Host,
  run: string,
  show: (source: string, text: string) => void
): (file: string, alt: string) => void {
  const kept = new Map<string, Promise<FilePreviewView>>();
  let current: unknown;
  return (file, alt) => {
    const answer = kept.get(file) ?? host.ask('preview', { run, file });
    kept.set(file, answer);
    current = answer;
    answer.then(
      preview => {
        if (current === answer) {
          const source = imageSource(preview);
          show(
            source,
            source ? alt : oneLine(preview.message) || host.t('This image cannot be shown.')
          );
        }
      },
      (error: unknown) => {
        kept.delete(file);
        if (current === answer) {
          show('', oneLine(wordsOf(error)));
        }
      }
    );
  };
}
