// Charts that Python has worked out: ROC and precision-recall curves, residuals, predictions.
import { drawChart } from '../chart/draw';
import type { Chart, ChartOptions } from '../chart/draw';
import { div } from '../element';
import { numberText } from '../format';
import type { Translate } from '../host';
import type { ChartView } from '../../contract.gen';
import type { Draw } from './metric';

const HEIGHT = 220;

/** The charts of a metric beside each other. */
export const drawCharts: Draw = (parent, { t }) => {
  const root = parent.appendChild(div('aml-logged-charts'));
  const drawn: Chart[] = [];
  return {
    update: ({ charts }) => {
      charts.forEach((view, place) => {
        const options = optionsOf(view, t);
        if (drawn[place]) {
          drawn[place].set(options);
        } else {
          drawn[place] = drawChart(root, options);
        }
      });
      drawn.splice(charts.length).forEach(chart => chart.dispose());
    },
    dispose: () => drawn.forEach(chart => chart.dispose())
  };
};

function optionsOf({ title, x_label, y_label, series }: ChartView, t: Translate): ChartOptions {
  return {
    title: t(title),
    xLabel: t(x_label),
    yLabel: t(y_label),
    series: series.map(({ name, style, x, y }, color) => ({
      name,
      style,
      color,
      x,
      y: y.map(value => value ?? NaN)
    })),
    height: HEIGHT,
    xText: value => numberText(value, 3),
    t
  };
}
