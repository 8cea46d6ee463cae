// Parameters and tags: a name and a value each.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { div, element, setText } from '../../ui/element';
import { oneLine, valueText } from '../../ui/format';
import type { JsonScalar, RunView } from '../../contract.gen';
import { listed } from '../../ui/keyed';
import type { Part } from './part';
import type { Scene } from './scene';
import { section } from './table';

const SHOWN = 16;

export function parameters(scene: Scene): Part {
  const params = values(scene, scene.t('Parameters'), view => view.params);
  const tags = values(scene, scene.t('Tags'), view => view.tags);
  const node = div('', params.node, tags.node);
  return {
    node,
    show(view): void {
      params.show(view);
      tags.show(view);
      node.hidden = params.node.hidden && tags.node.hidden;
    }
  };
}

function values(
  { t }: Scene,
  title: string,
  of: (view: RunView) => Record<string, JsonScalar>
): Part {
  const { node, body } = section(title, [t('Name'), t('Value')], true);
  const rows = listed<[string, JsonScalar]>(
    body,
    SHOWN,
    t,
    ([name]) => name,
    ([name]) => {
      const cell = element('td');
      return {
        node: tableRow(rowHead(oneLine(name)), cell),
        show: ([, value]) => setText(cell, oneLine(valueText(value)))
      };
    }
  );
  node.append(rows.more);
  return {
    node,
    show(view): void {
      const all = Object.entries(of(view));
      node.hidden = !all.length;
      rows.show(all);
    }
  };
}
