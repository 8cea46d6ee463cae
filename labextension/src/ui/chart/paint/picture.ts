// Where everything of a chart stands in so many pixels, and how it is painted.
import type { Brush } from './brush';
import { widthOf } from './brush';
import type { Range } from '../contract';
import type { Model } from '../points/model';
import { paint } from './paint';
import { linearTicks, logTicks, tickTexts, type Scale } from '../points/scale';
import type { Colors } from './theme';

/** A text beside an axis, and how far along the axis it stands in pixels. */
interface Tick {
  at: number;
  text: string;
}

const enum Pixels {
  /** Around the curves; those above and below are in the style sheet too. */
  TOP = 8,
  FOOT = 22,
  LABEL = 15,
  RIGHT = 16,
  GAP = 7,
  /** Room that ticks like to have; where that leaves few of them, they are closer. */
  WIDE = 90,
  HIGH = 40,
  LINE = 14
}

const FEW = 4;

export class Picture {
  readonly top = Pixels.TOP;
  /** Below the area. */
  readonly foot: number;
  /** The area of the curves, in pixels of the page. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly #size: [width: number, height: number];
  readonly #model: Model;
  readonly #font: string;
  readonly #isNamed: boolean;
  readonly #across: Range;
  readonly #upward: Range;
  readonly #rows: Tick[];
  readonly #columns: Tick[];

  constructor(
    model: Model,
    width: number,
    height: number,
    font: string,
    isNamed = model.options.x.isNamed ?? false
  ) {
    this.#size = [width, height];
    this.#model = model;
    this.#font = font;
    this.#across = model.across();
    this.#upward = model.upward();
    this.#isNamed = isNamed;
    this.foot = Pixels.FOOT + (isNamed ? Pixels.LABEL : 0);
    this.height = Math.max(height - Pixels.TOP - this.foot, 1);
    const sizeOf = (text: string): number => widthOf(text, font);
    this.#rows = this.#ticks(model.y, this.#upward, this.height, Pixels.HIGH, () => Pixels.LINE);
    this.left = Math.ceil(Math.max(0, ...this.#rows.map(({ text }) => sizeOf(text)))) + Pixels.GAP;
    this.width = Math.max(width - this.left - Pixels.RIGHT, 1);
    this.#columns = this.#ticks(model.x, this.#across, this.width, Pixels.WIDE, sizeOf);
  }

  get right(): number {
    return this.left + this.width;
  }

  x(value: number): number {
    const [low, high] = this.#across;
    return this.left + ((this.#model.x.to(value) - low) / (high - low)) * this.width;
  }

  y(value: number): number {
    const [low, high] = this.#upward;
    return Pixels.TOP + (1 - (this.#model.y.to(value) - low) / (high - low)) * this.height;
  }

  /** The x of so many pixels from the left edge of the area. */
  valueAt(place: number): number {
    const [low, high] = this.#across;
    return this.#model.x.from(low + (place / this.width) * (high - low));
  }

  /** Paint axes and curves. */
  paint(brush: Brush, colors: Colors): void {
    brush.font = this.#font;
    this.#paintAxes(brush, colors);
    const { x, visible } = this.#model;
    const [low, high] = this.#across;
    const area = {
      left: this.left,
      top: Pixels.TOP,
      width: this.width,
      height: this.height,
      low: x.from(low),
      high: x.from(high),
      x: (value: number) => this.x(value),
      y: (value: number) => this.y(value)
    };
    paint(brush, visible, area, colors);
  }

  /** As many ticks as there is room for; `sizeOf` tells the pixels that a text takes. */
  #ticks(
    scale: Scale,
    [low, high]: Range,
    pixels: number,
    room: number,
    sizeOf: (text: string) => number
  ): Tick[] {
    const { hasWholeX, options } = this.#model;
    const isX = scale === this.#model.x;
    const { isTime } = options.x;
    // Of a time that is round the rest need not be written.
    const rest = isTime ? / 00 \w+$|\.0(?= s)/ : '';
    const textOf = (x: number): string => (x === 0 ? '0' : options.x.text(x).replace(rest, ''));
    for (let most = Math.max(FEW, Math.floor(pixels / room)); ; most -= 1) {
      const places = (
        scale.isLog
          ? logTicks(low, high, most)
          : linearTicks(low, high, most, isX && hasWholeX ? scale.to(1) : 0, isX && isTime)
      ).filter(place => isFinite(scale.from(place)));
      const texts = tickTexts(
        places.map(place => scale.from(place)),
        isX ? textOf : undefined
      );
      const ticks = places.map((place, at) => ({
        text: texts[at]!,
        at: ((place - low) / (high - low)) * pixels
      }));
      const fits = ticks.every(({ at, text }, place) => {
        const last = ticks[place - 1];
        return !last || at - last.at >= (sizeOf(text) + sizeOf(last.text)) / 2 + Pixels.GAP;
      });
      if (fits || most < 2) {
        return fits ? ticks : ticks.slice(0, 1);
      }
    }
  }

  #paintAxes(brush: Brush, { grid, muted }: Colors): void {
    const foot = Pixels.TOP + this.height;
    const [width] = this.#size;
    brush.strokeStyle = grid;
    brush.fillStyle = muted;
    brush.lineWidth = 1;
    brush.beginPath();
    brush.textBaseline = 'middle';
    brush.textAlign = 'right';
    for (const { at, text } of this.#rows) {
      const y = Math.round(foot - at) + 0.5;
      brush.moveTo(this.left, y);
      brush.lineTo(this.right, y);
      brush.fillText(text, this.left - Pixels.GAP + 2, y);
    }
    brush.textBaseline = 'alphabetic';
    brush.textAlign = 'center';
    for (const { at, text } of this.#columns) {
      const x = Math.round(this.left + at) + 0.5;
      brush.moveTo(x, Pixels.TOP);
      brush.lineTo(x, foot);
      const half = widthOf(text, this.#font) / 2;
      brush.fillText(text, Math.max(half, Math.min(x, width - half)), foot + 15);
    }
    brush.stroke();
    if (this.#isNamed) {
      const middle = this.left + this.width / 2;
      brush.fillText(this.#model.words.x, middle, foot + 15 + Pixels.LABEL);
    }
  }
}
