// What the `log_…` methods beside `log` logged: tables, matrices, charts and images.
import type { JSX } from 'preact';
import type { FileMarkView, MetricView } from '../../contract.gen';
import { printable, secondsText, valueText } from '../format';
import type { Host, Translate } from '../host';
import { MetricCharts } from './charts';
import { ImageSeries } from './images';
import { LoggedTable } from './logged_table';
import { ConfusionMatrix } from './matrix';

export interface MetricProps {
  metric: MetricView;
  host: Host;
  /** The id of the run. */
  run: string;
}

type Form = 'charts' | 'matrix' | 'table' | 'images';

/** Whether `LoggedMetric` has something to show of the metric. */
export function isLogged(metric: MetricView): boolean {
  return formOf(metric) !== null;
}

/** What of a metric is drawn; null where it is a number. */
export function formOf({ charts, matrix, table, kind, files }: MetricView): Form | null {
  if (charts.length > 0) {
    return 'charts';
  }
  if (matrix !== null) {
    return 'matrix';
  }
  if (table !== null) {
    return 'table';
  }
  return kind === 'image' && files.length > 0 ? 'images' : null;
}

/** A metric, whatever it is that was logged. */
export function LoggedMetric(props: MetricProps): JSX.Element | null {
  const { metric, host } = props;
  const { t } = host;
  const form = formOf(metric);
  const words = form === 'images' ? '' : lastWords(metric, t);
  return (
    <>
      <div class="aml-logged">
        {form === 'charts' && <MetricCharts t={t} charts={metric.charts} />}
        {form === 'matrix' && <ConfusionMatrix t={t} name={metric.name} view={metric.matrix!} />}
        {form === 'table' && <LoggedTable t={t} name={metric.name} table={metric.table!} />}
        {form === 'images' && <ImageSeries {...props} />}
      </div>
      {words && <div class="aml-logged-about">{words}</div>}
    </>
  );
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
