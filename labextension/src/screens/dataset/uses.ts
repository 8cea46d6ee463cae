// The runs that read or wrote this version.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { button, muted } from '../../ui/control';
import { div, element, setAttributes, span } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { listed } from '../../ui/keyed';
import { section } from '../run/table';
import { statusElement } from '../../ui/status';
import type { Sight } from '../../ui/tabs';
import type { DatasetUseView } from '../../contract.gen';
import type { Scene } from './scene';

const SHOWN = 50;

export function uses(scene: Scene): Sight {
  const { t, view } = scene;
  if (view.uses.length === 0) {
    return { node: muted(t('No run has used this version yet.')), draw: () => undefined };
  }
  const { node, body } = section(t('Runs'), [
    t('Run'),
    t('Experiment'),
    t('Status'),
    t('Role'),
    t('Name in the run')
  ]);
  node.classList.add('aml-data-uses');
  setAttributes(node, { tabindex: 0, 'aria-label': t('Runs') });
  const rows = listed<DatasetUseView>(
    body,
    SHOWN,
    t,
    use => JSON.stringify([use.run, use.role, use.name]),
    use => ({
      node: useRow(use, scene),
      show: () => undefined
    })
  );
  rows.show(view.uses);
  return { node: div('', node, rows.more), draw: () => undefined };
}

function useRow(use: DatasetUseView, { host, t }: Scene): HTMLElement {
  const words = `#${use.number} ${oneLine(use.run_name)}`;
  const name = host.open
    ? button(words, () => host.open?.({ kind: 'run', run: use.run }), {
        class: 'aml-run-name-button'
      })
    : span('', words);
  const role =
    use.role === 'input' ? t('read it') : use.role === 'output' ? t('wrote it') : oneLine(use.role);
  return tableRow(
    rowHead(name),
    element('td', {}, [oneLine(use.experiment)]),
    element('td', {}, [statusElement(use.status)]),
    ...[role, oneLine(use.name)].map(text => element('td', {}, [text]))
  );
}
