// The head of the screen: which dataset this is, and what it was made from.
import { datasetCode } from '../../ui/code';
import { button, fold, message, picker, wordsOf } from '../../ui/control';
import { div, element, span } from '../../ui/element';
import { bytesText, momentText, oneLine, printable } from '../../ui/format';
import { linkLine } from '../../ui/link_line';
import type { DatasetView } from '../../contract.gen';
import type { Scene } from './scene';
import { countedText, rowsText } from './words';

export function head(scene: Scene): HTMLElement {
  const { host, t, view } = scene;
  const line = linkLine(t, 'aml-run-link');
  const name = element('h2', { class: 'aml-run-name', tabindex: -1 }, [
    oneLine(view.name ?? '') || t('Dataset without a name')
  ]);
  const show = (version: number): void =>
    void scene
      .show(version)
      .catch(error => line.tell(t('Version %1 cannot be shown: %2', version, wordsOf(error))));
  const insert = (): void => {
    try {
      host.insert?.(datasetCode(host.workspace, view.name!, view.version), false);
    } catch (error) {
      line.tell(wordsOf(error)); // No notebook is open.
    }
  };
  const actions = span(
    'aml-run-actions',
    host.insert && view.name !== null
      ? button(t('Insert code'), insert, {
          title: t('Put code that gets this version into the notebook')
        })
      : null,
    host.open
      ? button(
          t('Open'),
          () =>
            host.open?.({
              kind: 'dataset',
              dataset: view.name ?? view.id,
              version: view.name === null ? undefined : view.version
            }),
          { class: 'aml-data-open' }
        )
      : null
  );
  return element('header', { class: 'aml-run-banner' }, [
    div('aml-run-line', name, versionPicker(scene, show), line.node, actions),
    facts(scene),
    view.description
      ? element('p', { class: 'aml-data-description' }, [printable(view.description)])
      : null,
    tags(view, scene),
    ...view.notices.map(notice => message(printable(notice))),
    view.problem ? message(printable(view.problem), { role: 'status' }, 'aml-bad') : null,
    origin(view, scene)
  ]);
}

function versionPicker({ t, view }: Scene, show: (version: number) => void): HTMLElement | null {
  if (view.versions.length < 2) {
    return view.version > 0 ? span('aml-muted', t('version %1', view.version)) : null;
  }
  const newest = Math.max(...view.versions.map(({ version }) => version));
  const pick = picker(t('Version '), value => show(Number(value)));
  pick.node.className = 'aml-data-versions-pick';
  pick.set(
    view.versions.map(({ version }) => [
      String(version),
      version === newest ? t('%1 (newest)', version) : String(version)
    ]),
    String(view.version)
  );
  return pick.node;
}

function facts({ t, view }: Scene): HTMLElement {
  const all = [
    view.kind === 'file' ? t('files') : [t('table'), view.format].filter(Boolean).join(', '),
    view.kind === 'file' ? '' : rowsText(view.rows, t),
    view.columns.length > 0 ? countedText(view.columns.length, '1 column', '%1 columns', t) : '',
    countedText(view.files, '1 file', '%1 files', t),
    bytesText(view.size),
    momentText(view.created)
  ];
  const words = all.filter(Boolean).map(text => span('', oneLine(text)));
  const fingerprint = element(
    'span',
    { class: 'aml-mono', title: t('Fingerprint of the contents: %1', oneLine(view.fingerprint)) },
    [oneLine(view.fingerprint.slice(0, 12))]
  );
  return div(
    'aml-run-line aml-muted aml-data-facts',
    ...words,
    view.fingerprint ? fingerprint : null
  );
}

function tags({ tags: all }: DatasetView, { t }: Scene): HTMLElement | null {
  const items = Object.entries(all).map(([name, value]) =>
    element('li', {}, [oneLine(value ? `${name}: ${value}` : name)])
  );
  return items.length > 0
    ? element('ul', { class: 'aml-data-tags', 'aria-label': t('Tags') }, items)
    : null;
}

/** Where it lies, and what is done to it on the way. */
function origin({ sources, steps }: DatasetView, { t }: Scene): HTMLElement | null {
  if (sources.length + steps.length === 0) {
    return null;
  }
  const places = element(
    'ul',
    { class: 'aml-mono', 'aria-label': t('Sources') },
    sources.map(source => element('li', {}, [oneLine(source)]))
  );
  const done = element(
    'ol',
    { 'aria-label': t('Steps') },
    steps.map(step => element('li', {}, [oneLine(step)]))
  );
  const words =
    steps.length > 0
      ? t('Source and %1', countedText(steps.length, '1 step', '%1 steps', t))
      : t('Source');
  return fold(words, div('aml-data-origin', places, steps.length > 0 ? done : null), false);
}
