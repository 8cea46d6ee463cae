// Names of the curves below a chart, with the values under the crosshair.
import { button, swatch } from '../control';
import { div, element, fill, setAttributes, setText, span } from '../element';
import { numberText, oneLine } from '../format';
import type { Curve, Model } from './model';

/** The name of a curve, and its value. */
interface Key {
  root: HTMLElement;
  value: HTMLElement;
}

export class Legend {
  readonly node = div('aml-chart-legend');
  readonly #place = span('aml-chart-x aml-muted');
  #keys: Key[] = [];
  #drawn = '';

  readonly #model: Model;
  readonly #toggled: () => void;

  constructor(model: Model, toggled: () => void) {
    this.#toggled = toggled;
    this.#model = model;
  }

  /** Take over the curves; what is there stays where it can, and so does the focus. */
  update(): void {
    const { curves } = this.#model;
    const names = JSON.stringify(
      curves.map(({ series }) => [series.name, series.color, series.style])
    );
    if (names !== this.#drawn) {
      this.#drawn = names;
      this.#keys = curves.map(curve => this.#key(curve));
      fill(this.node, this.#place, ...this.#keys.map(({ root }) => root));
    }
    if (curves.length > 1) {
      curves.forEach(({ series }, at) => {
        setAttributes(this.#keys[at]!.root, {
          'aria-pressed': !this.#model.hidden.has(series.name)
        });
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
        setText(
          value,
          valueAt(curve, x === null ? lastPlace(curve) : this.#model.nearest(curve, x))
        );
      }
    });
  }

  #key({ series }: Curve): Key {
    const value = span('aml-chart-value');
    const name = oneLine(series.name);
    if (this.#model.curves.length === 1) {
      // A chart that is called as its only curve needs no name for it.
      const parts = name === this.#model.options.title ? [] : [swatch(series), name];
      return { root: span('aml-chart-key', ...parts, value), value };
    }
    const toggle = (): void => {
      const { hidden } = this.#model;
      if (!hidden.delete(series.name)) {
        hidden.add(series.name);
      }
      this.#toggled();
    };
    return {
      root: button([swatch(series), element('span', { title: name }, [name]), value], toggle, {
        class: 'aml-chart-key'
      }),
      value
    };
  }
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
  while (place > 0 && !isFinite(y[place]!)) {
    place -= 1;
  }
  return place;
}
