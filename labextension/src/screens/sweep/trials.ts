// The trials of a sweep: by number as they come, in the order that the reader wants, and as runs that are compared.
import type {
  ComparedRunView,
  CompareView,
  JsonScalar,
  SweepTrialView,
  SweepView
} from '../../contract.gen';
import type { Translate } from '../../ui/host';
import type { Words } from '../compare/words';
import type { Sort } from '../../ui/grid';
import { isWord, toNumber, valueText } from '../../ui/format';

export function runOf({ id }: Pick<SweepView, 'id'>, { number }: SweepTrialView): string {
  return `${id}_${number}`;
}

/** A name as it is read: the option of a script without its dashes. */
export function plainName(name: string): string {
  return name.replace(/^-+/, '');
}

/** The newer view, whose trials are only those that changed, with all others. */
export function merged(before: SweepView, newer: SweepView): SweepView {
  if (newer.trials.length === 0) {
    return { ...newer, trials: before.trials };
  }
  const byNumber = new Map(before.trials.map(trial => [trial.number, trial]));
  let isLonger = false;
  for (const trial of newer.trials) {
    isLonger ||= !byNumber.has(trial.number);
    byNumber.set(trial.number, trial);
  }
  const trials = [...byNumber.values()];
  return {
    ...newer,
    trials: isLonger ? trials.sort((one, other) => one.number - other.number) : trials
  };
}

/** What a column of the table holds: `number`, `status`, `metric`, `seconds`, or `params.` and a place. */
export function valueAt(trial: SweepTrialView, column: string): JsonScalar {
  switch (column) {
    case 'number':
      return trial.number;
    case 'status':
      return trial.is_early ? 'Ended early' : trial.status;
    case 'metric':
      return trial.metric;
    case 'seconds':
      return trial.seconds;
    default:
      return trial.values[Number(column.slice('params.'.length))] ?? null;
  }
}

/** Trials in an order; numbers before texts, and those without a value last, whichever way it goes. */
export function sorted(
  trials: readonly SweepTrialView[],
  { column, descending }: Sort
): SweepTrialView[] {
  const way = descending ? -1 : 1;
  const words = new Intl.Collator(undefined, { numeric: true });
  const keyed = trials.map(trial => {
    const value = valueAt(trial, column);
    return { trial, number: toNumber(value), text: isWord(value) ? valueText(value) : '' };
  });
  const rank = ({ number, text }: (typeof keyed)[number]): number =>
    isFinite(number) ? 0 : text ? 1 : 2;
  keyed.sort(
    (one, other) =>
      rank(one) - rank(other) ||
      way * (rank(one) === 0 ? one.number - other.number : words.compare(one.text, other.text)) ||
      one.trial.number - other.trial.number
  );
  return keyed.map(({ trial }) => trial);
}

/** The order in which the best trial comes first. */
export function bestFirst({ goal }: Pick<SweepView, 'goal'>): Sort {
  return { column: 'metric', descending: goal === 'higher' };
}

/** The parameters that are drawn from powers. */
export function powersOf({ parameters }: Pick<SweepView, 'parameters'>): ReadonlySet<string> {
  const found = parameters.filter(({ expression }) => /^q?log(uniform|normal)\(/.test(expression));
  return new Set(found.map(({ name }) => plainName(name)));
}

/** The runs of the trials that the policy ended. */
export function earlyOf(view: SweepView): ReadonlySet<string> {
  return new Set(view.trials.flatMap(trial => (trial.is_early ? [runOf(view, trial)] : [])));
}

/** The sweep as a comparison of its trials: parameters, and the best primary metric of each. */
export function comparisonOf(view: SweepView, t: Translate): CompareView {
  const { trials, parameters, metric, goal } = view;
  const values = trials.map(trial => trial.metric);
  const differs = (all: readonly JsonScalar[]): boolean => new Set(all).size > 1;
  return {
    runs: trials.map((trial): ComparedRunView => ({
      ...{ id: runOf(view, trial), short_id: String(trial.number), number: trial.number },
      ...{ name: t('trial'), experiment: view.experiment, status: trial.status },
      ...{ elapsed: trial.seconds, started: trial.started }
    })),
    params: parameters.map(({ name }, at) => {
      const all = trials.map(trial => trial.values[at] ?? null);
      return { name: plainName(name), values: all, differs: differs(all) };
    }),
    tags: [],
    metrics: [
      {
        ...{ name: metric, values, differs: differs(values), direction: goal },
        ...{ low: [], high: [], best: [] }
      }
    ],
    overlays: [],
    objective: metric,
    images: [],
    more: view.more
  };
}

/** The sentences of the pictures, which are of trials here. */
export function trialWords(t: Translate): Words {
  return {
    one: t('Trial'),
    number: t('trial number'),
    noNumbers: t('The trials have no numbers to be placed by.'),
    noMetric: t('No trial has a metric that is a number.'),
    named: name => t('Trial %1', name),
    points: (shown, all, y, x) => t('%1 of %2 trials: %3 over %4.', shown, all, y, x),
    best: (value, number) => t('The best is %1, of trial %2.', value, number),
    within: (inside, all, axes) =>
      t('%1 of %2 trials are within the ranges, over %3 axes.', inside, all, axes),
    byForests: (count, percent) =>
      t(
        'By random forests over %1 trials: how much worse they foretell the rank of trials that they have not seen when one parameter is shuffled. They explain %2 % of it.',
        count,
        percent
      ),
    byCorrelation: count =>
      t(
        'By rank correlation over %1 trials. Random forests are used from 20 trials on where scikit-learn is installed, and they learn something.',
        count
      ),
    skipped: names => t('Left out, as every trial has its own value: %1.', names)
  };
}
