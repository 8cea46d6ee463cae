// Images that a run logged: one at a time, fetched when it comes into view.
import { element, setText } from '../element';
import { oneLine } from '../format';
import type { Host } from '../host';
import type { FilePreviewView, MetricView } from '../view';
import type { Draw } from './metric';

const PAUSE = 120;
// As the source of an <img> none of these, SVG included, runs code.
const SHOWN = /^image\/(?:png|jpeg|gif|webp|bmp|avif|tiff|svg\+xml)$/;

/** The newest image; a slider goes back to those before it. */
export const drawImages: Draw = (parent, host, run, name) => {
  const { t } = host;
  const label = oneLine(name);
  const picture = pictureOf();
  const count = element('span', { class: 'aml-muted' });
  const link = element('a', { download: true, hidden: true }, [t('Download')]);
  const slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': t('Image of %1', label) }, [], {
    input: () => go(Number(slider.value), PAUSE)
  });
  const root = element('div', {}, [...picture.nodes, element('div', { class: 'aml-image-row' }, [slider, count, link])]);
  parent.append(root);
  const load = loader(host, run, picture.show);
  let files: string[] = [];
  let isSeen = false;
  let place = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const go = (to: number, pause: number): void => {
    place = to;
    slider.value = String(to);
    const text = files.length > 1 ? t('%1, image %2 of %3', label, to + 1, files.length) : label;
    slider.setAttribute('aria-valuetext', text);
    setText(count, files.length > 1 ? text : '');
    clearTimeout(timer);
    timer = setTimeout(() => isSeen && load(files[place]!, text), pause);
    const url = host.fileUrl?.(run, files[to]!);
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
      files = metric.files;
      slider.max = String(files.length - 1);
      slider.hidden = files.length < 2;
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
  const message = element('p', { class: 'aml-muted' });
  const button = element('button', { type: 'button', class: 'aml-image-button', 'aria-expanded': 'false', hidden: true }, [image], {
    click: () => button.setAttribute('aria-expanded', String(button.classList.toggle('aml-large')))
  });
  const show = (source: string, text: string): void => {
    button.hidden = !source;
    if (source) {
      image.src = source;
      image.alt = text;
    }
    setText(message, source ? '' : text);
  };
  return { nodes: [button, message], show };
}

/** Asks for a file once, and shows the last that was asked for. */
function loader(host: Host, run: string, show: (source: string, text: string) => void): (file: string, alt: string) => void {
  const kept = new Map<string, Promise<FilePreviewView>>();
  let current: unknown;
  return (file, alt) => {
    const answer = kept.get(file) ?? host.ask('preview', { run, file });
    kept.set(file, answer);
    current = answer;
    answer.then(
      ({ image, media_type, message }) => {
        if (current === answer) {
          const isShown = image !== null && SHOWN.test(media_type);
          show(isShown ? `data:${media_type};base64,${image}` : '', isShown ? alt : oneLine(message) || host.t('This image cannot be shown.'));
        }
      },
      (error: unknown) => {
        kept.delete(file);
        if (current === answer) {
          show('', oneLine(error instanceof Error ? error.message : String(error)));
        }
      }
    );
  };
}

/** Call once, as soon as the node comes into view; returns what ends the wait. */
function whenSeen(node: Element, seen: () => void): () => void {
  if (typeof IntersectionObserver === 'undefined') {
    seen();
    return () => undefined;
  }
  const observer = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) {
      observer.disconnect();
      seen();
    }
  });
  observer.observe(node);
  return () => observer.disconnect();
}
