// Charts that Python has worked out: ROC and precision-recall curves, residuals, predictions.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ChartView } from '../../contract.gen';
import { Chart } from '../chart/chart';
import { numberText } from '../format';
import type { Translate } from '../host';

const HEIGHT = 220;

/** The charts of a metric beside each other. */
export function MetricCharts({ t, charts }: { t: Translate; charts: ChartView[] }): JSX.Element {
  return (
    <div class="aml-logged-charts">
      {charts.map((view, place) => (
        <OneChart key={place} t={t} view={view} />
      ))}
    </div>
  );
}

function OneChart({ t, view }: { t: Translate; view: ChartView }): JSX.Element {
  const { title, x_label, y_label, series } = view;
  const curves = useMemo(
    () =>
      series.map(({ name, style, x, y }, color) => ({
        ...{ name, style, color, x },
        y: y.map(value => value ?? NaN)
      })),
    [series]
  );
  return (
    <Chart
      {...{ t, curves }}
      title={t(title)}
      x={{ label: t(x_label), text: value => numberText(value, 3), isNamed: true }}
      y={{ label: t(y_label) }}
      height={HEIGHT}
    />
  );
}
