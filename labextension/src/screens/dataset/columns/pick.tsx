// Which columns are shown among the rows: found by name, all, or none.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Checkbox, Limited } from '../../../ui/controls';
import { numberText, oneLine } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import type { DataColumn } from '../rows/grid_column';
import { cellText, typeText } from '../words';

const SHOWN = 60;

export function ColumnPick(props: {
  t: Translate;
  columns: readonly DataColumn[];
  hidden: ReadonlySet<string>;
  change: (hidden: ReadonlySet<string>) => void;
}): JSX.Element {
  const { t, columns, hidden, change } = props;
  const [words, setWords] = useState('');
  const found = columns.filter(({ of }) => meets(of.name, of.type, words));
  const set = (isShown: boolean, some: readonly DataColumn[]): void => {
    const next = new Set(hidden);
    some.forEach(({ of }) => (isShown ? next.delete(of.name) : next.add(of.name)));
    change(next);
  };
  const count = columns.filter(({ of }) => !hidden.has(of.name)).length;
  return (
    <details class="aml-data-pick">
      <summary>
        {count === columns.length
          ? t('Columns')
          : t('Columns: %1 of %2', numberText(count), numberText(columns.length))}
      </summary>
      <div class="aml-data-pick-list" role="group" aria-label={t('Columns that are shown')}>
        <div class="aml-toolbar">
          <input
            type="search"
            aria-label={t('Search columns to show')}
            placeholder={t('Search: name or type')}
            spellcheck={false}
            value={words}
            onInput={event => setWords(event.currentTarget.value)}
          />
          <Button click={() => set(true, found)}>{words ? t('Show found') : t('All')}</Button>
          <Button click={() => set(false, found)}>{words ? t('Hide found') : t('None')}</Button>
        </div>
        <Limited
          t={t}
          items={found}
          limit={SHOWN}
          draw={(some, more) => (
            <>
              {some.map(column => (
                <Checkbox
                  key={column.key}
                  isOn={!hidden.has(column.of.name)}
                  change={isOn => set(isOn, [column])}
                >
                  <span title={oneLine(column.of.name)}>{cellText(column.of.name)}</span>
                  <span class="aml-muted">{typeText(column.of)}</span>
                </Checkbox>
              ))}
              {more}
            </>
          )}
        />
      </div>
    </details>
  );
}

/** Whether a column has all words in its name or type. */
export function meets(name: string, type: string, text: string): boolean {
  const all = `${name} ${type}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}
