// Names of the curves below a chart; a click hides one, and shows it again.
import type { JSX } from 'preact';
import { oneLine } from '../format';
import type { Series } from './contract';
import { Swatch } from './swatch';

/** Draws nothing where the title names the only curve already. */
export function Legend(props: {
  title: string;
  curves: readonly Series[];
  hidden: ReadonlySet<string>;
  toggle(name: string): void;
}): JSX.Element | null {
  const { title, curves, hidden, toggle } = props;
  if (curves.length === 0 || (curves.length === 1 && oneLine(curves[0]!.name) === title)) {
    return null;
  }
  return (
    <div class="aml-chart-legend">
      {curves.map(({ name, style, color }, place) => {
        const inside = (
          <>
            <Swatch style={style} color={color} />
            <span title={oneLine(name)}>{oneLine(name)}</span>
          </>
        );
        return curves.length === 1 ? (
          <span key={place} class="aml-chart-key">
            {inside}
          </span>
        ) : (
          <button
            key={place}
            type="button"
            class="aml-chart-key"
            aria-pressed={!hidden.has(name)}
            onClick={() => toggle(name)}
          >
            {inside}
          </button>
        );
      })}
    </div>
  );
}
