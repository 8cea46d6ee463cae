// The state of the screen of a run, in one place; nothing here changes its arguments but the book of curves.
import type {
  Answers,
  MetricChange,
  MetricView,
  Questions,
  RunUpdate,
  RunView
} from '../../contract.gen';
import type { Host, Link, Translate } from '../../ui/host';
import type { Snapshot } from '../../ui/place/snapshot';
import type { Store } from '../../ui/store';
import { CurveBook, type Curve } from './curves/curve';
import { NO_CHOICES, type ChartChoices } from './curves/choices';
import { NO_LOG, type LogState } from '../../ui/log/reader';

export interface RunSnapshot extends Snapshot<RunView> {
  /** Whether it stands in the output of the run's own cell, which shows below it what the run prints. */
  in_cell?: boolean;
}

export type TabId = 'overview' | 'log' | 'files' | 'snapshot' | 'compare';

export interface RunState {
  /** Without the points of curves: those live in the book. */
  readonly view: RunView;
  /** The points of all curves; it grows in place, and `stamp` of a curve says that it did. */
  readonly book: CurveBook;
  /** A later attempt than the ended one that is shown, as far as the host told of it. */
  readonly later: Attempt | null;
  /** Whether the cell of this output prints below the panel what the run prints. */
  readonly isInCell: boolean;
  readonly link: Link;
  /** What the host said of the link. */
  readonly message: string;
  /** Seconds by which the clock of this page is ahead of the run's. */
  readonly skew: number;
  readonly tab: TabId;
  /** Files whose previews are open. */
  readonly openFiles: ReadonlySet<string>;
  /** The run to compare with, as it is typed; empty for the previous one. */
  readonly other: string;
  readonly log: LogState;
  /** What the reader chose of the charts. */
  readonly choices: ChartChoices;
}

/** A run with its curves, as one attempt at it left them. */
export type Attempt = Pick<RunState, 'view' | 'book'>;

/** What the parts of one screen share. */
export interface Scene {
  readonly store: Store<RunState>;
  readonly host: Host;
  readonly t: Translate;
  /** The id of the run. */
  readonly run: string;
  /** Change what the reader chose, and show it at once. */
  choose: (change: Partial<RunState>) => void;
  /** Open a tab, and go there. */
  openTab: (tab: TabId) => void;
  /** An answer that stays: asked for when it is first wanted, and again after a failure. */
  once: <K extends keyof Questions>(kind: K, question: Questions[K]) => Promise<Answers[K]>;
}

export function initial({ view, in_cell = false }: RunSnapshot): RunState {
  return {
    ...loaded(view),
    ...{ later: null, isInCell: in_cell, link: 'connecting', message: '', skew: 0 },
    ...{ tab: 'overview', openFiles: new Set(), other: '', log: NO_LOG },
    choices: NO_CHOICES
  };
}

/** A whole view, with its points in `book`. */
export function loaded(view: RunView, book = new CurveBook()): Attempt {
  book.load(view.metrics);
  // What is damaged stays as it is: the part that shows it says what is wrong.
  const metrics = Array.isArray(view.metrics)
    ? view.metrics.map(metric => metric && { ...metric, points: null })
    : view.metrics;
  return { view: { ...view, metrics }, book };
}

/**
 * A snapshot in place of what is here. One that is saved holds few points of each curve: a curve of which the
 * snapshot tells no other values stays as it is.
 */
export function retaken(view: RunView, { view: before, book }: Attempt): Attempt {
  const metricsOf = ({ attempt, metrics }: RunView): MetricView[] =>
    attempt === view.attempt && Array.isArray(metrics) ? metrics.filter(Boolean) : [];
  const told = new Map(metricsOf(view).map(metric => [metric.name, metric]));
  const kept = metricsOf(before).flatMap(({ name, count }): [string, Curve][] => {
    const curve = book.get(name);
    const metric = told.get(name);
    const few = metric?.points?.values?.length ?? 0;
    return curve && metric?.count === count && curve.length > few ? [[name, curve]] : [];
  });
  const attempt = loaded(view, book);
  kept.forEach(([name, curve]) => book.set(name, curve));
  return attempt;
}

/** The run after an update; the points of the update are in the book then. */
export function applied({ view, book }: Attempt, { metrics, ...rest }: RunUpdate): Attempt {
  if (!metrics) {
    return { view: { ...view, ...rest }, book };
  }
  book.change(metrics);
  return { view: { ...view, ...rest, metrics: changed(view.metrics, metrics) }, book };
}

/** Metrics in the order of their first logging, those of the machine below the user's. */
export function inOrder<M extends { readonly name: string }>(metrics: readonly M[]): M[] {
  const isSystem = ({ name }: M): boolean => name.startsWith('system/');
  return [...metrics.filter(metric => !isSystem(metric)), ...metrics.filter(isSystem)];
}

function changed(metrics: MetricView[], changes: MetricChange[]): MetricView[] {
  const present = Array.isArray(metrics) ? metrics.filter(Boolean) : [];
  const byName = new Map(present.map(metric => [metric.name, metric]));
  for (const change of changes) {
    const metric: MetricView & Partial<MetricChange> = { ...change, points: null };
    delete metric.more;
    byName.set(metric.name, metric);
  }
  return [...byName.values()];
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
