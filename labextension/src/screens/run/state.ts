// The state of a run after what was told of it; nothing here changes its arguments.
import type { MetricChange, RunUpdate } from '../../contract.gen';
import type { MetricView, RunView } from '../../contract.gen';

/** The run after an update. Points that were added are in the `CurveBook`; here stay those of the start. */
export function applied(view: RunView, { metrics, ...rest }: RunUpdate): RunView {
  return { ...view, ...rest, metrics: metrics ? changed(view.metrics, metrics) : view.metrics };
}

function changed(metrics: MetricView[], changes: MetricChange[]): MetricView[] {
  const byName = new Map(present(metrics).map(metric => [metric.name, metric]));
  for (const { more, ...metric } of changes) {
    byName.set(metric.name, {
      ...metric,
      points: metric.points ?? byName.get(metric.name)?.points ?? more
    });
  }
  return [...byName.values()];
}

function present(metrics: MetricView[]): MetricView[] {
  return Array.isArray(metrics) ? metrics.filter(Boolean) : [];
}

/** Whether `other` cannot be older than `view`: an attempt never goes back, nor does its time or its end. */
export function isNewer(other: RunView, view: RunView): boolean {
  if (other.attempt !== view.attempt) {
    return other.attempt > view.attempt;
  }
  if (other.is_terminal !== view.is_terminal) {
    return other.is_terminal;
  }
  return other.is_terminal || (other.elapsed ?? 0) >= (view.elapsed ?? 0);
}
