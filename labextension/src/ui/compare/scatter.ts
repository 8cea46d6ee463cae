// Runs as points over two of their values, with the line of the best so far.
import { element, fill, svg } from '../element';
import { oneLine } from '../format';
import { directionOf } from '../run/direction';
import { bestSoFar, stepPath } from './best_so_far';
import type { Direction, Point } from './best_so_far';
import { fieldsOf, shareOf, textAt, ticksOf } from './field';
import type { Field } from './field';
import { alternative, colorClass, picker, runName } from './stage';
import type { Sight, Stage } from './stage';

const TALL = 320;
const LEFT = 70;
const BOTTOM = 40;
const SIDE = 16;

export function scatter(stage: Stage): Sight {
  return new Scatter(stage);
}

class Scatter implements Sight {
  readonly node: HTMLElement;
  readonly #picture = svg('svg', { class: 'aml-scatter', height: TALL, role: 'group', 'data-lm-suppress-shortcuts': 'true' });
  readonly #axes = svg('g', { 'aria-hidden': 'true' });
  readonly #best = svg('path', { class: 'aml-best-line' });
  readonly #points = svg('g');
  readonly #tip = svg('text', { class: 'aml-tip', 'aria-hidden': 'true' });
  readonly #circles = new Map<string, SVGElement>();
  readonly #observer = new ResizeObserver(() => this.draw());
  readonly #pickers;
  readonly #words;
  #x = 'number';
  #y = '';
  /** The user's word on which way is better, else it is the name's. */
  #way: Direction | 'none' | null = null;
  /** The id of the point that Tab leads to, and ids from left to right. */
  #active = '';
  #order: string[] = [];

