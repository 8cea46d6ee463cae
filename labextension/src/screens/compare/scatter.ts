// Runs as points over two of their values, with the line of the best so far.
import { picker } from '../../ui/control';
import { div, fill, setAttributes, setText, svg } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { keyed } from '../../ui/keyed';
import type { Sight } from '../../ui/tabs';
import { directionOf } from '../run/direction';
import { bestSoFar, stepPath } from './best_so_far';
import type { Direction, Point } from './best_so_far';
import { fieldsOf, shareOf, textAt, ticksOf } from './field';
import type { Field } from './field';
import { alternative, colorClass, runName } from './stage';
import type { Stage } from './stage';

const enum Pixels {
  TALL = 320,
  LEFT = 70,
  BOTTOM = 40,
  SIDE = 16
}

export function scatter(stage: Stage): Sight {
  return new Scatter(stage);
}

/** A run as a point of the page. */
interface Spot {
  id: string;
  kind: string;
  at: Point;
  text: string;
}

class Scatter implements Sight {
  readonly node: HTMLElement;
  readonly #axes = svg('g', { 'aria-hidden': true });
  readonly #best = svg('path', { class: 'aml-best-line' });
  readonly #points = svg('g');
  readonly #tip = svg('text', { class: 'aml-tip', 'aria-hidden': true });
  readonly #picture = svg(
    'svg',
    { class: 'aml-scatter', height: Pixels.TALL, role: 'group' },
    [this.#axes, this.#best, this.#points, this.#tip],
    {
      keydown: event => this.#pressed(event),
      pointerover: event => this.#tell(event.target as Element),
      focusin: event => this.#tell(event.target as Element),
      pointerleave: () => setText(this.#tip, '')
    }
  );
  readonly #circles = keyed<Spot>(
    this.#points,
    ({ id }) => id,
    ({ id }) => {
      const node = svg('circle', { r: 5, role: 'img', 'data-run': id });
      return {
        node,
        show: ({ kind, at: [cx, cy], text }) =>
          setAttributes(node, {
            class: kind,
            cx,
            cy,
            'aria-label': text,
            tabindex: id === this.#active ? 0 : -1
          })
      };
    }
  );
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
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { t } = stage.host;
    this.#words = alternative(t('Table of the points'));
    const x = picker(t('x axis'), key => this.#set(() => (this.#x = key)));
    const y = picker(t('y axis'), key => this.#set(() => ((this.#y = key), (this.#way = null))));
    const way = picker(t('Best so far'), value =>
      this.#set(() => (this.#way = value as Direction | 'none'))
    );
    this.#pickers = { x, y, way };
    const tools = div('aml-toolbar', x.node, y.node, way.node);
    this.node = div('', tools, this.#picture, this.#words.node);
    this.#observer.observe(this.node);
  }

  draw(): void {
    const { view, host } = this.#stage;
    const { t } = host;
    const fields = fieldsOf(view, t);
    const offered = fields.map(({ key, name }) => [key, name] as const);
    const { x: pickX, y: pickY, way: pickWay } = this.#pickers;
    pickX.set(offered, this.#x);
    pickY.set(
      offered,
      this.#y ||
        (fields.find(({ key }) => key.startsWith('metrics.'))?.key ?? fields.at(-1)?.key ?? '')
    );
    [this.#x, this.#y] = [pickX.select.value, pickY.select.value];
    const [x, y] = [this.#x, this.#y].map(key => fields.find(field => field.key === key));
    if (!x || !y) {
      return;
    }
    const way = this.#way ?? directionOf(y.name) ?? 'none';
    pickWay.set(
      [
        ['none', t('no line')],
        ['higher', t('higher is better')],
        ['lower', t('lower is better')]
      ],
      way
    );
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
    const { view, host } = this.#stage;
    const wide = this.node.clientWidth || 720;
    const toX = (number: number): number =>
      round(Pixels.LEFT + shareOf(x, number) * (wide - Pixels.LEFT - Pixels.SIDE));
    const toY = (number: number): number =>
      round(Pixels.SIDE + (1 - shareOf(y, number)) * (Pixels.TALL - Pixels.SIDE - Pixels.BOTTOM));
    setAttributes(this.#picture, { width: wide });
    fill(this.#axes, ...axisLines(x, y, wide, toX, toY));
    const spots = view.runs.flatMap((_, place) => {
      const spot = [toX(x.numbers[place]!), toY(y.numbers[place]!)] as const;
      return spot.every(isFinite) ? [{ place, spot }] : [];
    });
    const idOf = ({ place }: { place: number }): string => view.runs[place]!.id;
    this.#order = [...spots].sort((a, b) => a.spot[0] - b.spot[0]).map(idOf);
    this.#active = this.#order.includes(this.#active) ? this.#active : (this.#order[0] ?? '');
    const textOf = (place: number): string[] => [
      runName(view, place),
      textAt(x, x.numbers[place]!),
      textAt(y, y.numbers[place]!)
    ];
    // In the order of the runs: a circle that is moved would lose the focus.
    this.#circles.show(
      spots.map(one => ({
        id: idOf(one),
        kind: `aml-point ${colorClass(view, one.place)}`,
        at: one.spot,
        text: textOf(one.place).join(', ')
      }))
    );
    const best = way
      ? bestSoFar(
          spots.map(({ place }): Point => [x.numbers[place]!, y.numbers[place]!]),
          way
        )
      : [];
    setAttributes(this.#best, {
      d: stepPath(
        best.map(([one, other]): Point => [toX(one), toY(other)]),
        wide - Pixels.SIDE
      )
    });
    const last = best.at(-1);
    const summary = host.t(
      '%1 of %2 runs: %3 over %4.',
      spots.length,
      view.runs.length,
      oneLine(y.name),
      oneLine(x.name)
    );
    const grown = last
      ? ` ${host.t('The best is %1, of run %2.', textAt(y, last[1]), last[0])}`
      : '';
    setAttributes(this.#picture, { 'aria-label': summary });
    this.#words.set(summary + grown, [host.t('Run'), x.name, y.name], () =>
      spots.map(({ place }) => textOf(place))
    );
  }

  /** Write the name beside the point that the pointer or the focus is on. */
  #tell(target: Element): void {
    const id = target.getAttribute('data-run');
    if (id === null) {
      return;
    }
    const x = Number(target.getAttribute('cx'));
    const isRight = x > (this.node.clientWidth || 720) / 2;
    setText(this.#tip, target.getAttribute('aria-label')!);
    setAttributes(this.#tip, {
      x: x + (isRight ? -9 : 9),
      y: Math.max(Number(target.getAttribute('cy')) - 8, 12),
      'text-anchor': isRight ? 'end' : 'start'
    });
  }

  #pressed(event: KeyboardEvent): void {
    const id = (event.target as Element).getAttribute('data-run');
    const at = this.#order.indexOf(id ?? '');
    const last = this.#order.length - 1;
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last
    }[event.key];
    if (at >= 0 && to !== undefined) {
      event.preventDefault();
      this.#active = this.#order[Math.max(0, Math.min(to, last))]!;
      for (const circle of this.#points.children) {
        const isActive = circle.getAttribute('data-run') === this.#active;
        setAttributes(circle, { tabindex: isActive ? 0 : -1 });
        if (isActive) {
          (circle as SVGElement).focus();
        }
      }
    } else if (at >= 0 && event.key === 'Enter') {
      this.#stage.open(this.#stage.view.runs.find(run => run.id === id)!);
    }
  }
}

function axisLines(
  x: Field,
  y: Field,
  wide: number,
  toX: (x: number) => number,
  toY: (y: number) => number
): SVGElement[] {
  const foot = Pixels.TALL - Pixels.BOTTOM;
  const name = ({ name: of, scale }: Field): string =>
    oneLine(of).slice(0, 60) + (scale.isLog ? ' (log)' : '');
  return [
    svg('path', {
      class: 'aml-frame',
      d: `M${Pixels.LEFT - 8} ${Pixels.SIDE - 8}V${foot + 8}H${wide - Pixels.SIDE}`
    }),
    ...ticksOf(x, Math.max(2, Math.floor(wide / 110))).map(tick =>
      svg('text', { class: 'aml-tick-text', x: toX(tick), y: foot + 22, 'text-anchor': 'middle' }, [
        textAt(x, tick).slice(0, 12)
      ])
    ),
    ...ticksOf(y, 5).map(tick =>
      svg(
        'text',
        { class: 'aml-tick-text', x: Pixels.LEFT - 12, y: toY(tick) + 4, 'text-anchor': 'end' },
        [textAt(y, tick).slice(0, 9)]
      )
    ),
    svg('text', { class: 'aml-axis-name', x: (Pixels.LEFT + wide) / 2, y: Pixels.TALL - 4 }, [
      name(x)
    ]),
    svg('text', { class: 'aml-axis-name aml-axis-y', x: 4, y: 12 }, [name(y)])
  ];
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
