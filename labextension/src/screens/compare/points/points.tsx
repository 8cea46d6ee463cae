// Runs as points of a picture, which keys lead through, and the steps of the best among them.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { oneLine, shortened } from '../../../ui/format';
import { Alternative } from '../alternative';
import { bestSoFar, stepPath } from './best_so_far';
import type { Point } from './best_so_far';
import { EarlyLegend, markedName, squareAt } from '../early';
import { shareOf, textAt, ticksOf } from '../field';
import type { Field } from '../field';
import { colorClass, runNames } from '../run_name';
import type { Direction, Scene } from '../state';
import { useWidth } from '../width';

const enum Pixels {
  TALL = 320,
  LEFT = 70,
  BOTTOM = 40,
  SIDE = 16
}

/** A run as a point of the page. */
interface Spot {
  id: string;
  place: number;
  x: number;
  y: number;
  text: string;
}

interface Frame {
  x: Field;
  y: Field;
  width: number;
  toX(number: number): number;
  toY(number: number): number;
}

export function Points(props: {
  scene: Scene;
  x: Field;
  y: Field;
  way: Direction | null;
}): JSX.Element {
  const { scene, x, y, way } = props;
  const { t, store, words } = scene;
  const { view } = store.state;
  const node = useRef<HTMLDivElement>(null);
  const frame = frameOf(x, y, useWidth(node));
  const spots = spotsOf(scene, frame);
  const best = way
    ? bestSoFar(
        spots.map(({ place }): Point => [x.numbers[place]!, y.numbers[place]!]),
        way
      )
    : [];
  const summary = words.points(spots.length, view.runs.length, oneLine(y.name), oneLine(x.name));
  return (
    <div ref={node}>
      <Picture scene={scene} frame={frame} spots={spots} best={best} label={summary} />
      <EarlyLegend scene={scene} mark="point" />
      <Alternative
        t={t}
        title={t('Table of the points')}
        summary={summary + grownText(scene, frame, spots, best.at(-1))}
        heads={[words.one, x.name, y.name]}
        rows={() => spots.map(({ place }) => wordsOf(scene, frame, place))}
      />
    </div>
  );
}

function frameOf(x: Field, y: Field, width: number): Frame {
  const foot = Pixels.TALL - Pixels.SIDE - Pixels.BOTTOM;
  return {
    x,
    y,
    width,
    toX: number => round(Pixels.LEFT + shareOf(x, number) * (width - Pixels.LEFT - Pixels.SIDE)),
    toY: number => round(Pixels.SIDE + (1 - shareOf(y, number)) * foot)
  };
}

function spotsOf(scene: Scene, frame: Frame): Spot[] {
  const { view } = scene.store.state;
  return view.runs.flatMap(({ id }, place): Spot[] => {
    const [x, y] = [frame.toX(frame.x.numbers[place]!), frame.toY(frame.y.numbers[place]!)];
    const text = wordsOf(scene, frame, place).join(', ');
    return isFinite(x + y) ? [{ id, place, x, y, text }] : [];
  });
}

function wordsOf(scene: Scene, { x, y }: Frame, place: number): string[] {
  const { view } = scene.store.state;
  return [
    markedName(scene, view.runs[place]!.id, runNames(view)[place]!),
    textAt(x, x.numbers[place]!),
    textAt(y, y.numbers[place]!)
  ];
}

function grownText(scene: Scene, { x, y }: Frame, spots: Spot[], last?: Point): string {
  const spot =
    last && spots.find(({ place }) => x.numbers[place] === last[0] && y.numbers[place] === last[1]);
  if (!spot) {
    return '';
  }
  const { view } = scene.store.state;
  return ` ${scene.words.best(textAt(y, last[1]), view.runs[spot.place]!.number)}`;
}

