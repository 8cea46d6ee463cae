// How much room a chart has, and whether it is near enough to the sight to be drawn.
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { colorsOf, watchTheme, type Colors } from './paint/theme';

export interface Room {
  /** 0 where it is hidden. */
  width: number;
  isSeen: boolean;
  colors: Colors;
}

/** Pixels beyond the edge of the page within which a chart is drawn, so that scrolling finds it drawn. */
const NEAR = 300;
const watched = new WeakMap<Element, (change: { width?: number; isSeen?: boolean }) => void>();
let sizes: ResizeObserver | undefined;
let sights: IntersectionObserver | undefined;

/** The room of an element; null until it is known, which is before the first frame. */
export function useRoom(node: RefObject<HTMLElement>): Room | null {
  const [room, setRoom] = useState<Room | null>(null);
  useLayoutEffect(() => {
    const place = node.current!;
    const change = (part: Partial<Room>): void =>
      setRoom(before => {
        const whole = before ?? { width: 0, isSeen: false, colors: colorsOf(place) };
        if (part.colors && JSON.stringify(part.colors) === JSON.stringify(whole.colors)) {
          return before;
        }
        const isSame = Object.keys(part).every(
          key => part[key as keyof Room] === whole[key as keyof Room]
        );
        return isSame && before ? before : { ...whole, ...part };
      });
    watched.set(place, change);
    observers().forEach(observer => observer.observe(place));
    const unwatch = watchTheme(() => change({ colors: colorsOf(place) }));
    return () => {
      watched.delete(place);
      observers().forEach(observer => observer.unobserve(place));
      unwatch();
    };
  }, []);
  return room;
}

/** All charts share two observers, which tell of many at once. */
function observers(): [ResizeObserver, IntersectionObserver] {
  sizes ??= new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      // The page is laid out here, so looking costs nothing; the other observer tells a frame later.
      const { top, bottom } = target.getBoundingClientRect();
      const isSeen = bottom >= -NEAR && top <= innerHeight + NEAR;
      const { width } = contentRect;
      watched.get(target)?.(isSeen ? { width, isSeen } : { width });
    }
  });
  sights ??= new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) {
        watched.get(target)?.({ isSeen: isIntersecting });
      }
    },
    { rootMargin: `${NEAR}px` }
  );
  return [sizes, sights];
}

/** The width of an element; 0 until it is known. */
export function useWidth(node: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const place = node.current!;
    watched.set(place, part => part.width !== undefined && setWidth(Math.round(part.width)));
    const [observer] = observers();
    observer.observe(place);
    return () => {
      watched.delete(place);
      observer.unobserve(place);
    };
  }, []);
  return width;
}
