// A chart that writes down what it is to draw.
import type { ChartProps } from '../../../src/ui/chart/contract';

/** What each chart was drawn with the last time, by its title. */
export const charts = new Map<string, ChartProps>();
/** A chart of this title cannot be drawn. */
export const failing = { title: '' };

export function FakeChart(props: ChartProps): unknown {
  if (props.title === failing.title) {
    throw new Error('no canvas');
  }
  charts.set(props.title, props);
  return props.children;
}
