// Runs to compare, as a test makes them.
import { readFileSync } from 'node:fs';
import { directionOf } from '../../../src/screens/run/direction';
import type {
  ComparedMetricView,
  ComparedRunView,
  ComparedValueView,
  CompareView,
  JsonScalar,
  PointsView
} from '../../../src/contract.gen';

const data = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
  string,
  string[]
>;
export const HOSTILE = [...data['markup']!, ...data['addresses']!, ...data['letters']!];

export interface Trial extends ComparedRunView {
  params: Record<string, JsonScalar>;
  tags: Record<string, JsonScalar>;
  metrics: Record<string, JsonScalar>;
}

export function run(number: number, more: Partial<Trial> = {}): Trial {
  return {
    id: `run-${number}`,
    short_id: `r${number}`,
    number,
    name: `name ${number}`,
    experiment: 'digits',
    status: 'Completed',
    elapsed: 12,
    started: new Date(Date.UTC(2026, 0, 1, 10, number)).toISOString(),
    params: {},
    tags: {},
    metrics: {},
    ...more
  };
}

export function trial(
  number: number,
  lr: number,
  acc: JsonScalar,
  more: Partial<Trial> = {}
): Trial {
  const params = { lr, opt: number % 2 ? 'sgd' : 'adam', fixed: 1 };
  return run(number, { params, metrics: { acc }, ...more });
}
export const TRIALS = [trial(1, 0.1, 0.5), trial(2, 0.2, 0.9), trial(3, 0.3, 0.7)];

export function viewOf(trials: Trial[], more: Partial<CompareView> = {}): CompareView {
  return {
    // what else a trial holds, a view does not know
    runs: trials,
    params: compared(trials.map(({ params }) => params)),
    tags: compared(trials.map(({ tags }) => tags)),
    metrics: compared(trials.map(({ metrics }) => metrics)).map(marked),
    overlays: [],
    objective: null,
    images: [],
    more: 0,
    ...more
  };
}

function compared(all: Record<string, JsonScalar>[]): ComparedValueView[] {
  return [...new Set(all.flatMap(values => Object.keys(values)))].map(name => {
    const values = all.map(each => (Object.hasOwn(each, name) ? each[name]! : null));
    return { name, values, differs: new Set(values).size > 1 };
  });
}

function marked(value: ComparedValueView): ComparedMetricView {
  const numbers = value.values.filter(one => typeof one === 'number');
  const at = (wanted: number): number[] =>
    value.values.flatMap((one, place) => (one === wanted && numbers.length > 1 ? [place] : []));
  const [low, high] = [at(Math.min(...numbers)), at(Math.max(...numbers))];
  const direction = directionOf(value.name);
  const best = direction === 'higher' ? high : direction === 'lower' ? low : [];
  return { ...value, direction, low, high, best };
}

export function points(...values: JsonScalar[]): PointsView {
  return { steps: values.map((_, at) => at), times: values.map((_, at) => at * 10), values };
}
