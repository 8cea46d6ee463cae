// The head of the panel: what run this is, how it goes, and what can be done about it.
import { button } from '../../ui/control';
import { div, element, setText, span } from '../../ui/element';
import { momentText, oneLine, secondsText } from '../../ui/format';
import { linkLine } from '../../ui/link_line';
import { statusText, tone } from '../../ui/status';
import type { RunView } from '../../contract.gen';
import { cancelButton } from './cancel';
import { secondsLeft } from './eta';
import type { Part } from './part';
import type { Scene } from './scene';

export function banner(scene: Scene): Part {
  const { host, t, run } = scene;
  const status = element('span', { class: 'aml-status', role: 'status', tabindex: -1 });
  const name = element('h2', { class: 'aml-run-name' });
  const place = span();
  const time = span();
  const left = span();
  const attempt = span();
  const reason = element('p', { class: 'aml-run-reason' });
  const cancel = cancelButton(scene, status);
  const copy = copyButton(scene);
  const link = linkLine(t, 'aml-run-link');
  const open = host.open && button(t('Open'), () => host.open?.({ kind: 'run', run }));
  const node = element('header', { class: 'aml-run-banner' }, [
    div('aml-run-line', status, name, link.node, span('aml-run-actions', cancel.node, open)),
    div('aml-run-line aml-muted', place, time, left, attempt, copy.node),
    reason,
    cancel.problem
  ]);
  return {
    node,
    show(view): void {
      setText(status, statusText(view.status));
      status.className = `aml-status ${tone(view.status)}`;
      setText(name, oneLine(view.name) || t('Run %1', view.number));
      setText(place, t('run %1 of %2', view.number, oneLine(view.experiment)));
      const elapsed = elapsedOf(view, scene);
      setText(time, isCounting(view, scene) ? wholeText(elapsed) : secondsText(elapsed));
      time.title = view.started === null ? '' : t('started %1', momentText(view.started));
      setText(left, leftText(view, scene, elapsed));
      setText(attempt, view.attempt > 1 ? t('attempt %1', view.attempt) : '');
      setText(reason, oneLine(view.reason));
      reason.hidden = !view.reason;
      copy.show(view);
      cancel.show(view);
      link.set(scene.link, scene.message, view.is_terminal);
    }
  };
}

/** Whether this page counts the time by itself. */
export function isCounting(view: RunView, scene: Scene): boolean {
  return scene.link === 'live' && !view.is_terminal && view.started !== null;
}

/** Seconds that the run takes, or has taken until now as far as is known. */
function elapsedOf(view: RunView, scene: Scene): number | null {
  const counted = Date.now() / 1_000 - Date.parse(view.started ?? '') / 1_000 - scene.skew;
  return isCounting(view, scene) && isFinite(counted)
    ? Math.floor(Math.max(0, counted))
    : view.elapsed;
}

function leftText(view: RunView, scene: Scene, elapsed: number | null): string {
  if (!isCounting(view, scene) || elapsed === null) {
    return '';
  }
  try {
    const left = secondsLeft(view, scene.book, elapsed);
    return left === null ? '' : scene.t('about %1 left', wholeText(Math.ceil(left)));
  } catch {
    return ''; // Damaged parameters, which their own part tells of.
  }
}

/** Whole seconds, as a clock counts them. */
function wholeText(seconds: number | null): string {
  return secondsText(seconds).replace('.0 s', ' s');
}

function copyButton({ t, run }: Scene): Part {
  let short = '';
  const calm = (): void => setText(node, short);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(run);
      setText(node, t('copied'));
    } catch {
      setText(node, oneLine(run)); // Where the page may not copy, the reader can.
    }
  };
  const node = button('', () => void copy(), {
    ...{
      class: 'aml-run-id aml-mono',
      title: oneLine(run),
      'aria-label': t('Copy the id of the run')
    }
  });
  node.onblur = node.onpointerleave = calm;
  return {
    node,
    show(view): void {
      if (short !== view.short_id) {
        short = oneLine(view.short_id);
        calm();
      }
    }
  };
}
