// One curve among the small multiples: a head in words, and the chart.
import { drawChart } from '../../ui/chart/draw';
import type { Chart, ChartOptions } from '../../ui/chart/draw';
import type { Series } from '../../ui/chart/contract';
import { div, element, setAttributes, setText, span } from '../../ui/element';
import { numberText, oneLine, printable, valueText } from '../../ui/format';
import type { MetricView } from '../../contract.gen';
import { lineOf, xText } from './axis';
import { button, muted, wordsOf } from '../../ui/control';
import { Curve } from './curve';
import type { CurveSettings, Role } from './curve_controls';
import { Detail } from './detail';
import type { Row } from '../../ui/keyed';
import { cannotBeShown } from './part';
import type { Scene } from './scene';

const HEIGHT = 150;
const LARGE = 340;
const COLORS: Record<Role, number> = { best: 2, previous: 7 };

export class CurveFigure implements Row<MetricView> {
  readonly node: HTMLElement;
  #metric: MetricView;
  #chart: Chart | null = null;
  #drawn = '';
  #isLarge = false;
  #problem = '';
  readonly #last = span('aml-run-last');
  readonly #note = muted('');
  readonly #place = div('aml-run-chart');
  readonly #expand: HTMLElement;
  readonly #detail: Detail;
  readonly #scene: Scene;
  readonly #settings: CurveSettings;

  constructor(metric: MetricView, scene: Scene, settings: CurveSettings) {
    this.#scene = scene;
    this.#settings = settings;
    this.#metric = metric;
    const name = oneLine(metric.name);
    this.#detail = new Detail(scene, metric.name, problem => {
      this.#problem =
        problem === null
          ? ''
          : scene.t('The points between cannot be read: %1', printable(wordsOf(problem)));
      this.show(this.#metric);
    });
    this.#expand = button('⤢', () => this.#toggle(), {
      ...{
        class: 'aml-run-expand',
        'aria-pressed': 'false',
        'aria-label': scene.t('Expand %1', name)
      }
    });
    this.node = element('div', { class: 'aml-run-curve', role: 'group', 'aria-label': name }, [
      div(
        'aml-run-caption',
        element('span', { class: 'aml-run-curve-name', title: name }, [name]),
        this.#last,
        this.#expand
      ),
      this.#place,
      this.#note
    ]);
  }

  /** Draw what changed since it was drawn. */
  show(metric: MetricView): void {
    this.#metric = metric;
    setText(this.#last, oneLine(valueText(metric.last)));
    const curve = this.#scene.book.get(metric.name);
    const [settings, scene] = [this.#settings, this.#scene];
    const state = [
      curve?.stamp,
      settings.axis === 'epoch' && scene.book.epochs?.stamp,
      settings.stamp,
      this.#detail.stamp
    ].join();
    setText(
      this.#note,
      [
        curve?.infinite
          ? scene.t('%1 infinite values are not drawn', numberText(curve.infinite))
          : '',
        this.#problem
      ]
        .join(' ')
        .trim()
    );
    if (!curve || state === this.#drawn) {
      return;
    }
    this.#drawn = state;
    try {
      const options = this.#options(curve);
      if (this.#chart) {
        this.#chart.set(options);
      } else {
        this.#place.replaceChildren();
        this.#chart = drawChart(this.#place, {
          ...options,
          height: HEIGHT,
          zoomed: range => this.#zoomed(range)
        });
      }
    } catch (error) {
      this.#chart?.dispose();
      this.#chart = null;
      this.#place.replaceChildren(cannotBeShown(error, scene.t));
    }
  }

  showAll(): void {
    this.#zoomed(null);
    this.#chart?.zoom(null);
  }

  dispose(): void {
    this.#detail.dispose();
    this.#chart?.dispose();
  }

  #zoomed(range: [number, number] | null): void {
    this.#problem = '';
    this.#detail.zoom(range, this.#settings.axis, this.#metric.count);
  }

  #toggle(): void {
    this.#isLarge = !this.#isLarge;
    this.node.classList.toggle('aml-run-wide', this.#isLarge);
    setAttributes(this.#expand, { 'aria-pressed': this.#isLarge });
    this.#chart?.set({ height: this.#isLarge ? LARGE : HEIGHT });
  }

  #options(curve: Curve): Omit<ChartOptions, 'height'> {
    const { axis, logY, smoothing, ghosts } = this.#settings;
    const { t, book } = this.#scene;
    const name = oneLine(this.#metric.name);
    const series: Series[] = [];
    for (const { role, run, curves } of ghosts) {
      const epochs = curves.epoch ?? curves.Epoch;
      // A metric may be called `constructor`, which every object has.
      if (Object.hasOwn(curves, this.#metric.name)) {
        const line = lineOf(
          new Curve(curves[this.#metric.name]!),
          axis,
          epochs && new Curve(epochs)
        );
        const words =
          role === 'best' ? t('best: run %1', run.number) : t('previous: run %1', run.number);
        series.push({ name: words, style: 'ghost', color: COLORS[role], ...line });
      }
    }
    const line = this.#detail.onto(lineOf(curve, axis, book.epochs), axis);
    series.push({ name, style: 'line', color: 0, ...line });
    return {
      title: name,
      xLabel: t(axis),
      series,
      logY,
      smoothing,
      xText: x => xText(axis, x),
      isTime: axis === 'time',
      t
    };
  }
}
