// The canvas of a chart, and over it the cursor and the stretch that is dragged over.
import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Range } from './contract';
import type { Model } from './points/model';
import { paintSoon } from './paint/due';
import { Picture } from './paint/picture';
import { Pointed } from './pointed';
import type { Room } from './room';

export interface PlotHandlers {
  /** The pointer stands at an x, or left (null). */
  moved(x: number | null): void;
  selected(range: Range): void;
  reset(): void;
  pressed(event: KeyboardEvent): void;
  /** The focus left. */
  left(): void;
}

/** What a drag has at least in pixels, not to be a click. */
const FEWEST = 4;

interface Props extends PlotHandlers {
  node: RefObject<HTMLDivElement>;
  label: string;
  model: Model;
  zoom: Range | null;
  hidden: ReadonlySet<string>;
  height: number;
  cursor: number | null;
  isKeyed: boolean;
  /** Null where it is not known yet. */
  room: Room | null;
}

export function Plot(props: Props): JSX.Element {
  const { node, label, model, cursor, isKeyed, height } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = usePicture(props);
  const [pointer, point] = useState<{ down: number } | null>(null);
  const [band, on] = useDrag(props, picture, canvas, point);
  const [failed, fail] = useState<{ problem: unknown } | null>(null);
  useLayoutEffect(() => {
    if (picture && props.room) {
      repaint(canvas.current!, picture, props.room, height, problem => fail({ problem }));
    }
  }, [picture, props.room?.colors]);
  if (failed) {
    throw failed.problem; // for the boundary, which says that this part cannot be shown
  }
  return (
    <div
      ref={node}
      class="aml-chart-plot"
      style={`height: ${height}px`}
      tabIndex={0}
      role="application"
      aria-roledescription={model.options.t('chart')}
      aria-label={label}
      onDblClick={props.reset}
      onKeyDown={props.pressed}
      onBlur={props.left}
      {...on}
    >
      {picture && <canvas ref={canvas} />}
      {picture && cursor !== null && (
        <Pointed
          model={model}
          picture={picture}
          x={cursor}
          down={pointer?.down ?? null}
          isOwn={isKeyed || pointer !== null}
        />
      )}
      {picture && band && (
        <div
          class="aml-chart-band"
          style={{
            left: `${band.left}px`,
            width: `${band.width}px`,
            bottom: `${picture.foot}px`
          }}
        />
      )}
    </div>
  );
}

/** The picture of the model; the one before stays while nobody sees it, and none is where there is no room. */
function usePicture({ model, zoom, hidden, height, room }: Props): Picture | null {
  const kept = useRef<Picture | null>(null);
  const { width = 0, isSeen = false, colors } = room ?? {};
  const { x } = model.options;
  const make = (): Picture | null =>
    width > 0 && colors ? new Picture(model, width, height, colors.font) : null;
  const wanted = [model, zoom, hidden, width, height, colors?.font, x.isTime, x.label];
  const fresh = useMemo(() => (isSeen ? make() : null), [...wanted, isSeen]);
  kept.current = isSeen ? fresh : width > 0 ? kept.current : null;
  return kept.current;
}

function repaint(
  canvas: HTMLCanvasElement,
  picture: Picture,
  room: Room,
  height: number,
  failed: (problem: unknown) => void
): void {
  const { width, colors } = room;
  const { ratio } = colors;
  paintSoon(canvas, {
    width: Math.round(width * ratio),
    height: Math.round(height * ratio),
    paint: context => {
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      picture.paint(context, colors);
    },
    failed
  });
}

type PointerHandlers = Pick<
  JSX.HTMLAttributes<HTMLDivElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onPointerLeave'
>;

/** Follows the pointer; a drag to the side selects a stretch. */
function useDrag(
  { moved, selected }: Props,
  picture: Picture | null,
  canvas: RefObject<HTMLCanvasElement>,
  point: (pointer: { down: number } | null) => void
): [band: { left: number; width: number } | null, on: PointerHandlers] {
  const from = useRef<number | null>(null);
  const [band, setBand] = useState<{ left: number; width: number } | null>(null);
  if (!picture) {
    return [null, {}];
  }
  /** Where in the area a pointer is, from its left edge to its right. */
  const placeOf = ({ clientX }: PointerEvent): number => {
    const at = clientX - canvas.current!.getBoundingClientRect().left - picture.left;
    return Math.max(0, Math.min(at, picture.width));
  };
  /** End a drag, at no place where the page took it to scroll. */
  const drop = (place: number): void => {
    const start = from.current;
    from.current = null;
    setBand(null);
    if (start !== null && Math.abs(place - start) >= FEWEST) {
      const [low, high] = [Math.min(place, start), Math.max(place, start)];
      selected([picture.valueAt(low), picture.valueAt(high)]);
    }
  };
  const move = (event: PointerEvent): void => {
    // One that does not move is told too when something moves below it.
    if (!event.movementX && !event.movementY) {
      return;
    }
    const place = placeOf(event);
    if (from.current !== null) {
      const width = Math.abs(place - from.current);
      const left = picture.left + Math.min(place, from.current);
      setBand(width < FEWEST ? null : { left, width });
    }
    point({ down: event.clientY - canvas.current!.getBoundingClientRect().top });
    moved(picture.valueAt(place));
  };
  return [
    band,
    {
      onPointerDown: event => {
        if (event.button === 0) {
          from.current = placeOf(event);
          event.currentTarget.setPointerCapture?.(event.pointerId);
        }
      },
      onPointerMove: move,
      onPointerUp: event => drop(placeOf(event)),
      onPointerCancel: () => drop(NaN),
      // A finger that is lifted leaves too, and what it points at stays to be read.
      onPointerLeave: event => {
        if (event.pointerType !== 'touch') {
          point(null);
          moved(null);
        }
      }
    }
  ];
}
