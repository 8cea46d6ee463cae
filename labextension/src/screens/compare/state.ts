// The state of a comparison, and what its parts share.
import type { Host, Link, Selection, Translate } from '../../ui/host';
import { toNumber } from '../../ui/format';
import type { Snapshot } from '../../ui/place/snapshot';
import type { Store } from '../../ui/store';
import type {
  ComparedMetricView,
  ComparedRunView,
  CompareSubject,
  CompareView
} from '../../contract.gen';
import type { Range } from './parallel/brush';
import type { Words } from './words';

export type Direction = 'higher' | 'lower';
export type Goal = Direction | 'none';

/** `subject` is what is followed: by default the runs of the view. */
export interface CompareSnapshot extends Snapshot<CompareView> {
  subject?: CompareSubject;
}

export interface CompareState {
  subject: CompareSubject;
  view: CompareView;
  /** Views that came; questions about them are asked again now and then. */
  version: number;
  link: Link;
  message: string;
  tab: string;
  /** The run that is shown below, where the host has no place for it. */
  opened: string | null;
  /** Runs whose curves are switched off. */
  hidden: ReadonlySet<string>;
  /** Runs that a policy ended. */
  early: ReadonlySet<string>;
  /** The user's word on the metric that matters, and on which way is better. */
  objective: string | null;
  goals: Readonly<Record<string, Goal>>;
  /** The id of the run that the others are held against; empty for none. */
  baseline: string;
  isOnly: boolean;
  curves: CurveSettings;
  /** The keys of axes from left to right; null until the user arranged them. */
  axes: readonly string[] | null;
  ranges: ReadonlyMap<string, Range>;
  /** What the host had selected before a range was set. */
  selectedBefore: string[] | null;
  scatter: { x: string; y: string };
  images: { metric: string; step: number };
  /** What is wrong with the view that was kept; empty for nothing. */
  notice: string;
}

export interface CurveSettings {
  x: 'step' | 'time';
  smoothing: number;
  isLog: boolean;
  /** What groups runs: `params.lr`; `all` for one group; empty for none. */
  by: string;
  spread: 'deviation' | 'range';
}

export interface Scene {
  readonly host: Host;
  readonly t: Translate;
  readonly words: Words;
  readonly selection: Selection | undefined;
  readonly store: Store<CompareState>;
  /** Parameters that are known to be spread evenly over powers, however little they span. */
  readonly powers?: ReadonlySet<string>;
  /** As the user changed it: drawn at once. */
  change(part: Partial<CompareState>): void;
  open(run: ComparedRunView): void;
}

export function firstState({ view, subject }: CompareSnapshot): CompareState {
  return {
    subject: subject ?? { runs: view.runs.map(({ id }) => id) },
    view,
    version: 0,
    link: 'connecting',
    message: '',
    tab: 'table',
    opened: null,
    hidden: new Set(),
    early: new Set(),
    objective: null,
    goals: {},
    baseline: '',
    isOnly: [view.params, view.tags, view.metrics].flat().some(({ differs }) => differs),
    curves: { x: 'step', smoothing: 0, isLog: false, by: '', spread: 'deviation' },
    axes: null,
    ranges: new Map(),
    selectedBefore: null,
    scatter: { x: 'number', y: '' },
    images: { metric: '', step: Infinity },
    notice: ''
  };
}

/** The metrics with what the user said of which way is better. */
export function metricsOf({ view, goals }: CompareState): ComparedMetricView[] {
  return view.metrics.map(metric => {
    if (!Object.hasOwn(goals, metric.name)) {
      return metric;
    }
    const told = goals[metric.name]!;
    const direction = told === 'none' ? null : told;
    const best = direction === 'higher' ? metric.high : direction === 'lower' ? metric.low : [];
    return { ...metric, direction, best };
  });
}

/** The metric that matters: the user's, else the view's, else the first that is a number. */
export function objectiveOf(state: CompareState): ComparedMetricView | null {
  const metrics = metricsOf(state).filter(({ values }) =>
    values.some(value => isFinite(toNumber(value)))
  );
  const named = (name: string | null | undefined): ComparedMetricView | undefined =>
    metrics.find(metric => metric.name === name);
  return (
    named(state.objective) ??
    named(state.view.objective) ??
    metrics.find(({ direction, differs }) => direction !== null && differs) ??
    metrics.find(({ direction }) => direction !== null) ??
    metrics[0] ??
    null
  );
}

/** What a question about the runs is asked of: all of the subject, or those that are not switched off. */
export function askedOf({ subject, view, hidden }: CompareState): CompareSubject {
  const { runs, query } = subject;
  return hidden.size === 0
    ? { runs, query }
    : { runs: view.runs.flatMap(({ id }) => (hidden.has(id) ? [] : [id])) };
}

/** The places of runs, the best by the objective first; those without a finite value come last. */
export function bestFirst({ values, direction }: ComparedMetricView): number[] {
  const numbers = values.map(toNumber);
  const way = direction === 'higher' ? -1 : 1;
  const rank = (place: number): number =>
    isFinite(numbers[place]!) ? way * numbers[place]! : Infinity;
  return numbers
    .map((_, place) => place)
    .sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
}
