// How wide an element of the page is, as that changes.
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** What is drawn for before it is known. */
const USUAL = 720;

export function useWidth(node: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(USUAL);
  useEffect(() => {
    const measure = (): void => setWidth(node.current?.clientWidth || USUAL);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
