// What else was logged: lists, tables, matrices, charts and images.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MetricView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';
import { formOf, isLogged, LoggedMetric } from '../../ui/metric/metric';
import type { Store } from '../../ui/store';
import type { RunState } from './state';

/** Classes of a confusion matrix, and columns of a table, that need the whole width. */
const MANY = 6;

export function Logged(props: {
  store: Store<RunState>;
  host: Host;
  run: string;
}): JSX.Element | null {
  const { store, host, run } = props;
  const { t } = host;
  const metrics = store.state.view.metrics.filter(isLogged);
  return metrics.length > 0 ? (
    <section aria-label={t('Logged')}>
      <h3>{t('Logged')}</h3>
      <div class="aml-run-logged">
        {metrics.map(metric => (
          <Part key={metric.name} t={t}>
            <Thing {...{ metric, host, run }} />
          </Part>
        ))}
      </div>
    </section>
  ) : null;
}

function Thing(props: { metric: MetricView; host: Host; run: string }): JSX.Element {
  const { metric } = props;
  // A metric that did not change is not drawn again, nor looked into.
  return useMemo(
    () => (
      <div class={`aml-run-thing${isWide(metric) ? ' aml-run-wide' : ''}`}>
        <h4>{oneLine(metric.name)}</h4>
        <LoggedMetric {...props} />
      </div>
    ),
    [metric]
  );
}

function isWide(metric: MetricView): boolean {
  const { charts, matrix, table } = metric;
  const form = formOf(metric);
  return (
    (form === 'charts' && charts.length > 1) ||
    (form === 'matrix' && matrix!.labels.length > MANY) ||
    (form === 'table' && table!.columns.length > MANY)
  );
}