function Picture(props: {
  scene: Scene;
  frame: Frame;
  spots: Spot[];
  best: Point[];
  label: string;
}): JSX.Element {
  const { scene, frame, spots, best, label } = props;
  const { width, toX, toY } = frame;
  const picture = useRef<SVGSVGElement>(null);
  const [told, tell] = useState('');
  const [chosen, choose] = useState('');
  const order = [...spots].sort((a, b) => a.x - b.x).map(({ id }) => id);
  const active = order.includes(chosen) ? chosen : (order[0] ?? '');
  const point = (event: Event): void => {
    const id = idOf(event);
    if (id) {
      tell(id);
    }
  };
  const go = (id: string): void => {
    choose(id);
    const marks = picture.current!.querySelectorAll<SVGElement>('[data-run]');
    [...marks].find(one => one.getAttribute('data-run') === id)?.focus();
  };
  const line = stepPath(
    best.map(([one, other]): Point => [toX(one), toY(other)]),
    width - Pixels.SIDE
  );
  return (
    <svg
      ref={picture}
      class="aml-scatter"
      height={Pixels.TALL}
      width={width}
      role="group"
      aria-label={label}
      onKeyDown={event => pressed(event, order, go, id => openRun(scene, id))}
      onPointerOver={point}
      onFocusIn={point}
      onPointerLeave={() => tell('')}
      onClick={event => openRun(scene, idOf(event))}
    >
      <Axes frame={frame} />
      <path class="aml-best-line" d={line} />
      <Marks scene={scene} spots={spots} active={active} />
      <Tip spot={spots.find(({ id }) => id === told)} width={width} />
    </svg>
  );
}

/** A circle for each run, and a hollow square for one that was ended early. */
function Marks(props: { scene: Scene; spots: Spot[]; active: string }): JSX.Element {
  const { scene, spots, active } = props;
  const { view, early } = scene.store.state;
  const mark = ({ id, place, x, y, text }: Spot): JSX.Element => {
    const shared = {
      role: 'img' as const,
      'data-run': id,
      'aria-label': text,
      tabindex: id === active ? 0 : -1
    };
    const color = colorClass(view, place);
    return early.has(id) ? (
      <path key={id} class={`aml-point aml-early ${color}`} d={squareAt(x, y)} {...shared} />
    ) : (
      <circle key={id} class={`aml-point ${color}`} r={5} cx={x} cy={y} {...shared} />
    );
  };
  // In the order of the runs: a mark that is moved would lose the focus.
  return <g class={spots.length > 60 ? 'aml-many' : undefined}>{spots.map(mark)}</g>;
}

/** The run of the point that an event is about; empty for none. */
function idOf(event: Event): string {
  return (event.target as Element).getAttribute('data-run') ?? '';
}

function openRun(scene: Scene, id: string): void {
  const run = scene.store.state.view.runs.find(one => one.id === id);
  if (run) {
    scene.open(run);
  }
}

function pressed(
  event: KeyboardEvent,
  order: readonly string[],
  go: (id: string) => void,
  open: (id: string) => void
): void {
  const id = idOf(event);
  const at = order.indexOf(id);
  const last = order.length - 1;
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
    go(order[Math.max(0, Math.min(to, last))]!);
  } else if (at >= 0 && event.key === 'Enter') {
    open(id);
  }
}

/** The name beside the point that the pointer or the focus is on. */
function Tip({ spot, width }: { spot: Spot | undefined; width: number }): JSX.Element {
  const isRight = spot !== undefined && spot.x > width / 2;
  return (
    <text
      class="aml-tip"
      aria-hidden="true"
      x={(spot?.x ?? 0) + (isRight ? -9 : 9)}
      y={Math.max((spot?.y ?? 0) - 8, 12)}
      text-anchor={isRight ? 'end' : 'start'}
    >
      {spot?.text ?? ''}
    </text>
  );
}

function Axes({ frame }: { frame: Frame }): JSX.Element {
  const { x, y, width, toX, toY } = frame;
  const foot = Pixels.TALL - Pixels.BOTTOM;
  const name = ({ name: of, scale }: Field): string =>
    shortened(oneLine(of), 60) + (scale.isLog ? ' (log)' : '');
  return (
    <g aria-hidden="true">
      <path
        class="aml-frame"
        d={`M${Pixels.LEFT - 8} ${Pixels.SIDE - 8}V${foot + 8}H${width - Pixels.SIDE}`}
      />
      {ticksOf(x, Math.max(2, Math.floor(width / 110))).map(tick => (
        <text key={tick} class="aml-tick-text" x={toX(tick)} y={foot + 22} text-anchor="middle">
          {shortened(textAt(x, tick), 14)}
        </text>
      ))}
      {ticksOf(y, 5).map(tick => (
        <text
          key={tick}
          class="aml-tick-text"
          x={Pixels.LEFT - 12}
          y={toY(tick) + 4}
          text-anchor="end"
        >
          {shortened(textAt(y, tick), 9)}
        </text>
      ))}
      <text class="aml-axis-name" x={(Pixels.LEFT + width) / 2} y={Pixels.TALL - 4}>
        {name(x)}
      </text>
      <text class="aml-axis-name aml-axis-y" x={4} y={12}>
        {name(y)}
      </text>
    </g>
  );
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
