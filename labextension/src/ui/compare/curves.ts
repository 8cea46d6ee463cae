// The curves of each metric over each other.
import { drawChart } from '../chart/chart';
import type { Chart, ChartOptions, Series } from '../chart/contract';
import { element, setText } from '../element';
import { numberText, secondsText, toNumber } from '../format';
import type { CompareView, OverlayView } from '../view';
import { curveControls } from './curve_controls';
import type { CurveSettings } from './curve_controls';
import { button, runName } from './stage';
import type { Sight, Stage } from './stage';

/** Charts that are drawn before one asks for more. */
const AT_FIRST = 12;
/** Curves that one chart takes. */
const MOST = 20;

/** The curves of one metric, the baseline faint and the best run marked. */
export function seriesOf(view: CompareView, overlay: OverlayView, hidden: ReadonlySet<string>, settings: CurveSettings): Series[] {
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
  const charts = new Map<string, { node: HTMLElement; chart: Chart }>();
  let most = AT_FIRST;
  const into = element('div', { class: 'aml-charts' });
  const note = element('p', { class: 'aml-muted' });
  const controls = curveControls(stage, settings, () => draw());
  const rest = button('', () => {
    most = Infinity;
    draw();
  });

  const options = (overlay: OverlayView): ChartOptions => ({
    title: overlay.name,
    xLabel: settings.isTime ? t('time') : t('step'),
    yLabel: '',
    series: seriesOf(stage.view, overlay, stage.hidden, settings),
    height: 220,
    logX: false,
    logY: settings.logY,
    smoothing: settings.smoothing,
    xText: settings.isTime ? secondsText : numberText,
    t
  });

  function draw(): void {
    const { overlays, runs } = stage.view;
    controls.draw();
    const shown = new Map(overlays.slice(0, most).map(overlay => [overlay.name, overlay]));
    for (const [name, { node, chart }] of charts) {
      if (!shown.has(name)) {
        chart.dispose();
        node.remove();
        charts.delete(name);
      }
    }
    for (const [name, overlay] of shown) {
      const found = charts.get(name);
      if (found) {
        found.chart.set(options(overlay));
      } else {
        const node = element('div');
        into.append(node);
        charts.set(name, { node, chart: drawChart(node, options(overlay)) });
      }
    }
    const lack = t('No metric was logged more than once, so there are no curves.');
    const drawn = runs.length - stage.hidden.size;
    setText(note, overlays.length === 0 ? lack : drawn > MOST ? t('The curves of the first %1 of %2 runs are drawn.', MOST, drawn) : '');
    rest.hidden = overlays.length <= most;
    setText(rest, t('Show %1 more', overlays.length - shown.size));
  }
  const dispose = (): void => charts.forEach(({ chart }) => chart.dispose());
  return { node: element('div', {}, [controls.node, note, into, rest]), draw, dispose };
}
