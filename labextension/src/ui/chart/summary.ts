// A chart in words, for those who hear it.
import { extentOf, numberText, oneLine } from '../format';
import type { Translate } from '../host';
import type { Model } from './model';

const SPOKEN = 5;

/** The whole chart: `Loss. loss: 120 points, from 0.2 to 2.3, last 0.21`. */
export function summaryText(model: Model): string {
  const { title, t } = model.options;
  const parts = model.curves
    .slice(0, SPOKEN)
    .map(({ series }) => seriesText(oneLine(series.name), series.y, t));
  const more = model.curves.length - parts.length;
  return [title, ...parts, more > 0 ? t('and %1 more', more) : ''].filter(Boolean).join('. ');
}

/** What stands at an x: `step 12: loss 0.21, accuracy 0.9`. */
export function pointText(model: Model, x: number): string {
  const { xLabel, xText, t } = model.options;
  const values = model.visible.flatMap(curve => {
    const value = curve.y[model.nearest(curve, x)];
    return value === undefined ? [] : [`${oneLine(curve.series.name)} ${numberText(value)}`];
  });
  const more = values.length > SPOKEN ? [t('and %1 more', values.length - SPOKEN)] : [];
  return `${xLabel} ${xText(x)}: ${[...values.slice(0, SPOKEN), ...more].join(', ')}`;
}

function seriesText(name: string, y: ArrayLike<number>, t: Translate): string {
  const values = Array.from(y).filter(isFinite);
  const count = values.length;
  if (count === 0) {
    return t('%1: no values', name);
  }
  const ends = [...extentOf(values), values[count - 1]!].map(value => numberText(value));
  return count === 1
    ? t('%1: one point, %2', name, ends[2]!)
    : t('%1: %2 points, from %3 to %4, last %5', name, count, ...ends);
}
