// How a comparison is shown, as the user chose it: what of its state stays with its output.
import type { Host } from '../../ui/host';
import {
  isBetween,
  isFlag,
  isListOf,
  isNullOr,
  isOf,
  isOneOf,
  isRecordOf,
  isText,
  ViewMemory,
  type Shape
} from '../../ui/place/view_memory';
import type { Range } from './parallel/brush';
import { firstState } from './state';
import type { CompareSnapshot, CompareState, CurveSettings, Goal } from './state';

type Chosen = Pick<
  CompareState,
  'tab' | 'objective' | 'goals' | 'baseline' | 'isOnly' | 'curves' | 'axes' | 'scatter'
>;

export interface CompareChoice extends Chosen {
  /** Runs whose curves are switched off. */
  hidden: string[];
  ranges: Record<string, Range>;
  /** The metric whose images are shown. */
  images: string;
}

const isNumber = isBetween(-Infinity, Infinity);
const isRange = (value: unknown): value is Range => isListOf(isNumber)(value) && value.length === 2;

const SHAPE: Shape<CompareChoice> = {
  tab: isText,
  objective: isNullOr(isText),
  goals: isRecordOf(isOneOf<Goal>('higher', 'lower', 'none')),
  baseline: isText,
  isOnly: isFlag,
  curves: isOf<CurveSettings>({
    x: isOneOf('step', 'time'),
    smoothing: isBetween(0, 0.99),
    isLog: isFlag,
    by: isText,
    spread: isOneOf('deviation', 'range')
  }),
  axes: isNullOr(isListOf(isText)),
  scatter: isOf({ x: isText, y: isText }),
  hidden: isListOf(isText),
  ranges: isRecordOf(isRange),
  images: isText
};

export type CompareMemory = ViewMemory<CompareChoice>;

export function memoryOf(host: Host, snapshot: CompareSnapshot): CompareMemory {
  const state = firstState(snapshot);
  const subject = [snapshot.workspace, state.subject];
  return new ViewMemory(host, 'compare', subject, choiceOf(state), SHAPE);
}

/** What the user chose. */
export function choiceOf(state: CompareState): CompareChoice {
  const { tab, objective, goals, baseline, isOnly, curves, axes, scatter } = state;
  return {
    ...{ tab, objective, goals, baseline, isOnly, curves, axes, scatter },
    hidden: [...state.hidden],
    ranges: Object.fromEntries(state.ranges),
    images: state.images.metric
  };
}

/** The state as the user has left it. */
export function stateOf(snapshot: CompareSnapshot, memory: CompareMemory): CompareState {
  const { view, problem } = memory.load();
  const { hidden, ranges, images, ...others } = view;
  return {
    ...firstState(snapshot),
    ...others,
    hidden: new Set(hidden),
    ranges: new Map(Object.entries(ranges)),
    images: { metric: images, step: Infinity },
    notice: problem
  };
}
