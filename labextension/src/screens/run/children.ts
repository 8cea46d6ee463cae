// The child runs of a run.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { element, fill, setText, span } from '../../ui/element';
import { oneLine, secondsText } from '../../ui/format';
import { statusElement } from '../../ui/status';
import type { ChildView } from '../../contract.gen';
import { button } from '../../ui/control';
import { listed, type Row } from '../../ui/keyed';
import type { Part } from './part';
import type { Scene } from './scene';
import { section } from './table';

const SHOWN = 10;

export function children(scene: Scene): Part {
  const { t } = scene;
  const { node, body, heading } = section(
    t('Child runs'),
    [t('Run'), t('Status'), t('Time')],
    true
  );
  const rows = listed<ChildView>(
    body,
    SHOWN,
    t,
    child => child.id,
    child => row(child, scene)
  );
  node.append(rows.more);
  return {
    node,
    show(view): void {
      node.hidden = !view.children.length;
      setText(heading, t('Child runs (%1)', view.children.length));
      rows.show(view.children);
    }
  };
}

function row({ id }: ChildView, { host }: Scene): Row<ChildView> {
  const name = host.open
    ? button('', () => host.open?.({ kind: 'run', run: id }), { class: 'aml-run-name-button' })
    : span();
  const [status, time] = [element('td'), element('td', { class: 'aml-number' })];
  let shown = '';
  return {
    node: tableRow(rowHead(name), status, time),
    show(child): void {
      setText(name, `${child.number} · ${oneLine(child.name)}`);
      setText(time, secondsText(child.elapsed));
      if (shown !== child.status) {
        shown = child.status;
        fill(status, statusElement(shown));
      }
    }
  };
}
