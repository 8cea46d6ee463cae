// Colours of runs by how good they are: a scale that is even to the eye, and told apart by the colour-blind.
import type { Field } from './field';
import { shareOf } from './field';
import type { Direction } from './state';

/** Colours of the scale; `aml-level-0` to `aml-level-8` in the style sheet. */
export const LEVELS = 9;

/** The colour of each run: the last is the best, or the highest where no direction is known; -1 for no value. */
export function levelsOf(field: Field, direction: Direction | null): number[] {
  return field.numbers.map(number => {
    const share = shareOf(field, number);
    if (!isFinite(share)) {
      return -1;
    }
    const level = Math.min(LEVELS - 1, Math.floor(share * LEVELS));
    return direction === 'lower' ? LEVELS - 1 - level : level;
  });
}
