// Files of a run: what they are called, how large they are, a look into them, and the way to get them.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { div, element, setAttributes, setText } from '../../ui/element';
import { bytesText, oneLine } from '../../ui/format';
import type { FileView, RunView } from '../../contract.gen';
import { asked } from './asked';
import { button, muted } from '../../ui/control';
import { listed, type Row } from '../../ui/keyed';
import { guarded, type Part } from './part';
import { previewElement } from './preview';
import type { Scene } from './scene';
import { section } from './table';
import { thumbnails } from './thumbnails';

const SHOWN = 200;

export function files(scene: Scene): Part {
  const { t } = scene;
  const { node: list, body } = section(t('Files'), [t('Name'), t('Size'), t('Download')], true);
  const none = muted(t('This run has no files.'));
  const images = guarded(() => thumbnails(scene, name => toggles.get(name)?.()), t);
  const toggles = new Map<string, () => void>();
  const show = (view: RunView): void => {
    images.show(view);
    none.hidden = view.files.length > 0;
    list.hidden = !none.hidden;
    rows.show(
      [...view.files].sort(
        (one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1)
      )
    );
  };
  const rows = listed<FileView>(
    body,
    SHOWN,
    t,
    file => file.name,
    file => row(file, scene, toggles)
  );
  list.append(rows.more);
  return { node: div('', images.node, list, none), show, dispose: () => images.dispose?.() };
}

/** What the run made comes first, its logs come last. */
function rank({ name }: FileView): number {
  return name.startsWith('outputs/')
    ? 0
    : /^(?:user_logs|logs|system_logs|azureml-logs)\//.test(name)
      ? 2
      : 1;
}

function row(
  { name }: FileView,
  { host, run, t }: Scene,
  toggles: Map<string, () => void>
): Row<FileView> {
  const size = element('td', { class: 'aml-number' });
  const preview = element('div', { class: 'aml-run-preview', hidden: true });
  const toggle = (): void => {
    preview.hidden = !preview.hidden;
    setAttributes(opener, { 'aria-expanded': !preview.hidden });
    if (!preview.hidden) {
      void asked(
        preview,
        t,
        () => host.ask('preview', { run, file: name }),
        answer => previewElement(answer, t)
      );
    }
  };
  const opener = button(oneLine(name), toggle, {
    class: 'aml-run-name-button',
    'aria-expanded': 'false'
  });
  toggles.set(name, () => {
    if (preview.hidden) {
      toggle();
    }
    opener.focus();
  });
  const url = host.fileUrl?.(run, name);
  const link =
    url &&
    isPlain(url) &&
    element('a', { href: url, download: '', 'aria-label': t('Download %1', oneLine(name)) }, ['⤓']);
  return {
    node: tableRow(rowHead(opener, preview), size, element('td', {}, [link])),
    show: file => setText(size, bytesText(file.size)),
    dispose: () => toggles.delete(name)
  };
}

/** An address that loads something, and runs nothing. */
function isPlain(url: string): boolean {
  try {
    return /^(?:https?|blob):$/.test(new URL(url, document.baseURI).protocol);
  } catch {
    return false;
  }
}