  constructor(private readonly stage: Stage) {
    const { t } = stage.host;
    this.#words = alternative(t('Table of the points'));
    const x = picker(t('x axis'), key => this.#set(() => (this.#x = key)));
    const y = picker(t('y axis'), key => this.#set(() => ((this.#y = key), (this.#way = null))));
    const way = picker(t('Best so far'), value => this.#set(() => (this.#way = value as Direction | 'none')));
    this.#pickers = { x, y, way };
    fill(this.#picture, this.#axes, this.#best, this.#points, this.#tip);
    const tools = element('div', { class: 'aml-toolbar' }, [x.node, y.node, way.node]);
    this.node = element('div', {}, [tools, this.#picture, this.#words.node]);
    this.#observer.observe(this.node);
    this.#picture.addEventListener('keydown', event => this.#pressed(event));
    for (const name of ['pointerover', 'focusin'] as const) {
      this.#picture.addEventListener(name, event => this.#tell(event.target as Element));
    }
    this.#picture.addEventListener('pointerleave', () => (this.#tip.textContent = ''));
  }

  draw(): void {
    const { view, host } = this.stage;
    const { t } = host;
    const fields = fieldsOf(view, t);
    const offered = fields.map(({ key, name }) => [key, name] as const);
    const { x: pickX, y: pickY, way: pickWay } = this.#pickers;
    pickX.set(offered, this.#x);
    pickY.set(offered, this.#y || (fields.find(({ key }) => key.startsWith('metrics.'))?.key ?? fields[fields.length - 1]?.key ?? ''));
    [this.#x, this.#y] = [pickX.select.value, pickY.select.value];
    const [x, y] = [this.#x, this.#y].map(key => fields.find(field => field.key === key));
    if (!x || !y) {
      return;
    }
    const way = this.#way ?? directionOf(y.name) ?? 'none';
    pickWay.set([['none', t('no line')], ['higher', t('higher is better')], ['lower', t('lower is better')]], way);
    pickWay.node.hidden = x.key !== 'number' || y.words !== null;
    this.#paint(x, y, pickWay.node.hidden || way === 'none' ? null : way);
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  #set(change: () => void): void {
    change();
    this.draw();
  }

  #paint(x: Field, y: Field, way: Direction | null): void {
    const { view, host } = this.stage;
    const wide = this.node.clientWidth || 720;
    const toX = (number: number): number => round(LEFT + shareOf(x, number) * (wide - LEFT - SIDE));
    const toY = (number: number): number => round(SIDE + (1 - shareOf(y, number)) * (TALL - SIDE - BOTTOM));
    this.#picture.setAttribute('width', String(wide));
    fill(this.#axes, ...axisLines(x, y, wide, toX, toY));
    const spots = view.runs.flatMap((_, place) => {
      const spot = [toX(x.numbers[place]!), toY(y.numbers[place]!)] as const;
      return spot.every(Number.isFinite) ? [{ place, spot }] : [];
    });
    this.#order = spots.sort((a, b) => a.spot[0] - b.spot[0]).map(({ place }) => view.runs[place]!.id);
    this.#active = this.#order.includes(this.#active) ? this.#active : (this.#order[0] ?? '');
    for (const [id, circle] of this.#circles) {
      if (!this.#order.includes(id)) {
        circle.remove();
        this.#circles.delete(id);
      }
    }
    const textOf = (place: number): string[] => [runName(view, place), textAt(x, x.numbers[place]!), textAt(y, y.numbers[place]!)];
    spots.forEach(({ place, spot }) => this.#circle(place, spot, textOf(place).join(', ')));
    const best = way ? bestSoFar(spots.map(({ place }): Point => [x.numbers[place]!, y.numbers[place]!]), way) : [];
    this.#best.setAttribute('d', stepPath(best.map(([one, other]): Point => [toX(one), toY(other)]), wide - SIDE));
    const last = best[best.length - 1];
    const summary = host.t('%1 of %2 runs: %3 over %4.', spots.length, view.runs.length, oneLine(y.name), oneLine(x.name));
    const grown = last ? ` ${host.t('The best is %1, of run %2.', textAt(y, last[1]), last[0])}` : '';
    this.#picture.setAttribute('aria-label', summary);
    this.#words.set(summary + grown, [host.t('Run'), x.name, y.name], () => spots.map(({ place }) => textOf(place)));
  }

  /** Circles are kept, so that the one with the focus keeps it. */
  #circle(place: number, [x, y]: Point, text: string): void {
    const { view } = this.stage;
    const { id } = view.runs[place]!;
    let circle = this.#circles.get(id);
    if (!circle) {
      circle = svg('circle', { r: 5, role: 'img', 'data-run': id });
      this.#circles.set(id, circle);
      this.#points.append(circle);
    }
    circle.setAttribute('class', `aml-point ${colorClass(view, place)}`);
    circle.setAttribute('cx', String(x));
    circle.setAttribute('cy', String(y));
    circle.setAttribute('aria-label', text);
    circle.setAttribute('tabindex', id === this.#active ? '0' : '-1');
  }

  /** Write the name beside the point that the pointer or the focus is on. */
  #tell(target: Element): void {
    const id = target.getAttribute('data-run');
    if (id === null) {
      return;
    }
    const x = Number(target.getAttribute('cx'));
    const isRight = x > (this.node.clientWidth || 720) / 2;
    this.#tip.textContent = target.getAttribute('aria-label');
    this.#tip.setAttribute('x', String(x + (isRight ? -9 : 9)));
    this.#tip.setAttribute('y', String(Math.max(Number(target.getAttribute('cy')) - 8, 12)));
    this.#tip.setAttribute('text-anchor', isRight ? 'end' : 'start');
  }

  #pressed(event: KeyboardEvent): void {
    const id = (event.target as Element).getAttribute('data-run');
    const at = this.#order.indexOf(id ?? '');
    const last = this.#order.length - 1;
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (at >= 0 && to !== undefined) {
      event.preventDefault();
      this.#circles.get(this.#active)?.setAttribute('tabindex', '-1');
      this.#active = this.#order[Math.max(0, Math.min(to, last))]!;
      const circle = this.#circles.get(this.#active)!;
      circle.setAttribute('tabindex', '0');
      circle.focus();
    } else if (at >= 0 && event.key === 'Enter') {
      this.stage.open(this.stage.view.runs.find(run => run.id === id)!);
    }
  }
}

function axisLines(x: Field, y: Field, wide: number, toX: (x: number) => number, toY: (y: number) => number): SVGElement[] {
  const foot = TALL - BOTTOM;
  const name = ({ name: of, isLog }: Field): string => oneLine(of).slice(0, 60) + (isLog ? ' (log)' : '');
  return [
    svg('path', { class: 'aml-frame', d: `M${LEFT - 8} ${SIDE - 8}V${foot + 8}H${wide - SIDE}` }),
    ...ticksOf(x, 6).map(tick => svg('text', { class: 'aml-tick-text', x: toX(tick), y: foot + 22, 'text-anchor': 'middle' }, [textAt(x, tick).slice(0, 12)])),
    ...ticksOf(y, 5).map(tick => svg('text', { class: 'aml-tick-text', x: LEFT - 12, y: toY(tick) + 4, 'text-anchor': 'end' }, [textAt(y, tick).slice(0, 9)])),
    svg('text', { class: 'aml-axis-name', x: (LEFT + wide) / 2, y: TALL - 4 }, [name(x)]),
    svg('text', { class: 'aml-axis-name aml-axis-y', x: 4, y: 12 }, [name(y)])
  ];
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
