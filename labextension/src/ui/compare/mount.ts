// Runs beside each other, alive.
import { element } from '../element';
import { oneLine } from '../format';
import type { Host } from '../host';
import { mountRun } from '../run/mount';
import { Drawer, runSnapshot } from '../run_table/drawer';
import { linkLine } from '../run_table/link_line';
import type { CompareSnapshot, Mounted } from '../snapshot';
import { curves } from './curves';
import { difference } from './difference';
import { header } from './header';
import { parallel } from './parallel';
import { scatter } from './scatter';
import type { Stage } from './stage';
import { tabs } from './tabs';

/**
 * Draw the snapshot in `parent` and follow what it shows through the host. Runs that are picked become
 * the `selection`, which is that of the host unless another is given.
 */
export function mountCompare(parent: HTMLElement, snapshot: CompareSnapshot, host: Host, selection = host.selection): Mounted<CompareSnapshot> {
  const { t } = host;
  const drawer = new Drawer(t);
  const line = linkLine(t);
  const stage: Stage = {
    host,
    selection,
    view: snapshot.view,
    hidden: new Set(),
    open: run => {
      if (host.openRun) {
        host.openRun(run.id);
      } else {
        drawer.open(t('Run %1', oneLine(run.name) || run.short_id), into => mountRun(into, runSnapshot(snapshot.workspace, run), host));
      }
    }
  };
  const sights = tabs(t('Ways to compare'), [
    [t('Table'), () => difference(stage)],
    [t('Curves'), () => curves(stage)],
    [t('Parallel'), () => parallel(stage)],
    [t('Scatter'), () => scatter(stage)]
  ]);
  const head = header(stage, sights.draw);
  const root = element('section', { class: 'aml-ui aml-compare', 'aria-label': t('Comparison of runs') }, [line.element, head.node, sights.node, drawer.element]);
  const draw = (view: CompareSnapshot['view']): void => {
    stage.view = view;
    head.draw();
    sights.draw();
  };
  parent.replaceChildren(root);
  head.draw();
  let isFresh = false;
  const subscription = host.follow('compare', { runs: snapshot.view.runs.map(run => run.id) }, null, {
    event: event => {
      isFresh = true;
      if (event.type === 'view') {
        draw(event.view);
      }
    },
    link: line.set
  });
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
