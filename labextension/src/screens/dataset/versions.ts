// The versions of a dataset, and what changed from one to another.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { button, checkbox, muted, picker, wordsOf } from '../../ui/control';
import { div, element, fill, setAttributes, span } from '../../ui/element';
import { bytesText, momentText, numberText, oneLine, printable } from '../../ui/format';
import { asked } from '../run/asked';
import { section } from '../run/table';
import type { Sight } from '../../ui/tabs';
import type { DatasetDiffView, DatasetVersionView } from '../../contract.gen';
import { changeCard } from './change';
import type { Scene } from './scene';
import { countText, rowsText } from './words';

/** Columns whose change is drawn at once. */
const SHOWN = 40;

export function versions(scene: Scene): Sight {
  const { t, view } = scene;
  if (view.versions.length === 0) {
    return {
      node: muted(t('This dataset has no versions: it was not registered.')),
      draw: () => undefined
    };
  }
  const { node, body } = section(t('Versions'), [
    t('Version'),
    t('Rows'),
    t('Files'),
    t('Size'),
    t('Created'),
    t('Fingerprint'),
    t('Description')
  ]);
  // It is wide, and scrolls by itself.
  node.classList.add('aml-data-versions');
  setAttributes(node, { tabindex: 0, 'aria-label': t('Versions') });
  body.append(...view.versions.map(version => versionRow(version, scene)));
  const compare = view.versions.length > 1 ? comparison(scene) : null;
  return { node: div('', node, compare?.node), draw: () => compare?.draw() };
}

function versionRow(version: DatasetVersionView, scene: Scene): HTMLElement {
  const { t, view } = scene;
  const words = t('version %1', version.version);
  const problem = span('aml-bad aml-problem');
  const open = (): void =>
    void scene.show(version.version).catch(error => fill(problem, printable(wordsOf(error))));
  const isShown = version.id === view.id;
  const name = isShown
    ? span('', `${words} `, span('aml-muted', t('(shown)')))
    : button(words, open, { class: 'aml-run-name-button' });
  const number = (text: string): HTMLElement => element('td', { class: 'aml-number' }, [text]);
  return tableRow(
    rowHead(name, problem),
    ...[
      number(countText(version.rows)),
      number(numberText(version.files)),
      number(bytesText(version.size))
    ],
    element('td', {}, [oneLine(momentText(version.created))]),
    element('td', { class: 'aml-mono' }, [oneLine(version.fingerprint)]),
    element('td', {}, [oneLine(version.description)])
  );
}

/** Two versions that the reader picks; the one that is shown and the one before it at first. */
function comparison(scene: Scene): Sight {
  const { t, view, host } = scene;
  const all = [...view.versions].sort((one, other) => one.version - other.version);
  const result = div('aml-data-diff');
  const options = all.map(({ id, version }): [string, string] => [id, t('version %1', version)]);
  const at = Math.max(
    all.findIndex(({ id }) => id === view.id),
    0
  );
  const ask = (): void => {
    const [dataset, other] = [from.select.value, to.select.value];
    if (dataset === other) {
      fill(result, muted(t('Pick two versions that differ.')));
    } else {
      void asked(
        result,
        t,
        () => host.ask('dataset_diff', { dataset, other }),
        answer => drawn(answer, scene)
      );
    }
  };
  const from = picker(t('From '), ask);
  const to = picker(t('to '), ask);
  from.set(options, all[at > 0 ? at - 1 : 0]!.id);
  to.set(options, all[at > 0 ? at : 1]!.id);
  const heading = element('h3', {}, [t('What changed')]);
  let isAsked = false;
  return {
    node: element('section', { 'aria-label': t('What changed') }, [
      heading,
      div('aml-toolbar', from.node, to.node),
      result
    ]),
    draw: () => {
      if (!isAsked) {
        isAsked = true;
        ask();
      }
    }
  };
}

function drawn(diff: DatasetDiffView, { t }: Scene): HTMLElement {
  const [before, after] = [diff.before, diff.after].map(version => t('version %1', version)) as [
    string,
    string
  ];
  const changed = diff.columns.filter(
    ({ changes, before: was, after: is }) => changes.length > 0 || !was || !is
  );
  const list = div('aml-data-columns');
  const more = button('', () => show(shown + 5 * SHOWN), { class: 'aml-more' });
  let isAll = changed.length === 0;
  let shown = SHOWN;
  const show = (most: number): void => {
    shown = most;
    const found = isAll ? diff.columns : changed;
    fill(list, ...found.slice(0, most).map(change => changeCard(change, before, after, t)));
    more.hidden = found.length <= most;
    fill(more, t('show %1 more', Math.min(found.length - most, 5 * SHOWN)));
  };
  const box = checkbox(
    t('also columns that did not change'),
    isOn => {
      isAll = isOn;
      show(SHOWN);
    },
    isAll
  );
  const rows = `${rowsText(diff.rows_before, t)} → ${rowsText(diff.rows_after, t)}`;
  const words =
    changed.length === 0
      ? t('no column changed')
      : t('%1 of %2 columns changed', numberText(changed.length), numberText(diff.columns.length));
  show(SHOWN);
  return div(
    '',
    element('p', { role: 'status' }, [`${rows}, ${words}`]),
    div('aml-toolbar', box),
    list,
    more
  );
}
