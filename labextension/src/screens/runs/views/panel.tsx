// Views: what was chosen, under a name that all who share the workspace see.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Muted } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import { Popup, type Point } from '../../../ui/popup/popup';
import type { Table } from '../table';
import { deleteView, loadViews, saveView, showView } from './views';

export function ViewPanel(props: { table: Table; at: Point; close(): void }): JSX.Element {
  const { table, at, close } = props;
  const { t } = table.host;
  const { views, view, notice } = table.state;
  const [name, setName] = useState(view ?? '');
  useEffect(() => void loadViews(table), []);
  return (
    <Popup t={t} label={t('Views')} at={at} role="dialog" close={close}>
      {views === null ? (
        <Muted>{notice?.isBad ? oneLine(notice.text) : t('Loading…')}</Muted>
      ) : views.length === 0 ? (
        <Muted>{t('A view keeps columns, order, filter and groups under a name.')}</Muted>
      ) : (
        <ul class="aml-column-list" aria-label={t('Views')}>
          {views.map(one => (
            <li key={one.name}>
              <Button
                class="aml-view-name"
                aria-current={one.name === view || undefined}
                click={() => {
                  close();
                  showView(table, one.name);
                }}
              >
                {oneLine(one.name)}
              </Button>
              <Button
                class="aml-mover"
                aria-label={t('Delete the view %1', oneLine(one.name))}
                click={() => void deleteView(table, one.name)}
              >
                ✕
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form
        class="aml-buttons"
        onSubmit={event => {
          event.preventDefault();
          if (name.trim()) {
            void saveView(table, name.trim());
          }
        }}
      >
        <input
          autofocus
          aria-label={t('Name of the view')}
          placeholder={t('Name of the view')}
          value={name}
          onInput={event => setName(event.currentTarget.value)}
        />
        <button type="submit">{t('Save')}</button>
      </form>
    </Popup>
  );
}
