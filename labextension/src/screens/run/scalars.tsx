// The numbers of a run: the last of each, the best or its range, and how many there were.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MetricView } from '../../contract.gen';
import { numberText, oneLine, plainText, toNumber } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { isLogged } from '../../ui/metric/metric';
import { directionOf } from './direction';
import { inOrder } from './state';
import { TableSection } from './section';

const SHOWN = 16;

export function Scalars({ t, metrics }: { t: Translate; metrics: MetricView[] }): JSX.Element {
  return useMemo(() => {
    const items = inOrder(metrics.filter(metric => !isLogged(metric)));
    const ranged = items.filter(isRanged);
    const hasBest = ranged.some(({ name }) => directionOf(name) !== null);
    const hasRange = ranged.some(({ name }) => directionOf(name) === null);
    const range = [hasBest && t('Best'), hasRange && t('Min … max')].filter(each => each !== false);
    const heads = [
      t('Metric'),
      t('Last'),
      ...(range.length ? [range.join(' / ')] : []),
      t('Count')
    ];
    return (
      <TableSection
        {...{ t, heads, items }}
        title={t('Metrics')}
        limit={SHOWN}
        row={metric => (
          <tr key={metric.name}>
            <th scope="row">{oneLine(metric.name)}</th>
            <td class="aml-number">{oneLine(plainText(metric.last))}</td>
            {range.length > 0 && <td class="aml-number">{rangeText(metric)}</td>}
            <td class="aml-number aml-run-count">{numberText(metric.count)}</td>
          </tr>
        )}
      />
    );
  }, [metrics]);
}

function isRanged({ count, low, high }: MetricView): boolean {
  return count >= 2 && low !== null && high !== null;
}

/** The best value; the lowest and the highest of a metric of which nobody knows what is better. */
function rangeText(metric: MetricView): string {
  if (!isRanged(metric)) {
    return '';
  }
  const direction = directionOf(metric.name);
  const [low, high] = [plainText(toNumber(metric.low)), plainText(toNumber(metric.high))];
  return direction === null ? `${low} … ${high}` : direction === 'lower' ? `↓ ${low}` : `↑ ${high}`;
}
