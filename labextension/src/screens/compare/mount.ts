// Runs beside each other, alive.
import { element } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';
import { keepKeys } from '../../ui/keys';
import { linkLine } from '../../ui/link_line';
import { Drawer } from '../runs/drawer';
import type { CompareSnapshot, Mounted } from '../../ui/snapshot';
import { Tabs } from '../../ui/tabs';
import { curves } from './curves';
import { difference } from './difference';
import { header } from './header';
import { parallel } from './parallel';
import { scatter } from './scatter';
import type { Stage } from './stage';

/**
 * Draw the snapshot in `parent` and follow what it shows through the host. Runs that are picked become
 * the `selection`, which is that of the host unless another is given.
 */
export function mountCompare(
  parent: HTMLElement,
  snapshot: CompareSnapshot,
  host: Host,
  selection = host.selection
): Mounted<CompareSnapshot> {
  const { t } = host;
  const drawer = new Drawer(t);
  const line = linkLine(t, 'aml-message');
  const stage: Stage = {
    host,
    selection,
    view: snapshot.view,
    hidden: new Set(),
    open: run => {
      if (host.open) {
        host.open({ kind: 'run', run: run.id });
      } else {
        drawer.open(t('Run %1', oneLine(run.name) || run.short_id), into =>
          host.embed(into, { kind: 'run', run: run.id })
        );
      }
    }
  };
  const sights = new Tabs(t('Ways to compare'), [
    { id: 'table', title: t('Table'), make: () => difference(stage) },
    { id: 'curves', title: t('Curves'), make: () => curves(stage) },
    { id: 'parallel', title: t('Parallel'), make: () => parallel(stage) },
    { id: 'scatter', title: t('Scatter'), make: () => scatter(stage) }
  ]);
  const head = header(stage, () => sights.draw());
  const root = element(
    'section',
    { class: 'aml-ui aml-compare', 'aria-label': t('Comparison of runs') },
    [line.node, head.node, sights.node, drawer.node]
  );
  keepKeys(root);
  const draw = (view: CompareSnapshot['view']): void => {
    stage.view = view;
    head.draw();
    sights.draw();
  };
  parent.replaceChildren(root);
  draw(snapshot.view);
  let isFresh = false;
  const subscription = host.follow(
    'compare',
    { runs: snapshot.view.runs.map(run => run.id) },
    null,
    {
      event: event => {
        isFresh = true;
        if (event.type === 'view') {
          draw(event.view);
        }
      },
      link: (link, message) => line.set(link, message, true)
    }
  );
  return {
    update: newer => {
      if (!isFresh) {
        draw(newer.view);
      }
    },
    dispose: () => {
      subscription.stop();
      sights.dispose();
      drawer.dispose();
      root.remove();
    }
  };
}
