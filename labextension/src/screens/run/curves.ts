// The curves of a run as small multiples: one for each metric that has points.
import { div, element } from '../../ui/element';
import { isLogged } from '../../ui/metric/metric';
import type { MetricView, RunView } from '../../contract.gen';
import { curveControls } from './curve_controls';
import { CurveFigure } from './curve_figure';
import { listed } from '../../ui/keyed';
import type { Part } from './part';
import type { Scene } from './scene';

const SHOWN = 12;
const FEW = 6;

export function curves(scene: Scene): Part {
  const { t, book } = scene;
  const grid = div('aml-run-grid');
  const figures = new Set<CurveFigure>();
  let last: RunView;
  const controls = curveControls(scene, isOtherStretch => {
    if (isOtherStretch) {
      figures.forEach(figure => figure.showAll());
    }
    show(last);
  });
  const filter = element(
    'input',
    {
      type: 'search',
      placeholder: t('filter'),
      'aria-label': t('Show only curves whose name holds')
    },
    [],
    {
      input: () => show(last)
    }
  );
  let isOver = false;
  const show = (view: RunView): void => {
    if (isOver) {
      return; // An answer came late.
    }
    last = view;
    const all = view.metrics.filter(metric => book.has(metric.name) && !isLogged(metric));
    node.hidden = !all.length;
    filter.hidden = all.length <= FEW;
    if (book.epochs) {
      controls.offerEpochs();
    }
    const wanted = filter.value.trim().toLowerCase();
    rows.show(all.filter(({ name }) => name.toLowerCase().includes(wanted)));
  };
  const rows = listed<MetricView>(
    grid,
    SHOWN,
    t,
    metric => metric.name,
    metric => {
      const figure = new CurveFigure(metric, scene, controls.settings);
      figures.add(figure);
      return {
        node: figure.node,
        show: each => figure.show(each),
        dispose: () => figures.delete(figure) && figure.dispose()
      };
    }
  );
  const dispose = (): void => {
    isOver = true;
    rows.dispose();
  };
  const head = div('aml-run-head', element('h3', {}, [t('Curves')]), filter, controls.node);
  const node = element('section', { 'aria-label': t('Curves') }, [head, grid, rows.more]);
  return { node, show, dispose };
}
