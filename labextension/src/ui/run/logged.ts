// What else was logged: lists, tables, matrices, charts and images.
import { element } from '../element';
import { drawLogged, isLogged } from '../metric/metric';
import type { MetricView } from '../view';
import { keyed, type Row } from './keyed';
import { cannotBeShown, type Part } from './part';
import type { Scene } from './scene';

export function logged(scene: Scene): Part {
  const grid = element('div', { class: 'aml-run-logged' });
  const node = element('section', {}, [element('h3', {}, [scene.t('Logged')]), grid]);
  const rows = keyed<MetricView>(grid, metric => metric.name, () => row(scene));
  return {
    node,
    show(view): void {
      const metrics = view.metrics.filter(isLogged);
      node.hidden = !metrics.length;
      rows.show(metrics);
    },
    dispose: () => rows.dispose()
  };
}

function row({ host, run, t }: Scene): Row<MetricView> {
  const node = element('div', { class: 'aml-run-thing' });
  let drawn: ReturnType<typeof drawLogged> | null = null;
  let last: MetricView | null = null;
  return {
    node,
    show(metric): void {
      if (metric === last) {
        return;
      }
      last = metric;
      try {
        if (drawn) {
          drawn.update(metric);
        } else {
          node.replaceChildren();
          drawn = drawLogged(node, metric, host, run);
        }
      } catch (error) {
        drawn?.dispose();
        drawn = null;
        node.replaceChildren(cannotBeShown(error, t));
      }
    },
    dispose: () => drawn?.dispose()
  };
}
