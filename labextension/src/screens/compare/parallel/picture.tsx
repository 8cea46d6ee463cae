// The picture of parallel coordinates: lines, axes, and what a pointer does to them.
import { Component, type JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { oneLine, shortened } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { acrossOf, heightOf, Pixels, placeAt } from './axes';
import { rangeOf } from './brush';
import type { Range } from './brush';
import { markedName } from '../early';
import { textAt, ticksOf } from '../field';
import type { Field } from '../field';
import { runNames } from '../run_name';
import type { Scene } from '../state';

interface Props {
  scene: Scene;
  shown: Field[];
  width: number;
  paths: readonly string[];
  classes: readonly string[];
  within: readonly boolean[];
  limit(key: string, range: Range | null, isDone: boolean): void;
  move(key: string, by: number): void;
}

export function Picture(props: Props): JSX.Element {
  const { scene, shown, width, paths, classes, within } = props;
  const { t, store } = scene;
  const { view, ranges, early } = store.state;
  const [told, tell] = useState('');
  const dragged = useDrag(props);
  const names = useMemo(
    () => runNames(view).map((name, place) => markedName(scene, view.runs[place]!.id, name)),
    [view, early]
  );
  const height = Pixels.TOP + Pixels.TALL + 40;
  const over = (event: PointerEvent): void => {
    const place = Number((event.target as Element).getAttribute('data-place') ?? NaN);
    tell(isNaN(place) ? '' : names[place]!);
  };
  const clicked = (event: MouseEvent): void => {
    const place = Number((event.target as Element).getAttribute('data-place') ?? NaN);
    if (!isNaN(place)) {
      scene.open(view.runs[place]!);
    }
  };
  const label = t('Parallel coordinates: %1', shown.map(({ name }) => oneLine(name)).join(', '));
  return (
    <svg
      class="aml-parallel"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      onPointerOver={over}
      onPointerLeave={() => tell('')}
      onClick={clicked}
      {...dragged}
    >
      <Lines paths={paths} classes={classes} within={within} names={names} />
      {shown.map((field, at) => (
        <Axis
          key={field.key}
          t={t}
          field={field}
          x={acrossOf(at, shown.length, width)}
          range={ranges.get(field.key)}
        />
      ))}
      <text class="aml-tip" x={width / 2} y={height - 4} text-anchor="middle" aria-hidden="true">
        {told}
      </text>
    </svg>
  );
}

interface LinesProps {
  paths: readonly string[];
  classes: readonly string[];
  within: readonly boolean[];
  names: readonly string[];
}

/** Hundreds of lines: drawn anew only where one of them changed. */
class Lines extends Component<LinesProps> {
  override shouldComponentUpdate(next: LinesProps): boolean {
    const { paths, classes, within, names } = this.props;
    return (
      next.paths !== paths ||
      next.classes !== classes ||
      next.names !== names ||
      next.within.some((isIn, place) => isIn !== within[place])
    );
  }

  override render({ paths, classes, within, names }: LinesProps): JSX.Element {
    // What is within, and of that what is best, lies above the others.
    const order = paths.map((_, place) => place).sort((a, b) => rank(a) - rank(b) || a - b);
    function rank(place: number): number {
      const level = Number(/-level-(-?\d+)$/.exec(classes[place]!)?.[1] ?? 0);
      return (within[place] ? 100 : 0) + level;
    }
    return (
      <g class={paths.length > 60 ? 'aml-many' : undefined}>
        {order.map(place => (
          <path
            key={place}
            class={`aml-line ${classes[place]!}${within[place] ? '' : ' aml-out'}`}
            d={paths[place]}
            data-place={place}
          >
            <title>{names[place]}</title>
          </path>
        ))}
      </g>
    );
  }
}

function Axis(props: {
  t: Translate;
  field: Field;
  x: number;
  range: Range | undefined;
}): JSX.Element {
  const { t, field, x, range } = props;
  const name = oneLine(field.name);
  const lacks = field.numbers.some(number => !isFinite(number));
  const clamp = (y: number): number => Math.max(Pixels.TOP, Math.min(y, Pixels.TOP + Pixels.TALL));
  const [from, to] = range
    ? [clamp(heightOf(field, range[1])), clamp(heightOf(field, range[0]))]
    : [0, 0];
  const tick = (key: string, y: number, text: string): JSX.Element => (
    <text key={key} x={x + 5} y={y + 4} class="aml-tick-text">
      {shortened(text, 14)}
    </text>
  );
  return (
    <g class="aml-axis">
      <path d={`M${x} ${Pixels.TOP}V${Pixels.TOP + Pixels.TALL}`} />
      {range && (
        <rect class="aml-brush" x={x - 6} width={12} y={from} height={Math.max(to - from, 2)} />
      )}
      <text x={x} y={14} class="aml-axis-name">
        {shortened(name, 16) + (field.scale.isLog ? ` ${t('(log)')}` : '')}
        <title>{name}</title>
      </text>
      {ticksOf(field, 5).map(number =>
        tick(String(number), heightOf(field, number), textAt(field, number))
      )}
      {lacks && tick('none', heightOf(field, NaN), '–')}
    </g>
  );
}

/** A drag along an axis sets its range, a click on it clears that; a drag of its name moves the axis. */
function useDrag(props: Props): JSX.SVGAttributes<SVGSVGElement> {
  // The newest, for a drag outlives what was drawn when it began.
  const now = useRef(props);
  now.current = props;
  const held = useRef<{ key: string; y: number | null; moved: boolean } | null>(null);
  const spot = (event: PointerEvent): [number, number] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const nearest = (x: number, reach: number): number => {
    const { shown, width } = now.current;
    return shown.findIndex((_, at) => Math.abs(acrossOf(at, shown.length, width) - x) <= reach);
  };
  const hold = (event: PointerEvent): void => {
    const [x, y] = spot(event);
    const isName = y < Pixels.TOP - 4;
    const at = nearest(x, isName ? Pixels.GAP / 2 : Pixels.REACH);
    if (at >= 0 && event.button === 0) {
      held.current = { key: now.current.shown[at]!.key, y: isName ? null : y, moved: false };
      (event.currentTarget as Element).setPointerCapture?.(event.pointerId);
      event.preventDefault();
    }
  };
  const drag = (event: PointerEvent, isDone: boolean): void => {
    const { shown, limit, move } = now.current;
    const one = held.current;
    const from = shown.findIndex(({ key }) => key === one?.key);
    if (!one || from < 0) {
      return;
    }
    const [x, y] = spot(event);
    if (one.y === null) {
      const to = nearest(x, Pixels.GAP / 2);
      if (to >= 0 && to !== from) {
        move(one.key, to - from);
      }
      return;
    }
    one.moved ||= Math.abs(y - one.y) > 3;
    const field = shown[from]!;
    const range = one.moved ? rangeOf(field, placeAt(field, one.y), placeAt(field, y)) : null;
    limit(one.key, range, isDone);
  };
  return {
    onPointerDown: hold,
    onPointerMove: event => drag(event, false),
    onPointerUp: event => {
      drag(event, true);
      held.current = null;
    },
    onPointerCancel: () => {
      held.current = null;
    }
  };
}
