// A chart for what is not drawn by Preact yet.
import { render } from 'preact';
import type { Translate } from '../host';
import { Chart as ChartPart } from './chart';
import type { Range, Series } from './contract';

export interface ChartOptions {
  title: string;
  xLabel: string;
  yLabel?: string;
  series: Series[];
  height: number;
  logX?: boolean;
  logY?: boolean;
  smoothing?: number;
  xText(x: number): string;
  isTime?: boolean;
  zoomed?(range: Range | null): void;
  t: Translate;
}

export interface Chart {
  /** Draw with other options; those that are left out stay. The zoom stays too. */
  set(options: Partial<ChartOptions>): void;
  zoom(range: Range | null): void;
  dispose(): void;
}

/** Draw a chart at the end of `parent`; it is as wide as that. */
export function drawChart(parent: HTMLElement, options: ChartOptions): Chart {
  const node = parent.appendChild(document.createElement('div'));
  const all = { ...options };
  let zoom: Range | null = null;
  const draw = (): void => {
    const { t, title, series, xLabel, xText, isTime, yLabel, logX, logY, height, smoothing } = all;
    const x = { label: xLabel, text: xText, isTime, isLog: logX };
    const y = { label: yLabel, isLog: logY };
    const zoomed = (range: Range | null): void => {
      zoom = range;
      draw();
      all.zoomed?.(range);
    };
    render(
      <ChartPart
        {...{ t, title, x, y, height, smoothing, zoom }}
        curves={series}
        onZoom={zoomed}
      />,
      node
    );
  };
  draw();
  return {
    set: some => {
      Object.assign(all, some);
      draw();
    },
    zoom: range => {
      zoom = range;
      draw();
    },
    dispose: () => {
      render(null, node);
      node.remove();
    }
  };
}
