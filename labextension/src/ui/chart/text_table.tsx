// A table of texts.
import type { ComponentChildren, JSX } from 'preact';

/** A text with its CSS class and style. */
export type Cell = readonly [text: string, kind?: string | null, style?: string | null];

/** Where rows have heads, those are their first cells. */
export function TextTable(props: {
  kind: string;
  heads: readonly Cell[];
  rows: readonly (readonly Cell[])[];
  hasRowHeads?: boolean;
}): JSX.Element {
  const { kind, heads, rows, hasRowHeads } = props;
  return (
    <table class={kind}>
      <thead>
        <tr>
          {heads.map(([text, name, style], place) => (
            <th
              key={place}
              scope="col"
              class={name ?? undefined}
              style={style ?? undefined}
              title={text}
            >
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map(([text, name, style], place) =>
              hasRowHeads && place === 0 ? (
                <th
                  key={place}
                  scope="row"
                  class={name ?? undefined}
                  style={style ?? undefined}
                  title={text}
                >
                  {text}
                </th>
              ) : (
                <td key={place} class={name ?? undefined} style={style ?? undefined}>
                  {text}
                </td>
              )
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** An area that scrolls by itself and can be reached by keyboard to do so. */
export function Scroller(props: {
  kind: string;
  label: string;
  style?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { kind, label, style, children } = props;
  return (
    <div class={kind} tabIndex={0} role="region" aria-label={label} style={style}>
      {children}
    </div>
  );
}
