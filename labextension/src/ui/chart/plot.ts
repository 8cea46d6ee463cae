// The canvas of a chart: axes around the curves, and over it the crosshair and the stretch that is dragged over.
import { div, element } from '../element';
import type { Model, Range } from './model';
import { paint } from './paint';
import { linearTicks, logTicks, tickTexts, type Scale } from './scale';
import { colorsOf, PALETTE, type Colors } from './theme';

export interface PlotEvents {
  /** The pointer stands at an x, or left (null). */
  moved(x: number | null): void;
  selected(range: Range): void;
  reset(): void;
  pressed(event: KeyboardEvent): void;
  /** The focus left. */
  left(): void;
}

/** A text beside an axis, and how far along the axis it stands in pixels. */
interface Tick {
  at: number;
  text: string;
}

const enum Pixels {
  /** Around the curves; those above and below are in the style sheet too. */
  TOP = 8,
  FOOT = 22,
  RIGHT = 16,
  GAP = 7,
  /** What a drag has at least, not to be a click. */
  FEWEST = 4,
  /** Room that ticks like to have; where that leaves few of them, they are closer. */
  WIDE = 90,
  HIGH = 40,
  LINE = 14
}

const FEW = 4;
/** Curves that are marked at the crosshair. */
const MARKED = 20;

export class Plot {
  readonly node: HTMLElement;
  readonly #canvas = element('canvas');
  readonly #cross = element('div', { class: 'aml-chart-cross', hidden: true });
  readonly #band = element('div', { class: 'aml-chart-band', hidden: true });
  readonly #marks: HTMLElement[] = [];
  readonly #model: Model;
  readonly #events: PlotEvents;
  #colors: Colors | null = null;
  /** The area of the curves, in pixels of the page. */
  #left = 0;
  #width = 0;
  #height = 0;
  #across: Range = [0, 1];
  #upward: Range = [0, 1];
  /** Where a drag began. */
  #from: number | null = null;

  constructor(model: Model, events: PlotEvents) {
    this.#model = model;
    this.#events = events;
    const attributes = {
      class: 'aml-chart-plot',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': model.options.t('chart')
    };
    this.node = element('div', attributes, [this.#canvas, this.#cross, this.#band], {
      pointerdown: event => this.#hold(event),
      // One that does not move is told too when something moves below it.
      pointermove: event =>
        (event.movementX || event.movementY) && this.#move(this.#placeOf(event)),
      pointerup: event => this.#drop(this.#placeOf(event)),
      pointercancel: () => this.#drop(NaN),
      // A finger that is lifted leaves too, and what it points at stays to be read.
      pointerleave: event => event.pointerType !== 'touch' && events.moved(null),
      dblclick: () => events.reset(),
      keydown: event => events.pressed(event),
      blur: () => events.left()
    });
  }

