// Charts that are dragged: onto another one to share it, or beside it to stand there.
import type { JSX, RefObject } from 'preact';
import { useState } from 'preact/hooks';

export type DropSide = 'before' | 'into' | 'after';

const KIND = 'application/x-aml-chart';
/** The part of a chart at each edge that is beside it. */
const EDGE = 0.25;

interface Drop {
  /** What a chart is dragged by. */
  grip: Pick<JSX.HTMLAttributes<HTMLElement>, 'onDragStart'>;
  target: Pick<JSX.HTMLAttributes<HTMLElement>, 'onDragOver' | 'onDragLeave' | 'onDrop'>;
}

/** Where something is about to be dropped on a chart, and what makes it one that can be dragged and dropped on. */
export function useDrop(
  node: RefObject<HTMLElement>,
  id: string,
  dropped: (id: string, side: DropSide) => void
): [side: DropSide | null, drop: Drop] {
  const [side, setSide] = useState<DropSide | null>(null);
  const isChart = ({ dataTransfer }: DragEvent): boolean =>
    dataTransfer?.types.includes(KIND) ?? false;
  const sideOf = ({ clientX }: DragEvent): DropSide => {
    const { left, width } = node.current!.getBoundingClientRect();
    const place = (clientX - left) / (width || 1);
    return place < EDGE ? 'before' : place > 1 - EDGE ? 'after' : 'into';
  };
  return [
    side,
    {
      grip: {
        onDragStart: event => {
          event.dataTransfer?.setData(KIND, id);
          event.dataTransfer?.setDragImage(node.current!, 0, 0);
          event.stopPropagation(); // it is no cell that is dragged
        }
      },
      target: {
        onDragOver: event => {
          if (isChart(event)) {
            event.preventDefault();
            event.stopPropagation();
            setSide(sideOf(event));
          }
        },
        onDragLeave: () => setSide(null),
        onDrop: event => {
          if (isChart(event)) {
            event.preventDefault();
            event.stopPropagation();
            setSide(null);
            dropped(event.dataTransfer!.getData(KIND), sideOf(event));
          }
        }
      }
    }
  ];
}
