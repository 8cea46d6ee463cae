// A picture in words: a sentence, and a table that is drawn only while it is open.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Limited } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';

/** Rows that are drawn before one asks for more. */
const AT_FIRST = 100;

export function Alternative(props: {
  t: Translate;
  title: string;
  summary: string;
  heads: readonly string[];
  rows(): readonly (readonly string[])[];
}): JSX.Element {
  const { t, title, summary, heads, rows } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <p class="aml-muted" role="status">
        {summary}
      </p>
      <details open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{title}</summary>
        <div class="aml-scroll" tabIndex={0} role="region" aria-label={title}>
          {isOpen && (
            <Limited
              t={t}
              items={rows()}
              limit={AT_FIRST}
              draw={(shown, more) => (
                <>
                  <Table heads={heads} rows={shown} />
                  {more}
                </>
              )}
            />
          )}
        </div>
      </details>
    </div>
  );
}

function Table(props: {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}): JSX.Element {
  return (
    <table class="aml-compare-table">
      <thead>
        <tr>
          {props.heads.map((head, at) => (
            <th key={at} scope="col">
              {oneLine(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(([name = '', ...cells], at) => (
          <tr key={at}>
            <th scope="row">{oneLine(name)}</th>
            {cells.map((cell, column) => (
              <td key={column}>{oneLine(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