  /** Whether the colours or the screen are others than those that were drawn with. */
  get isStale(): boolean {
    return JSON.stringify(colorsOf(this.node)) !== JSON.stringify(this.#colors);
  }

  /** Draw what the model holds now. */
  draw(width: number, height: number): void {
    const context = this.#canvas.getContext('2d');
    if (!context) {
      return;
    }
    const colors = (this.#colors = colorsOf(this.node));
    const { ratio, font } = colors;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = font;
    this.#across = this.#model.across();
    this.#upward = this.#model.upward();
    this.#height = Math.max(height - Pixels.TOP - Pixels.FOOT, 1);
    const rows = this.#ticks(
      this.#model.y,
      this.#upward,
      this.#height,
      Pixels.HIGH,
      () => Pixels.LINE
    );
    this.#left =
      Math.ceil(Math.max(0, ...rows.map(({ text }) => context.measureText(text).width))) +
      Pixels.GAP;
    this.#width = Math.max(width - this.#left - Pixels.RIGHT, 1);
    this.#drawAxes(context, colors, rows, width);
    const { x } = this.#model;
    const [low, high] = this.#across;
    const area = {
      ...{
        left: this.#left,
        top: Pixels.TOP,
        width: this.#width,
        height: this.#height,
        low: x.from(low),
        high: x.from(high)
      },
      x: (value: number) => this.#x(value),
      y: (value: number) => this.#y(value)
    };
    paint(context, this.#model.visible, area, colors);
  }

  /** Put the crosshair at an x and ring the points that are read out, or take them away. */
  point(x: number | null): void {
    const left = x === null ? NaN : this.#x(x);
    this.#cross.hidden = !(left >= this.#left && left <= this.#left + this.#width);
    this.#cross.style.left = `${left}px`;
    const curves = this.#cross.hidden ? [] : this.#model.visible.slice(0, MARKED);
    curves.forEach((curve, place) => {
      const mark = (this.#marks[place] ??= this.node.appendChild(div('aml-chart-mark')));
      const at = this.#model.nearest(curve, x!);
      const [across, down] = [this.#x(curve.x[at] ?? NaN), this.#y(curve.y[at] ?? NaN)];
      mark.hidden = curve.series.style === 'bars' || !isFinite(across + down);
      mark.style.transform = `translate(${across}px, ${down}px)`;
      mark.style.borderColor = `var(--aml-color-${curve.series.color % PALETTE})`;
    });
    this.#marks.slice(curves.length).forEach(mark => (mark.hidden = true));
  }

  #x(value: number): number {
    const [low, high] = this.#across;
    return this.#left + ((this.#model.x.to(value) - low) / (high - low)) * this.#width;
  }

  #y(value: number): number {
    const [low, high] = this.#upward;
    return Pixels.TOP + (1 - (this.#model.y.to(value) - low) / (high - low)) * this.#height;
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
    // Of a time that is round the rest need not be written.
    const rest = options.isTime ? / 00 \w+$|\.0(?= s)/ : '';
    const textOf = (x: number): string => (x === 0 ? '0' : options.xText(x).replace(rest, ''));
    for (let most = Math.max(FEW, Math.floor(pixels / room)); ; most -= 1) {
      const places = (
        scale.isLog
          ? logTicks(low, high, most)
          : linearTicks(low, high, most, isX && hasWholeX ? scale.to(1) : 0, isX && options.isTime)
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

  #drawAxes(
    context: CanvasRenderingContext2D,
    { grid, muted }: Colors,
    rows: Tick[],
    width: number
  ): void {
    const foot = Pixels.TOP + this.#height;
    const sizeOf = (text: string): number => context.measureText(text).width;
    const columns = this.#ticks(this.#model.x, this.#across, this.#width, Pixels.WIDE, sizeOf);
    context.strokeStyle = grid;
    context.fillStyle = muted;
    context.lineWidth = 1;
    context.beginPath();
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const { at, text } of rows) {
      const y = Math.round(foot - at) + 0.5;
      context.moveTo(this.#left, y);
      context.lineTo(this.#left + this.#width, y);
      context.fillText(text, this.#left - Pixels.GAP + 2, y);
    }
    context.textBaseline = 'alphabetic';
    context.textAlign = 'center';
    for (const { at, text } of columns) {
      const x = Math.round(this.#left + at) + 0.5;
      context.moveTo(x, Pixels.TOP);
      context.lineTo(x, foot);
      const half = sizeOf(text) / 2;
      context.fillText(text, Math.max(half, Math.min(x, width - half)), foot + 15);
    }
    context.stroke();
  }

  /** Where in the area a pointer is, from its left edge to its right. */
  #placeOf({ clientX }: MouseEvent): number {
    const at = clientX - this.#canvas.getBoundingClientRect().left - this.#left;
    return Math.max(0, Math.min(at, this.#width));
  }

  #valueAt(place: number): number {
    const [low, high] = this.#across;
    return this.#model.x.from(low + (place / this.#width) * (high - low));
  }

  #hold(event: PointerEvent): void {
    if (event.button === 0) {
      this.#from = this.#placeOf(event);
      this.node.setPointerCapture?.(event.pointerId);
    }
  }

  #move(place: number): void {
    if (this.#from !== null) {
      const size = Math.abs(place - this.#from);
      this.#band.hidden = size < Pixels.FEWEST;
      this.#band.style.left = `${this.#left + Math.min(place, this.#from)}px`;
      this.#band.style.width = `${size}px`;
    }
    this.#events.moved(this.#valueAt(place));
  }

  /** End a drag, at no place where the page took it to scroll. */
  #drop(place: number): void {
    const from = this.#from;
    this.#from = null;
    this.#band.hidden = true;
    if (from !== null && Math.abs(place - from) >= Pixels.FEWEST) {
      this.#events.selected([
        this.#valueAt(Math.min(place, from)),
        this.#valueAt(Math.max(place, from))
      ]);
    }
  }
}
