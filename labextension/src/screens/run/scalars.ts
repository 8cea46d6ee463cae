// The numbers of a run: the last of each, the best, and how many there were.
import { rowHead, tableRow } from '../../ui/chart/grid';
import { element, setText } from '../../ui/element';
import { numberText, oneLine, toNumber, valueText } from '../../ui/format';
import { isLogged } from '../../ui/metric/metric';
import type { MetricView } from '../../contract.gen';
import { directionOf } from './direction';
import { listed, type Row } from '../../ui/keyed';
import type { Part } from './part';
import type { Scene } from './scene';
import { section } from './table';

const SHOWN = 16;

export function scalars({ t }: Scene): Part {
  const { node, body } = section(t('Metrics'), [t('Metric'), t('Last'), t('Best'), t('Count')]);
  const rows = listed<MetricView>(body, SHOWN, t, metric => metric.name, row);
  node.append(rows.more);
  return {
    node,
    show(view): void {
      const metrics = view.metrics.filter(metric => !isLogged(metric));
      node.hidden = !metrics.length;
      rows.show(metrics);
    }
  };
}

function row({ name }: MetricView): Row<MetricView> {
  const cell = (): HTMLElement => element('td', { class: 'aml-number' });
  const [last, best, count] = [cell(), cell(), cell()];
  return {
    node: tableRow(rowHead(oneLine(name)), last, best, count),
    show(metric): void {
      setText(last, oneLine(valueText(metric.last)));
      setText(best, bestText(metric));
      setText(count, numberText(metric.count));
    }
  };
}

/** The best value; where the name does not tell what is better, the lowest and the highest. */
function bestText({ name, count, low, high }: MetricView): string {
  if (count < 2 || low === null || high === null) {
    return '';
  }
  const [lowest, highest] = [numberText(toNumber(low)), numberText(toNumber(high))];
  const direction = directionOf(name);
  return direction === 'lower'
    ? `↓ ${lowest}`
    : direction === 'higher'
      ? `↑ ${highest}`
      : `${lowest} … ${highest}`;
}
