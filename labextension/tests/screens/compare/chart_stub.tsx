// In place of charts: what each was told to draw.
import type { JSX } from 'preact';
import type { ChartProps } from '../../../src/ui/chart/contract';

/** By title. */
export const charts = new Map<string, ChartProps>();

export function Chart(props: ChartProps): JSX.Element {
  charts.set(props.title, props);
  return <figure class="chart-stub">{props.title}</figure>;
}
