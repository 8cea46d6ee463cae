// Parallel coordinates: a line for each run across an axis for each parameter and metric.
import { scroller } from '../../ui/chart/grid';
import { div, fill, setAttributes, svg } from '../../ui/element';
import { oneLine, valueText } from '../../ui/format';
import type { Sight } from '../../ui/tabs';
import { Bounds } from './bounds';
import { isWithin, movedBy, rangeOf } from './brush';
import type { Range } from './brush';
import { fieldsOf, numberAt, shareOf, textAt, ticksOf } from './field';
import type { Field } from './field';
import { alternative, colorClass, runName } from './stage';
import type { Stage } from './stage';

/** Axes that are there at first. */
const AT_FIRST = 7;
const enum Pixels {
  TOP = 26,
  TALL = 240,
  SIDE = 60,
  GAP = 110,
  /** Beside an axis, where a pointer takes it. */
  REACH = 16
}

export function parallel(stage: Stage): Sight {
  return new Parallel(stage);
}

class Parallel implements Sight {
  readonly node: HTMLElement;
  readonly #picture: SVGElement;
  readonly #words;
  readonly #bounds: Bounds;
  readonly #ranges = new Map<string, Range>();
  readonly #observer = new ResizeObserver(() => this.#paint());
  #fields: Field[] = [];
  /** The keys of the axes from left to right; null until there are fields to choose from. */
  #axes: string[] | null = null;
  #lines: SVGElement[] = [];
  /** What the host had selected before a range was set. */
  #before: string[] | null = null;
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { t } = stage.host;
    this.#picture = this.#makePicture();
    this.#words = alternative(t('Table of the axes'));
    this.#bounds = new Bounds(t, {
      range: (key, range) => this.#limit(key, range, true),
      clear: () => {
        this.#ranges.clear();
        this.#limit('', null, true);
      },
      move: (key, by) => this.#arrange(movedBy(this.#axes!, key, by)),
      show: (key, isOn) =>
        this.#arrange(isOn ? [...this.#axes!, key] : this.#axes!.filter(one => one !== key))
    });
    const wide = scroller('aml-scroll', t('Parallel coordinates'));
    wide.append(this.#picture);
    this.node = div('', this.#bounds.node, wide, this.#words.node);
    this.#observer.observe(this.node);
  }

  draw(): void {
    const { view, host } = this.#stage;
    this.#fields = fieldsOf(view, host.t);
    if (!this.#axes && this.#fields.length > 1) {
      const [, ...own] = this.#fields;
      const telling = own.filter(({ low, high }) => low < high);
      this.#axes = (telling.length > 1 ? telling : own).slice(-AT_FIRST).map(({ key }) => key);
    }
    this.#paint();
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  get #shown(): Field[] {
    return (this.#axes ?? []).flatMap(key => this.#fields.find(field => field.key === key) ?? []);
  }

  #width(): number {
    return Math.max(
      this.node.clientWidth || 720,
      (this.#shown.length - 1) * Pixels.GAP + 2 * Pixels.SIDE
    );
  }

  #x(at: number): number {
    return (
      Pixels.SIDE + (at * (this.#width() - 2 * Pixels.SIDE)) / Math.max(this.#shown.length - 1, 1)
    );
  }

  #paint(): void {
    const { view, host } = this.#stage;
    const width = this.#width();
    const shown = this.#shown;
    setAttributes(this.#picture, {
      width,
      viewBox: `0 0 ${width} ${Pixels.TOP + Pixels.TALL + 40}`
    });
    this.#lines = view.runs.map((_, place) => {
      const path = shown.map(
        ({ numbers }, at) =>
          `${at ? 'L' : 'M'}${this.#x(at).toFixed(1)} ${heightOf(shown[at]!, numbers[place]!).toFixed(1)}`
      );
      return svg('path', { d: path.join('') }, [svg('title', {}, [runName(view, place)])]);
    });
    const axes = shown.map((field, at) => this.#axis(field, at));
    fill(this.#picture, ...this.#lines, ...axes);
    this.#bounds.set(this.#fields, this.#axes ?? [], this.#ranges);
    this.#mark();
    setAttributes(this.#picture, {
      'aria-label': host.t(
        'Parallel coordinates: %1',
        shown.map(({ name }) => oneLine(name)).join(', ')
      )
    });
  }

  #axis(field: Field, at: number): SVGElement {
    const x = this.#x(at);
    const name = oneLine(field.name);
    const lacks = field.numbers.some(number => !isFinite(number));
    const tick = (y: number, text: string): SVGElement =>
      svg('text', { x: x + 5, y: y + 4, class: 'aml-tick-text' }, [cut(text, 14)]);
    const range = this.#ranges.get(field.key);
    const [from, to] = range
      ? [heightOf(field, range[1]), heightOf(field, range[0])].map(y =>
          Math.max(Pixels.TOP, Math.min(y, Pixels.TOP + Pixels.TALL))
        )
      : [0, 0];
    return svg('g', { class: 'aml-axis' }, [
      svg('path', { d: `M${x} ${Pixels.TOP}V${Pixels.TOP + Pixels.TALL}` }),
      range &&
        svg('rect', {
          class: 'aml-brush',
          x: x - 6,
          width: 12,
          y: from,
          height: Math.max(to! - from!, 2)
        }),
      svg('text', { x, y: 14, class: 'aml-axis-name' }, [
        cut(name, 16) + (field.scale.isLog ? ` ${this.#stage.host.t('(log)')}` : ''),
        svg('title', {}, [name])
      ]),
      ...ticksOf(field, 5).map(number => tick(heightOf(field, number), textAt(field, number))),
      lacks && tick(heightOf(field, NaN), '–')
    ]);
  }

  /** Fade what is outside of a range, and say what is left. */
  #mark(): string[] {
    const { view, host } = this.#stage;
    const within = view.runs.flatMap((_, place) => {
      const isIn = isWithin(this.#fields, this.#ranges, place);
      setAttributes(this.#lines[place]!, {
        class: `aml-line ${colorClass(view, place)}${isIn ? '' : ' aml-out'}`
      });
      return isIn ? [place] : [];
    });
    const shown = this.#shown;
    this.#words.set(
      host.t(
        '%1 of %2 runs are within the ranges, over %3 axes.',
        within.length,
        view.runs.length,
        shown.length
      ),
      [host.t('Run'), ...shown.map(({ name }) => name)],
      () =>
        within.map(place => [runName(view, place), ...shown.map(field => cellText(field, place))])
    );
    return within.map(place => view.runs[place]!.id);
  }

  #arrange(axes: string[]): void {
    this.#axes = axes;
    this.#paint();
  }

  /** Set or clear the range of an axis; a finished one becomes the selection. */
  #limit(key: string, range: Range | null, isDone: boolean): void {
    const selection = this.#stage.selection;
    if (range) {
      this.#ranges.set(key, range);
    } else {
      this.#ranges.delete(key);
    }
    this.#paint();
    if (isDone && this.#ranges.size > 0) {
      this.#before ??= selection?.get() ?? [];
      selection?.set(this.#mark());
    } else if (isDone && this.#before) {
      selection?.set(this.#before);
      this.#before = null;
    }
  }

  /** A drag along an axis sets its range, a click on it clears that; a drag of its name moves the axis. */
  #makePicture(): SVGElement {
    let held: { key: string; y: number | null; moved: boolean } | null = null;
    const spot = (event: PointerEvent): [number, number] => {
      const box = picture.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const hold = (event: PointerEvent): void => {
      const [x, y] = spot(event);
      const isName = y < Pixels.TOP - 4;
      const reach = isName ? Pixels.GAP / 2 : Pixels.REACH;
      const at = this.#shown.findIndex((_, place) => Math.abs(this.#x(place) - x) <= reach);
      if (at >= 0 && event.button === 0) {
        held = { key: this.#shown[at]!.key, y: isName ? null : y, moved: false };
        picture.setPointerCapture?.(event.pointerId);
        event.preventDefault();
      }
    };
    const drag = (event: PointerEvent, isDone: boolean): void => {
      const field = held && this.#fields.find(({ key }) => key === held!.key);
      if (!held || !field) {
        return;
      }
      const [x, y] = spot(event);
      if (held.y !== null) {
        held.moved ||= Math.abs(y - held.y) > 3;
        const [one, other] = [held.y, y].map(end => placeAt(field, end));
        this.#limit(held.key, held.moved ? rangeOf(field, one!, other!) : null, isDone);
      } else {
        const to = this.#shown.findIndex(
          (_, place) => Math.abs(this.#x(place) - x) < Pixels.GAP / 2
        );
        const at = this.#axes!.indexOf(held.key);
        const target = to < 0 ? at : this.#axes!.indexOf(this.#shown[to]!.key);
        if (target !== at) {
          this.#arrange(movedBy(this.#axes!, held.key, target - at));
        }
      }
    };
    const picture = svg(
      'svg',
      { class: 'aml-parallel', height: Pixels.TOP + Pixels.TALL + 40, role: 'img' },
      [],
      {
        pointerdown: hold,
        pointermove: event => drag(event, false),
        pointerup: event => {
          drag(event, true);
          held = null;
        },
        pointercancel: () => (held = null)
      }
    );
    return picture;
  }
}

/** Where on the page a number of an axis is; what is missing stands below. */
function heightOf(field: Field, number: number): number {
  const share = shareOf(field, number);
  return isFinite(share) ? Pixels.TOP + Pixels.TALL * (1 - share) : Pixels.TOP + Pixels.TALL + 22;
}

/** The number at a height; at the ends of an axis exactly that of the end. */
function placeAt(field: Field, y: number): number {
  const share = 1 - (y - Pixels.TOP) / Pixels.TALL;
  if (field.words) {
    return (field.words.length - 1) * share;
  }
  return share <= 0 ? field.low : share >= 1 ? field.high : numberAt(field, share);
}

function cellText(field: Field, place: number): string {
  const number = field.numbers[place]!;
  return field.words ? textAt(field, number) : isNaN(number) ? '' : valueText(number);
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
