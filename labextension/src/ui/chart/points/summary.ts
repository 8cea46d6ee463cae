// A chart in words, for those who hear it.
import { numberText, oneLine } from '../../format';
import type { Translate } from '../../host';
import type { Model } from './model';

const SPOKEN = 5;

/** The whole chart: `Loss. loss: 120 points, from 0.2 to 2.3, last 0.21`. */
export function summaryText(model: Model): string {
  const { t } = model.options;
  const parts = model.curves
    .slice(0, SPOKEN)
    .map(({ series }) => seriesText(oneLine(series.name), series.y, t));
  const more = model.curves.length - parts.length;
  return [model.words.title, ...parts, more > 0 ? t('and %1 more', more) : '']
    .filter(Boolean)
    .join('. ');
}

/** What stands at an x: `step 12: loss 0.21, accuracy 0.9`. */
export function pointText(model: Model, at: number): string {
  const { x, t } = model.options;
  const values = model.visible.flatMap(curve => {
    const value = curve.y[model.nearest(curve, at)];
    return value === undefined ? [] : [`${oneLine(curve.series.name)} ${numberText(value)}`];
  });
  const more = values.length > SPOKEN ? [t('and %1 more', values.length - SPOKEN)] : [];
  return `${model.words.x} ${x.text(at)}: ${[...values.slice(0, SPOKEN), ...more].join(', ')}`;
}

function seriesText(name: string, y: ArrayLike<number>, t: Translate): string {
  let [count, low, high, last] = [0, Infinity, -Infinity, NaN];
  for (let place = 0; place < y.length; place += 1) {
    const value = y[place]!;
    if (isFinite(value)) {
      count += 1;
      low = Math.min(low, value);
      high = Math.max(high, value);
      last = value;
    }
  }
  if (count === 0) {
    return t('%1: no values', name);
  }
  return count === 1
    ? t('%1: one point, %2', name, numberText(last))
    : t(
        '%1: %2 points, from %3 to %4, last %5',
        name,
        count,
        ...[low, high, last].map(value => numberText(value))
      );
}
