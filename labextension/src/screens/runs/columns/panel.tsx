// Which columns there are, and in which order.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Checkbox } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import { Popup, type Point } from '../../../ui/popup/popup';
import { reordered } from './layout';
import type { Table } from '../table';

export function ColumnPanel(props: {
  table: Table;
  at: Point;
  keys: readonly string[];
  shown: readonly string[];
  close(): void;
}): JSX.Element {
  const { table, at, keys, shown, close } = props;
  const { t } = table.host;
  const [text, setText] = useState('');
  const found = keys.filter(
    key => key !== 'name' && key.toLowerCase().includes(text.trim().toLowerCase())
  );
  const isOn = new Set(shown);
  const set = (chosen: readonly string[], on: boolean): void =>
    table.choose({
      shown: {
        ...table.state.choice.shown,
        ...Object.fromEntries(chosen.map(key => [key, on]))
      }
    });
  return (
    <Popup t={t} label={t('Columns')} at={at} role="dialog" close={close}>
      <p class="aml-buttons">
        <input
          type="search"
          autofocus
          aria-label={t('Search columns')}
          placeholder={t('Search columns')}
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
        <Button click={() => set(found, true)}>{t('All')}</Button>
        <Button click={() => set(found, false)}>{t('None')}</Button>
        <Button click={() => table.choose({ shown: {}, order: [], widths: {} })}>
          {t('As at first')}
        </Button>
      </p>
      <ul class="aml-column-list" aria-label={t('Columns')}>
        {found.map(key => (
          <li key={key}>
            <Checkbox isOn={isOn.has(key)} change={on => set([key], on)}>
              {titleOf(key, t)}
            </Checkbox>
            <Mover table={table} keys={keys} column={key} />
          </li>
        ))}
      </ul>
    </Popup>
  );
}

function titleOf(key: string, t: Table['host']['t']): string {
  const titles: Record<string, string> = {
    status: t('Status'),
    started: t('Started'),
    elapsed: t('Duration'),
    experiment: t('Experiment'),
    tags: t('Tags')
  };
  return Object.hasOwn(titles, key) ? titles[key]! : oneLine(key);
}

/** Moves a column among all of them. */
function Mover(props: { table: Table; keys: readonly string[]; column: string }): JSX.Element {
  const { table, keys, column } = props;
  const { t } = table.host;
  const place = keys.indexOf(column);
  const to = (at: number) => (): void => table.choose({ order: reordered(keys, column, at) });
  return (
    <span>
      <Button
        class="aml-mover"
        aria-label={t('Move %1 up', oneLine(column))}
        isDisabled={place === 0}
        click={to(place - 1)}
      >
        ↑
      </Button>
      <Button
        class="aml-mover"
        aria-label={t('Move %1 down', oneLine(column))}
        isDisabled={place === keys.length - 1}
        click={to(place + 1)}
      >
        ↓
      </Button>
    </span>
  );
}
