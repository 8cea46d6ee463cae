// The axes of parallel coordinates by keyboard: which are shown, in which order, within which range.
import type { JSX } from 'preact';
import { Button, Checkbox, Picker } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { rangeOf } from './brush';
import type { Range } from './brush';
import type { Field } from '../field';

export interface BoundsProps {
  t: Translate;
  fields: readonly Field[];
  axes: readonly string[];
  ranges: ReadonlyMap<string, Range>;
  /** The key of the axis that the controls are about. */
  chosen: string;
  choose(key: string): void;
  limit(key: string, range: Range | null): void;
  clear(): void;
  move(key: string, by: number): void;
  show(key: string, isOn: boolean): void;
  /** Back to the axes that are there at first; null where they are. */
  reset: (() => void) | null;
}

export function Bounds(props: BoundsProps): JSX.Element | null {
  const { t, fields, axes, ranges, chosen, choose } = props;
  const field = fields.find(({ key }) => key === chosen);
  if (!field) {
    return null;
  }
  const at = axes.indexOf(chosen);
  return (
    <div class="aml-toolbar aml-bounds">
      <Picker
        label={t('Axis')}
        options={fields.map(
          ({ key, name }) => [key, axes.includes(key) ? name : t('%1 (not shown)', name)] as const
        )}
        value={chosen}
        change={choose}
      />
      <Ends key={chosen} {...props} field={field} />
      <Checkbox isOn={at >= 0} change={isOn => props.show(chosen, isOn)}>
        {t('Shown')}
      </Checkbox>
      <Button
        aria-label={t('Move the axis to the left')}
        isDisabled={at <= 0}
        click={() => props.move(chosen, -1)}
      >
        ←
      </Button>
      <Button
        aria-label={t('Move the axis to the right')}
        isDisabled={at < 0 || at === axes.length - 1}
        click={() => props.move(chosen, 1)}
      >
        →
      </Button>
      <Button isDisabled={ranges.size === 0} click={props.clear}>
        {t('Clear ranges')}
      </Button>
      {props.reset && <Button click={props.reset}>{t('Axes as at first')}</Button>}
    </div>
  );
}

/** Two numbers, or two words of the axis. */
function Ends({ t, field, ranges, limit }: BoundsProps & { field: Field }): JSX.Element {
  const range = ranges.get(field.key);
  const changed = (end: 0 | 1, text: string): void => {
    const ends: [number, number] = [range?.[0] ?? -Infinity, range?.[1] ?? Infinity];
    ends[end] = text.trim() === '' ? [-Infinity, Infinity][end]! : Number(text);
    const isOpen = ends[0] === -Infinity && ends[1] === Infinity;
    limit(field.key, isOpen ? null : rangeOf(field, ...ends));
  };
  const end = (at: 0 | 1): JSX.Element => {
    const value = range && isFinite(range[at]) ? String(range[at]) : '';
    return field.words ? (
      <select value={value} onChange={event => changed(at, event.currentTarget.value)}>
        <option value="">{t('any')}</option>
        {field.words.map((word, place) => (
          <option key={word} value={place}>
            {oneLine(word)}
          </option>
        ))}
      </select>
    ) : (
      <input
        type="number"
        step="any"
        value={value}
        onChange={event => changed(at, event.currentTarget.value)}
      />
    );
  };
  return (
    <span>
      <label>
        {t('from')} {end(0)}
      </label>{' '}
      <label>
        {t('to')} {end(1)}
      </label>
    </span>
  );
}
