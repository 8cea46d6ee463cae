// Copies of steps.
import type { Point } from '../../ui/graph';
import { given, mapInputs, placed, withSteps } from './change';
import {
  destinationOf,
  freeName,
  outputsOf,
  stepsOf,
  takenNames,
  type Step,
  type Tree
} from './document';

/** Steps by their keys, with where they stand: what copying takes along. */
export interface Clip {
  readonly steps: Readonly<Record<string, Step>>;
  readonly places: ReadonlyMap<string, Point>;
}

/** Pixels between steps and their copies. */
const ASIDE = 24;

/** Add copies of steps; those that read each other's data read the copies'. Returns their keys, too. */
export function paste(tree: Tree, { steps, places }: Clip): [Tree, string[]] {
  const taken = new Set(stepsOf(tree).map(([key]) => key));
  const names = takenNames(tree);
  const [keys, sources] = [new Map<string, string>(), new Map<string, string>()];
  for (const [key, step] of Object.entries(steps)) {
    const free = freeName(key, taken);
    taken.add(free);
    keys.set(key, free);
    for (const [name, output] of outputsOf(step)) {
      const source = destinationOf(name, output);
      const written = freeName(source, names);
      names.add(written);
      sources.set(source, written);
    }
  }
  const known = takenNames(tree);
  const copies = Object.entries(steps).map(([key, step]): [string, Step] => [
    keys.get(key)!,
    given({
      ...step,
      ...mapInputs(step, input => {
        const source =
          input.source === undefined ? undefined : (sources.get(input.source) ?? input.source);
        const isThere = source !== undefined && (known.has(source) || names.has(source));
        return { ...input, source: isThere ? source : undefined };
      }),
      outputs:
        step.outputs &&
        Object.fromEntries(
          outputsOf(step).map(([name, output]) => [
            name,
            { ...output, destination: sources.get(destinationOf(name, output)) }
          ])
        ),
      run_after: step.run_after?.flatMap(one => {
        const to = keys.get(one) ?? one;
        return taken.has(to) ? [to] : [];
      })
    })
  ]);
  const moved = new Map(
    [...places].map(([key, { x, y }]) => [keys.get(key)!, { x: x + ASIDE, y: y + ASIDE }])
  );
  return [placed(withSteps(tree, Object.fromEntries(copies)), moved), [...keys.values()]];
}
