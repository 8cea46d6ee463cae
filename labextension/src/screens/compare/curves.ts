// The curves of each metric over each other.
import { drawChart } from '../../ui/chart/draw';
import type { ChartOptions } from '../../ui/chart/draw';
import type { Series } from '../../ui/chart/contract';
import { muted } from '../../ui/control';
import { div, setText } from '../../ui/element';
import { numberText, secondsText, toNumber } from '../../ui/format';
import { listed } from '../../ui/keyed';
import type { Sight } from '../../ui/tabs';
import type { CompareView, OverlayView } from '../../contract.gen';
import { curveControls } from './curve_controls';
import type { CurveSettings } from './curve_controls';
import { runName, type Stage } from './stage';

/** Charts that are drawn before one asks for more. */
const AT_FIRST = 12;
/** Curves that one chart takes. */
const MOST = 20;

/** The curves of one metric, the baseline faint and the best run marked. */
export function seriesOf(
  view: CompareView,
  overlay: OverlayView,
  hidden: ReadonlySet<string>,
  settings: CurveSettings
): Series[] {
  const best = view.metrics.find(({ name }) => name === overlay.name)?.best ?? [];
  return overlay.curves
    .flatMap((points, place): Series[] => {
      const id = view.runs[place]?.id;
      if (!points || id === undefined || hidden.has(id)) {
        return [];
      }
      return [
        {
          name: `${best.includes(place) ? '★ ' : ''}${runName(view, place)}`,
          style: id === settings.baseline ? 'ghost' : 'line',
          color: place,
          x: settings.isTime ? points.times : points.steps.map(toNumber),
          y: points.values.map(toNumber)
        }
      ];
    })
    .slice(0, MOST);
}

export function curves(stage: Stage): Sight {
  const { t } = stage.host;
  const settings: CurveSettings = { isTime: false, smoothing: 0, logY: false, baseline: '' };
  const into = div('aml-charts');
  const note = muted('');
  const controls = curveControls(stage, settings, () => draw());
  const charts = listed<OverlayView>(
    into,
    AT_FIRST,
    t,
    ({ name }) => name,
    overlay => {
      const node = div();
      const chart = drawChart(node, options(overlay));
      return { node, show: newer => chart.set(options(newer)), dispose: () => chart.dispose() };
    }
  );

  const options = (overlay: OverlayView): ChartOptions => ({
    title: overlay.name,
    xLabel: settings.isTime ? t('time') : t('step'),
    series: seriesOf(stage.view, overlay, stage.hidden, settings),
    height: 220,
    logY: settings.logY,
    smoothing: settings.smoothing,
    xText: settings.isTime ? secondsText : numberText,
    isTime: settings.isTime,
    t
  });

  function draw(): void {
    const { overlays, runs } = stage.view;
    controls.draw();
    charts.show(overlays);
    const lack = t('No metric was logged more than once, so there are no curves.');
    const drawn = runs.length - stage.hidden.size;
    setText(
      note,
      overlays.length === 0
        ? lack
        : drawn > MOST
          ? t('The curves of the first %1 of %2 runs are drawn.', MOST, drawn)
          : ''
    );
  }
  return { node: div('', controls.node, note, into, charts.more), draw, dispose: charts.dispose };
}
