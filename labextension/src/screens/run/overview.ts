// The first look at a run.
import { div, element, setText } from '../../ui/element';
import { printable } from '../../ui/format';
import { children } from './children';
import { muted } from '../../ui/control';
import { curves } from './curves';
import { datasets } from './datasets';
import { error } from './error';
import { logTail } from './log_tail';
import { logged } from './logged';
import { parameters } from './parameters';
import { guarded, type Part } from './part';
import { scalars } from './scalars';
import type { Scene } from './scene';

export function overview(scene: Scene): Part {
  const part = (make: (scene: Scene) => Part): Part => guarded(() => make(scene), scene.t);
  const pair = [part(parameters), part(scalars)];
  const above = [part(description), part(error)];
  const below = [
    part(curves),
    part(logged),
    part(datasets),
    part(children),
    part(logTail),
    part(nothing)
  ];
  const parts = [...above, ...pair, ...below];
  const node = div(
    '',
    ...above.map(each => each.node),
    div('aml-run-pair', ...pair.map(each => each.node)),
    ...below.map(each => each.node)
  );
  return {
    node,
    show: view => parts.forEach(each => each.show(view)),
    dispose: () => parts.forEach(each => each.dispose?.())
  };
}

function description(): Part {
  const node = element('p', { class: 'aml-run-description' });
  return {
    node,
    show(view): void {
      node.hidden = !view.description;
      setText(node, printable(view.description));
    }
  };
}

function nothing({ t }: Scene): Part {
  const node = muted(t('Nothing is logged yet.'));
  return {
    node,
    show(view): void {
      const isEmpty =
        !view.metrics.length && !view.log_tail.length && !view.error && !view.children.length;
      node.hidden = !isEmpty;
      setText(node, view.is_terminal ? t('Nothing was logged.') : t('Nothing is logged yet.'));
    }
  };
}
