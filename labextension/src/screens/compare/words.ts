// The sentences about what is compared: whole ones, as no language makes them of parts.
import type { Translate } from '../../ui/host';

export interface Words {
  /** Heads the column of names. */
  readonly one: string;
  readonly number: string;
  readonly noNumbers: string;
  readonly noMetric: string;
  named(name: string): string;
  points(shown: number, all: number, y: string, x: string): string;
  best(value: string, number: number): string;
  within(inside: number, all: number, axes: number): string;
  /** How the importance of parameters was found. */
  byForests(count: number, percent: number): string;
  byCorrelation(count: number): string;
  skipped(names: string): string;
}

export function runWords(t: Translate): Words {
  return {
    one: t('Run'),
    number: t('run number'),
    noNumbers: t('The runs have no numbers to be placed by.'),
    noMetric: t('No run has a metric that is a number.'),
    named: name => t('Run %1', name),
    points: (shown, all, y, x) => t('%1 of %2 runs: %3 over %4.', shown, all, y, x),
    best: (value, number) => t('The best is %1, of run %2.', value, number),
    within: (inside, all, axes) =>
      t('%1 of %2 runs are within the ranges, over %3 axes.', inside, all, axes),
    byForests: (count, percent) =>
      t(
        'By random forests over %1 runs: how much worse they foretell the rank of runs that they have not seen when one parameter is shuffled. They explain %2 % of it.',
        count,
        percent
      ),
    byCorrelation: count =>
      t(
        'By rank correlation over %1 runs. Random forests are used from 20 runs on where scikit-learn is installed, and they learn something.',
        count
      ),
    skipped: names => t('Left out, as every run has its own value: %1.', names)
  };
}
