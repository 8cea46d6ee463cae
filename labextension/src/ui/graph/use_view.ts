// The part of a graph that is seen: all of it until the reader moves it.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Point } from './contract';
import type { Box } from './geometry';
import { fitted, zoomed, type Size, type View } from './viewport';

/** What a graph takes to be its size until it knows better. */
const UNKNOWN: Size = { width: 640, height: 360 };

export interface Sight {
  readonly view: View;
  readonly size: Size;
  /** Move it as the reader wants it. */
  move(change: (view: View) => View): void;
  zoom(factor: number, at?: Point): void;
  fit(): void;
}

/** @param box what is shown whole at first. */
export function useView(node: RefObject<Element>, box: Box): Sight {
  const [size, setSize] = useState(UNKNOWN);
  const [chosen, choose] = useState<View | null>(null);
  const whole = fitted(box, size);
  const view = chosen ?? whole;
  // Several moves may come before the next is drawn.
  const latest = useRef(view);
  latest.current = view;
  useLayoutEffect(() => {
    const observer = new ResizeObserver(entries => {
      const { width, height } = entries.at(-1)!.contentRect;
      if (width > 0 && height > 0) {
        setSize({ width, height });
      }
    });
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, []);
  const move = (change: (view: View) => View): void => {
    latest.current = change(latest.current);
    choose(latest.current);
  };
  return {
    view,
    size,
    move,
    zoom: (factor, at = { x: size.width / 2, y: size.height / 2 }) =>
      move(now => zoomed(now, factor, at)),
    fit: () => choose(null)
  };
}
