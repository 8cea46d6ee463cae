// Runs of a comparison as they are told apart: by name and colour.
import type { JSX } from 'preact';
import { Swatch } from '../../ui/chart/swatch';
import { PALETTE } from '../../ui/chart/paint/theme';
import { oneLine } from '../../ui/format';
import type { ComparedRunView, CompareView } from '../../contract.gen';

/** More runs than this share one colour where each is one line or point. */
const COLORED = 16;
const names = new WeakMap<readonly ComparedRunView[], string[]>();

/** The names of all runs; no two of a comparison have the same. */
export function runNames({ runs }: Pick<CompareView, 'runs'>): readonly string[] {
  let found = names.get(runs);
  if (!found) {
    const plain = runs.map(({ name, number }) => `#${number} ${name}`);
    const counts = new Map<string, number>();
    plain.forEach(name => counts.set(name, (counts.get(name) ?? 0) + 1));
    found = plain.map((name, place) =>
      oneLine(counts.get(name)! > 1 ? `${name} ${runs[place]!.short_id}` : name)
    );
    names.set(runs, found);
  }
  return found;
}

/** The class that gives a run its colour. */
export function colorClass({ runs }: CompareView, place: number): string {
  return `aml-color-${runs.length > COLORED ? 0 : place % PALETTE}`;
}

/** A piece of a run's curve, to find it by. */
export function RunSwatch({ place }: { place: number }): JSX.Element {
  return <Swatch style="line" color={place} />;
}
