// What else was logged: lists, tables, matrices, charts and images.
import { div, element, setText } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { keyed } from '../../ui/keyed';
import { drawLogged, isLogged } from '../../ui/metric/metric';
import type { MetricView } from '../../contract.gen';
import { guarded, type Part, type Shown } from './part';
import type { Scene } from './scene';

export function logged(scene: Scene): Part {
  const grid = div('aml-run-logged');
  const node = element('section', {}, [element('h3', {}, [scene.t('Logged')]), grid]);
  const rows = keyed<MetricView>(
    grid,
    metric => metric.name,
    () => guarded(() => row(scene), scene.t)
  );
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

function row({ host, run }: Scene): Shown<MetricView> {
  const place = div();
  const name = element('h4');
  let drawn: ReturnType<typeof drawLogged> | null = null;
  return {
    node: div('aml-run-thing', name, place),
    show(metric): void {
      setText(name, oneLine(metric.name));
      if (drawn) {
        drawn.update(metric);
      } else {
        drawn = drawLogged(place, metric, host, run);
      }
    },
    dispose: () => drawn?.dispose()
  };
}
