// What the `log_…` methods beside `log` logged: tables, matrices, charts and images.
import { div, fill } from '../element';
import type { Host } from '../host';
import type { MetricView } from '../view';
import { drawCharts } from './charts';
import { drawImages } from './images';
import { drawLoggedTable } from './logged_table';
import { drawMatrix } from './matrix';

/** A part of a screen that shows one metric. */
export interface Part {
  update(metric: MetricView): void;
  dispose?(): void;
}

/** Makes a part, which is empty until its first update. */
export type Draw = (parent: HTMLElement, host: Host, run: string, name: string) => Part;

/** Whether `drawLogged` has something to show of the metric. */
export function isLogged(metric: MetricView): boolean {
  return drawOf(metric) !== null;
}

/** Show a metric at the end of `parent`, whatever it is that was logged. */
export function drawLogged(parent: HTMLElement, metric: MetricView, host: Host, run: string): Required<Part> {
  const root = div('aml-logged');
  parent.append(root);
  let draw: Draw | null = null;
  let part: Part | undefined;
  let shown = '';
  let last: MetricView | null = null;
  const update = (newer: MetricView): void => {
    if (newer === last) {
      return;
    }
    last = newer;
    if (drawOf(newer) !== draw) {
      part?.dispose?.();
      fill(root);
      draw = drawOf(newer);
      part = draw?.(root, host, run, newer.name);
      shown = '';
    }
    const text = JSON.stringify([newer.charts, newer.matrix, newer.table, newer.files]);
    if (text !== shown) {
      shown = text;
      part?.update(newer);
    }
  };
  update(metric);
  return {
    update,
    dispose: () => {
      part?.dispose?.();
      root.remove();
    }
  };
}

function drawOf({ charts, matrix, table, kind, files }: MetricView): Draw | null {
  if (charts.length > 0) {
    return drawCharts;
  }
  if (matrix !== null) {
    return drawMatrix;
  }
  if (table !== null) {
    return drawLoggedTable;
  }
  return kind === 'image' && files.length > 0 ? drawImages : null;
}
