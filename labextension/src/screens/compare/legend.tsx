// What the colours of the lines mean.
import type { JSX } from 'preact';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { textAt } from './field';
import type { Field } from './field';
import { LEVELS } from './level';
import type { Direction } from './state';

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
