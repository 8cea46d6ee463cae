// What stands above the table, in one line: what does not fit waits in the menu at its end.
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { Button } from '../../ui/controls';
import { numberText, oneLine } from '../../ui/format';
import { below } from '../../ui/popup/popup';
import { comparable, compareAll, MOST } from './compared';
import { groupChoices } from './rows/grouping';
import { compareAllText } from './run_menu';
import type { Table } from './table';

export function Toolbar({ table }: { table: Table }): JSX.Element {
  const { host, state } = table;
  const { t } = host;
  const problem = useId();
  const count = state.picked.size;
  return (
    <div
      class={`aml-toolbar${state.isNarrow ? ' aml-small' : ''}`}
      role="toolbar"
      aria-label={t('Table')}
    >
      <FilterBox table={table} problem={problem} />
      {!state.isNarrow && (
        <>
          <Opener table={table} kind="columns" label={t('Columns')} />
          <GroupPicker table={table} />
          <CompareButton table={table} />
          {host.insert && (
            <Button
              click={() => table.toNotebook()}
              isDisabled={count === 0}
              title={count === 0 ? t('Select the runs first.') : ''}
            >
              {t('To DataFrame')}
            </Button>
          )}
          <Opener table={table} kind="views" label={state.view ?? t('Views')} />
        </>
      )}
      <Opener table={table} kind="more" label="⋯" spoken={t('More')} />
      <Count table={table} />
      <span class="aml-bad aml-problem" role="status" id={problem}>
        {oneLine(state.problem)}
      </span>
    </div>
  );
}

/** Compares the selected runs, or all where none is. */
function CompareButton({ table }: { table: Table }): JSX.Element {
  const { t } = table.host;
  const count = table.state.picked.size;
  const all = comparable(table);
  if (count === 0 && all >= 2) {
    return (
      <Button
        click={() => compareAll(table)}
        title={t('All runs that are found, also later: at most %1.', numberText(MOST))}
      >
        {compareAllText(table)}
      </Button>
    );
  }
  const canCompare = count >= 2 && count <= MOST;
  return (
    <Button
      click={() => table.compare()}
      isDisabled={!canCompare}
      title={canCompare ? '' : t('Select 2 to %1 runs to compare them.', numberText(MOST))}
    >
      {t('Compare')}
    </Button>
  );
}

function FilterBox({ table, problem }: { table: Table; problem: string }): JSX.Element {
  const { host, state } = table;
  const { t } = host;
  return (
    <input
      type="search"
      class="aml-filter"
      aria-label={t('Filter runs')}
      aria-describedby={problem}
      aria-invalid={state.problem !== ''}
      placeholder={state.isNarrow ? t('Filter runs') : t('Words, or params.lr < 0.1')}
      title={t(
        'Words to look for, or a filter such as %1',
        "metrics.acc > 0.9 and tags.stage = 'final'"
      )}
      spellcheck={false}
      value={state.choice.text}
      onInput={event => table.type(event.currentTarget.value)}
      onKeyDown={event => event.key === 'Enter' && table.enter()}
    />
  );
}

/** A button that opens something below it. */
function Opener(props: {
  table: Table;
  kind: 'columns' | 'views' | 'more';
  label: string;
  spoken?: string;
}): JSX.Element {
  const { table, kind, label, spoken } = props;
  const isOpen = table.state.above?.kind === kind;
  return (
    <button
      type="button"
      class={kind === 'more' ? 'aml-more-menu' : 'aml-opener'}
      aria-label={spoken}
      aria-haspopup={kind === 'more' ? 'menu' : 'dialog'}
      aria-expanded={isOpen}
      onClick={event => table.show(isOpen ? null : { kind, at: below(event.currentTarget) })}
    >
      {oneLine(label)}
    </button>
  );
}

function GroupPicker({ table }: { table: Table }): JSX.Element {
  const { t } = table.host;
  const { params, choice } = table.state;
  const { by } = choice;
  const { rows } = table;
  const choices = useMemo(() => groupChoices(table), [rows, params, by]);
  return (
    <select
      class="aml-group-by"
      aria-label={t('Group by')}
      value={by}
      onChange={event => table.choose({ by: event.currentTarget.value })}
    >
      <option value="">{t('No groups')}</option>
      {choices.map(key => (
        <option key={key} value={key}>
          {t('by %1', oneLine(key))}
        </option>
      ))}
    </select>
  );
}

function Count({ table }: { table: Table }): JSX.Element {
  const { host, state, lines } = table;
  const { t } = host;
  const found = state.listing.rows.length;
  const isCut = state.groups === null && lines.count < found;
  const shown = numberText(isCut ? lines.count : found);
  const total = numberText(Math.max(state.total, found));
  const picked = numberText(state.picked.size);
  const isAll = shown === total;
  const words = isAll
    ? t('%1 runs, %2 selected', total, picked)
    : t('%1 of %2 runs, %3 selected', shown, total, picked);
  const few = isAll ? t('%1 runs', total) : t('%1 of %2', shown, total);
  return (
    <>
      <span class="aml-count" role="status" title={words}>
        {state.isAsking
          ? t('Loading…')
          : !state.isNarrow
            ? words
            : state.picked.size > 0
              ? t('%1 selected', picked)
              : few}
      </span>
      {isCut && (
        <Button class="aml-all" click={() => table.store.set({ isUnlimited: true })}>
          {t('Show all %1', numberText(found))}
        </Button>
      )}
      {state.listing.isHeld && (
        <Button
          class="aml-new-order"
          title={t('Rows keep their places while the pointer or the focus is on them.')}
          click={() => table.source.release()}
        >
          {t('New order')}
        </Button>
      )}
    </>
  );
}
