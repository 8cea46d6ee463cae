// What a pointer does in a graph: it moves what is seen, chooses and drags nodes, and draws edges.
import { useState } from 'preact/hooks';
import type { GraphProps, Layout, Places, Point, PortEnd } from './contract';
import type { Sight } from './use_view';
import { pointIn } from './viewport';

/** Pixels that a pointer may tremble in a click. */
const STILL = 4;

/** An edge that is being drawn, and the input that it would lead to. */
export interface Rubber {
  readonly from: PortEnd;
  readonly at: Point;
  readonly to: PortEnd | null;
}

export interface Hands {
  /** Nodes that are dragged, where they are now. */
  readonly dragged: Places | null;
  readonly rubber: Rubber | null;
  down(event: PointerEvent): void;
  wheel(event: WheelEvent): void;
  doubleClick(event: MouseEvent): void;
}

interface Held {
  move(event: PointerEvent, dx: number, dy: number): void;
  /** @param isClick whether the pointer did not move. */
  up(event: PointerEvent, isClick: boolean): void;
}

export function useHands(props: GraphProps, layout: Layout, sight: Sight): Hands {
  const [dragged, setDragged] = useState<Places | null>(null);
  const [rubber, setRubber] = useState<Rubber | null>(null);
  const { edit } = props;
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 1) {
      return;
    }
    const [id, output] = [nodeAt(event.target), portAt(event.target, 'output')];
    const held =
      edit && output
        ? drawing(props, sight, output, setRubber)
        : edit && id !== null && event.button === 0
          ? dragging(props, layout, sight, id, setDragged)
          : panning(props, sight, id);
    hold(event, held);
  };
  const wheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      sight.zoom(Math.exp(-event.deltaY / 300), pointOf(event));
    } else if (props.isFull) {
      event.preventDefault();
      sight.move(view => ({ ...view, x: view.x - event.deltaX, y: view.y - event.deltaY }));
    }
  };
  const doubleClick = ({ target }: MouseEvent): void => {
    const id = nodeAt(target);
    if (id !== null) {
      props.onOpen(id);
    }
  };
  return { dragged, rubber, down, wheel, doubleClick };
}

/** Follow a pointer that went down until it is up, wherever it goes. */
function hold(event: PointerEvent, held: Held): void {
  const surface = event.currentTarget as Element;
  const { clientX, clientY, pointerId } = event;
  const end = new AbortController();
  let isClick = true;
  const moved = (later: PointerEvent): void => {
    const [dx, dy] = [later.clientX - clientX, later.clientY - clientY];
    isClick &&= Math.hypot(dx, dy) < STILL;
    if (later.pointerId === pointerId && !isClick) {
      // A click is to reach its node, so the pointer is held only once it has moved.
      surface.setPointerCapture?.(pointerId);
      held.move(later, dx, dy);
    }
  };
  const up = (later: PointerEvent): void => {
    if (later.pointerId === pointerId) {
      end.abort();
      held.up(later, isClick && later.type === 'pointerup');
    }
  };
  const { signal } = end;
  window.addEventListener('pointermove', moved, { signal });
  window.addEventListener('pointerup', up, { signal });
  window.addEventListener('pointercancel', up, { signal });
}

function panning(props: GraphProps, sight: Sight, id: string | null): Held {
  const { x, y } = sight.view;
  return {
    move: (_event, dx, dy) => sight.move(view => ({ ...view, x: x + dx, y: y + dy })),
    up: (event, isClick) => isClick && props.onSelect(id, isMore(event))
  };
}

function dragging(
  props: GraphProps,
  { places }: Layout,
  sight: Sight,
  id: string,
  show: (places: Places | null) => void
): Held {
  const ids = props.selected.has(id) ? [...props.selected] : [id];
  let moved: Places = new Map();
  return {
    move: (_event, dx, dy) => {
      const { scale } = sight.view;
      moved = new Map(
        ids.flatMap(one => {
          const place = places.get(one);
          return place ? [[one, { x: place.x + dx / scale, y: place.y + dy / scale }]] : [];
        })
      );
      show(moved);
    },
    up: (event, isClick) => {
      show(null);
      if (isClick) {
        props.onSelect(id, isMore(event));
      } else if (event.type === 'pointerup' && moved.size > 0) {
        props.edit!.move(moved);
      }
    }
  };
}

function drawing(
  { edit }: GraphProps,
  sight: Sight,
  from: PortEnd,
  show: (rubber: Rubber | null) => void
): Held {
  const inputBelow = ({ clientX, clientY }: PointerEvent): PortEnd | null => {
    const below = document.elementFromPoint(clientX, clientY);
    const to = portAt(below, 'input') ?? wholeNode(below);
    return to && edit!.canConnect(from, to) ? to : null;
  };
  const surface = { current: null as Element | null };
  return {
    move: event => {
      surface.current ??= (event.target as Element).closest('.aml-graph-surface');
      const at = pointIn(sight.view, pointOf(event, surface.current));
      show({ from, at, to: inputBelow(event) });
    },
    up: (event, isClick) => {
      show(null);
      const to = isClick || event.type !== 'pointerup' ? null : inputBelow(event);
      if (to) {
        edit!.connect(from, to);
      }
    }
  };
}

function isMore({ shiftKey, ctrlKey, metaKey }: MouseEvent): boolean {
  return shiftKey || ctrlKey || metaKey;
}

/** Where an event is, from the corner of a graph. */
export function pointOf(
  { clientX, clientY, currentTarget }: MouseEvent,
  surface: Element | null = currentTarget as Element
): Point {
  const { left, top } = surface!.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** The node that something drawn is a part of. */
export function nodeAt(target: EventTarget | null): string | null {
  const node = target instanceof Element ? target.closest('[data-node]') : null;
  return node?.getAttribute('data-node') ?? null;
}

function portAt(target: EventTarget | null, side: 'input' | 'output'): PortEnd | null {
  const port = target instanceof Element ? target.closest('[data-port]') : null;
  const node = nodeAt(target);
  return port && node !== null && port.getAttribute('data-side') === side
    ? { node, port: port.getAttribute('data-port') }
    : null;
}

/** A node as the end of an edge that names no port: the editor decides which it is. */
function wholeNode(target: EventTarget | null): PortEnd | null {
  const node = nodeAt(target);
  return node === null ? null : { node, port: null };
}
