// Rows of the table beside each other: what a comparison shows until the host sends the curves.
import { extentOf, toNumber } from '../../ui/format';
import type { CompareSnapshot } from '../../ui/snapshot';
import { VERSION } from '../../ui/snapshot';
import type {
  ComparedMetricView,
  ComparedValueView,
  JsonScalar,
  RunRowView
} from '../../contract.gen';
import { directionOf } from '../run/direction';
import { own } from './state';

export function compareSnapshot(workspace: string, rows: readonly RunRowView[]): CompareSnapshot {
  const view = {
    runs: [...rows],
    params: compared(rows.map(row => row.params)),
    tags: compared(rows.map(row => row.tags)),
    metrics: compared(rows.map(row => row.metrics)).map(marked),
    overlays: []
  };
  return { version: VERSION, workspace, view };
}

function compared(all: readonly Record<string, JsonScalar>[]): ComparedValueView[] {
  const names = new Set(all.flatMap(values => Object.keys(values)));
  return [...names].map(name => {
    const values = all.map(each => own(each, name) ?? null);
    return { name, values, differs: values.some(value => value !== values[0]) };
  });
}

/** With the extremes marked, and which of the two is best where the name tells. */
function marked(value: ComparedValueView): ComparedMetricView {
  const numbers = value.values.map(toNumber);
  const at = (wanted: number): number[] =>
    numbers.flatMap((number, place) => (number === wanted ? [place] : []));
  const [least, most] = extentOf(numbers);
  const low = least < most ? at(least) : [];
  const high = least < most ? at(most) : [];
  const direction = directionOf(value.name);
  return {
    ...value,
    direction,
    low,
    high,
    best: direction === 'higher' ? high : direction === 'lower' ? low : []
  };
}
