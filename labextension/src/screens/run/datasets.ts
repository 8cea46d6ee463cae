// What a run read and wrote.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { button } from '../../ui/control';
import { element, span } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { listed, type Row } from '../../ui/keyed';
import type { RunDatasetView } from '../../contract.gen';
import type { Part } from './part';
import type { Scene } from './scene';
import { section } from './table';

const SHOWN = 10;

export function datasets(scene: Scene): Part {
  const { t } = scene;
  const { node, body } = section(t('Data'), [t('Dataset'), t('Use'), t('Mechanism')], true);
  const rows = listed<RunDatasetView>(
    body,
    SHOWN,
    t,
    one => JSON.stringify(one),
    one => row(one, scene)
  );
  node.append(rows.more);
  return {
    node,
    show({ datasets: all = [] }): void {
      node.hidden = !all.length;
      rows.show(all);
    }
  };
}

/** It never changes: what is used otherwise is another row. */
function row(
  { role, label, mechanism, id, name, version }: RunDatasetView,
  { host, t }: Scene
): Row<RunDatasetView> {
  const words = name === null ? id.slice(0, 8) : t('%1, version %2', oneLine(name), version);
  const open = (): void =>
    host.open?.({
      kind: 'dataset',
      dataset: name ?? id,
      version: name === null ? undefined : version
    });
  const title = host.open ? button(words, open, { class: 'aml-run-name-button' }) : span('', words);
  const use = role === 'output' ? t('output %1', oneLine(label)) : t('input %1', oneLine(label));
  const cells = [use, oneLine(mechanism.toLowerCase())].map(text => element('td', {}, [text]));
  return { node: tableRow(rowHead(title), ...cells), show: () => undefined };
}
