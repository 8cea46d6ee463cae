// A small table in a section with a heading: names at the left, values beside them.
import type { ComponentChildren, JSX } from 'preact';
import { Limited } from '../../ui/controls';
import type { Translate } from '../../ui/host';

/** Rows below their heads; nothing where there are no rows. */
export function TableSection<T>(props: {
  t: Translate;
  title: string;
  /** What the heading says, where that is more than the title. */
  heading?: string;
  heads: readonly string[];
  /** Whether the heads are for screen readers alone. */
  isPlain?: boolean;
  items: readonly T[];
  limit: number;
  row: (item: T) => JSX.Element;
  children?: ComponentChildren;
}): JSX.Element | null {
  const { t, title, heading = title, heads, isPlain, items, limit, row, children } = props;
  if (items.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>{heading}</h3>
      {children}
      <Limited
        {...{ t, items, limit }}
        draw={(shown, more) => (
          <>
            <table class="aml-run-table" aria-label={title}>
              <thead class={isPlain ? 'aml-hidden' : ''}>
                <tr>
                  {heads.map((head, place) => {
                    const Cell = head ? 'th' : 'td'; // a head without words is none to a screen reader
                    return (
                      <Cell
                        key={place}
                        scope={head ? 'col' : undefined}
                        class={place ? 'aml-number' : ''}
                      >
                        {head}
                      </Cell>
                    );
                  })}
                </tr>
              </thead>
              <tbody>{shown.map(row)}</tbody>
            </table>
            {more}
          </>
        )}
      />
    </section>
  );
}
