// Names of the curves below a chart, with the values under the crosshair.
import { element, fill, setText, svg } from '../element';
import { numberText, oneLine } from '../format';
import type { Series } from './contract';
import type { Curve, Model } from './model';
import { dashOf } from './paint';
import { PALETTE } from './theme';

export class Legend {
  readonly node = element('div', { class: 'aml-chart-legend' });
  readonly #place = element('span', { class: 'aml-chart-x aml-muted' });
  #keys: { root: HTMLElement; value: HTMLElement }[] = [];
  #drawn = '';

  readonly #model: Model;

  constructor(
    model: Model,
    private readonly toggled: () => void
  ) {
    this.#model = model;
  }

  /** Take over the curves; what is there stays where it can, and so does the focus. */
  update(): void {
    const { curves } = this.#model;
    const names = JSON.stringify(curves.map(({ series }) => [series.name, series.color, series.style]));
    if (names !== this.#drawn) {
      this.#drawn = names;
      this.#keys = curves.map(curve => this.#key(curve));
      fill(this.node, this.#place, ...this.#keys.map(({ root }) => root));
    }
    if (curves.length > 1) {
      curves.forEach(({ series }, at) => {
        this.#keys[at]!.root.setAttribute('aria-pressed', String(!this.#model.hidden.has(series.name)));
      });
    }
  }

  /** Write the values at an x, or the last ones. */
  read(x: number | null): void {
    const { xLabel, xText } = this.#model.options;
    setText(this.#place, x === null ? xLabel : `${xLabel} ${xText(x)}`);
    this.#model.curves.forEach((curve, at) => {
      const value = this.#keys[at]?.value;
      if (value !== undefined) {
        setText(value, valueAt(curve, x === null ? lastPlace(curve) : this.#model.nearest(curve, x)));
      }
    });
  }

  #key({ series }: Curve): { root: HTMLElement; value: HTMLElement } {
    const value = element('span', { class: 'aml-chart-value' });
    const name = oneLine(series.name);
    const parts = [swatch(series), element('span', { title: name }, [name]), value];
    if (this.#model.curves.length === 1) {
      return { root: element('span', { class: 'aml-chart-key' }, parts), value };
    }
    const toggle = (): void => {
      const { hidden } = this.#model;
      if (!hidden.delete(series.name)) {
        hidden.add(series.name);
      }
      this.toggled();
    };
    return { root: element('button', { type: 'button', class: 'aml-chart-key' }, parts, { click: toggle }), value };
  }
}

/** A piece of a curve's line, to find it by. */
function swatch(series: Series): SVGElement {
  return svg('svg', { class: 'aml-chart-swatch', width: 18, height: 8, 'aria-hidden': 'true' }, [
    svg('path', {
      d: 'M0 4H18',
      style: `stroke: var(--aml-color-${series.color % PALETTE})`,
      'stroke-dasharray': dashOf(series).join(' ')
    })
  ]);
}

function valueAt({ y, raw }: Curve, place: number): string {
  const value = y[place];
  if (value === undefined) {
    return '';
  }
  const own = raw?.[place];
  return own === undefined ? numberText(value) : `${numberText(value)} (${numberText(own)})`;
}

function lastPlace({ y }: Curve): number {
  let place = y.length - 1;
  while (place > 0 && !Number.isFinite(y[place]!)) {
    place -= 1;
  }
  return place;
}
