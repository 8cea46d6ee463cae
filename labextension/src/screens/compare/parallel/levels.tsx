// Colours of runs by how good they are: a scale that is even to the eye, and told apart by the colour-blind.
import type { JSX } from 'preact';
import { oneLine } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { shareOf, textAt } from '../field';
import type { Field } from '../field';
import type { Direction } from '../state';

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

/** What the colours of the lines mean. */
export function Legend(props: {
  t: Translate;
  field: Field;
  direction: Direction | null;
}): JSX.Element {
  const { t, field, direction } = props;
  const ends = [textAt(field, field.low), textAt(field, field.high)];
  const [first, last] = direction === 'lower' ? ends.reverse() : ends;
  const name = oneLine(field.name) + (field.scale.isLog ? ` ${t('(log)')}` : '');
  return (
    <p class="aml-levels aml-muted">
      <span>{t('Colour: %1', name)}</span>
      <span>{direction ? t('worst %1', first!) : first}</span>
      <span class="aml-level-bar" aria-hidden="true">
        {Array.from({ length: LEVELS }, (_, level) => (
          <span key={level} class={`aml-level-${level}`} />
        ))}
      </span>
      <span>{direction ? t('best %1', last!) : last}</span>
    </p>
  );
}
