// What the `log_…` methods beside `log` logged: tables, matrices, charts and images.
import { div, fill, setText } from '../element';
import { printable, secondsText, valueText } from '../format';
import type { Host, Translate } from '../host';
import type { FileMarkView, MetricView } from '../../contract.gen';
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
export function drawLogged(
  parent: HTMLElement,
  metric: MetricView,
  host: Host,
  run: string
): Required<Part> {
  const root = div('aml-logged');
  const about = div('aml-logged-about');
  parent.append(root, about);
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
    const text = JSON.stringify([
      newer.charts,
      newer.matrix,
      newer.table,
      newer.files,
      newer.marks
    ]);
    if (text !== shown) {
      shown = text;
      part?.update(newer);
      setText(about, draw === drawImages ? '' : lastWords(newer, host.t));
    }
  };
  update(metric);
  return {
    update,
    dispose: () => {
      part?.dispose?.();
      root.remove();
      about.remove();
    }
  };
}

/** Where a file was logged. */
export function markText(mark: FileMarkView | undefined, t: Translate): string {
  return mark ? t('step %1 at %2', valueText(mark.step), secondsText(mark.time)) : '';
}

/** Of documents the last is drawn. */
function lastWords({ files, marks }: MetricView, t: Translate): string {
  const mark = marks?.at(-1);
  const count = files.length > 1 ? t('the last of %1, %2', files.length, markText(mark, t)) : '';
  return [printable(mark?.description ?? ''), count].filter(Boolean).join(' · ');
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
