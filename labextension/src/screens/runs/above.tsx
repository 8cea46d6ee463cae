// What lies above the table for a moment: menus, and small forms.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../ui/controls';
import { oneLine, printable, secondsText } from '../../ui/format';
import { Menu } from '../../ui/popup/menu';
import { Popup, type Point } from '../../ui/popup/popup';
import { ColumnPanel } from './columns/panel';
import { columnEntries, moreEntries, runEntries } from './run_menu';
import type { Above } from './state';
import type { Table } from './table';
import { ViewPanel } from './views/panel';

/** @param keys of all columns in their order, and of those that are shown. */
export function AboveTable(props: {
  table: Table;
  keys: readonly string[];
  shown: readonly string[];
}): JSX.Element | null {
  const { table, keys, shown } = props;
  const { above } = table.state;
  const { t } = table.host;
  if (above === null) {
    return null;
  }
  // What an entry shows next stays.
  const close = (): void => {
    if (table.state.above === above) {
      table.show(null);
    }
  };
  const { at } = above;
  switch (above.kind) {
    case 'runs': {
      const label = t('Menu of %1 runs', above.ids.length);
      const groups = runEntries(table, above.ids, at);
      return <Menu t={t} label={label} at={at} groups={groups} close={close} />;
    }
    case 'column': {
      const groups = columnEntries(table, above.column, shown);
      return <Menu t={t} label={above.column} at={at} groups={groups} close={close} />;
    }
    case 'more':
      return <Menu t={t} label={t('More')} at={at} groups={moreEntries(table, at)} close={close} />;
    case 'columns':
      return <ColumnPanel table={table} at={at} keys={keys} shown={shown} close={close} />;
    case 'views':
      return <ViewPanel table={table} at={at} close={close} />;
    case 'edit':
      return <Editor key={`${above.id} ${above.part}`} table={table} above={above} close={close} />;
    default:
      return <CancelQuestion table={table} ids={above.ids} at={at} close={close} />;
  }
}

function CancelQuestion(props: {
  table: Table;
  ids: readonly string[];
  at: Point;
  close(): void;
}): JSX.Element {
  const { table, ids, at, close } = props;
  const { t } = table.host;
  const longest = Math.max(...table.rowsOf(ids).map(row => row.elapsed ?? 0));
  const question = t(
    'Cancel %1 runs, which took up to %2 so far?',
    ids.length,
    secondsText(longest)
  );
  return (
    <Popup t={t} label={question} at={at} role="dialog" close={close}>
      <p>{question}</p>
      <p class="aml-buttons">
        <Button
          click={() => {
            close();
            void table.manager.cancel(ids);
          }}
        >
          {t('Cancel the runs')}
        </Button>
        <Button click={close}>{t('Let them run')}</Button>
      </p>
    </Popup>
  );
}

type Editing = Extract<Above, { kind: 'edit' }>;

/** A form for the name, the notes or the tags of a run. */
function Editor(props: { table: Table; above: Editing; close(): void }): JSX.Element {
  const { table, above, close } = props;
  const { id, part, at } = above;
  const { t } = table.host;
  const row = table.rowsOf([id])[0];
  const [text, setText] = useState<string | null>(
    part === 'name' ? (row?.name ?? '') : part === 'tags' ? tagLines(row?.tags ?? {}) : null
  );
  useEffect(() => {
    if (part === 'notes') {
      table.host.ask('run', { run: id }).then(
        ({ description }) => setText(description),
        () => setText('')
      );
    }
  }, [id, part]);
  const title = {
    name: t('Name of %1', oneLine(row?.name ?? id)),
    notes: t('Notes on %1', oneLine(row?.name ?? id)),
    tags: t('Tags of %1', oneLine(row?.name ?? id))
  }[part];
  const save = async (): Promise<void> => {
    if (text !== null && (await table.manager.edit(id, changeOf(part, text, row?.tags ?? {})))) {
      close();
    }
  };
  return (
    <Popup t={t} label={title} at={at} role="dialog" close={close}>
      <form
        class="aml-form"
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
      >
        <label>
          {title}
          <Field part={part} text={text} change={setText} save={() => void save()} />
        </label>
        {part === 'tags' && (
          <p class="aml-muted">{t('A tag in each line: name, or name = value')}</p>
        )}
        {table.state.notice?.isBad && (
          <p class="aml-message aml-bad" role="alert">
            {printable(table.state.notice.text)}
          </p>
        )}
        <p class="aml-buttons">
          <button type="submit">{t('Save')}</button>
          <Button click={close}>{t('Leave it')}</Button>
        </p>
      </form>
    </Popup>
  );
}

function Field(props: {
  part: Editing['part'];
  text: string | null;
  change(text: string): void;
  save(): void;
}): JSX.Element {
  const { part, text, change, save } = props;
  if (part === 'name') {
    return (
      <input autofocus value={text ?? ''} onInput={event => change(event.currentTarget.value)} />
    );
  }
  return (
    <textarea
      autofocus
      rows={5}
      cols={40}
      disabled={text === null}
      value={text ?? ''}
      onInput={event => change(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          save();
        }
      }}
    />
  );
}

function tagLines(tags: Record<string, string | null>): string {
  return Object.entries(tags)
    .map(([name, value]) => (value ? `${name} = ${value}` : name))
    .join('\n');
}

/** What a form changes; tags that are not in it any more are removed. */
export function changeOf(
  part: Editing['part'],
  text: string,
  tags: Record<string, string | null>
): { name?: string; description?: string; tags?: Record<string, string | null> } {
  if (part !== 'tags') {
    return part === 'name' ? { name: text.trim() } : { description: text };
  }
  const found = new Map(
    text
      .split('\n')
      .map(line => /^\s*(.*?)\s*(?:=\s*(.*?)\s*)?$/.exec(line)!)
      .flatMap(([, name, value]) => (name ? [[name, value ?? ''] as const] : []))
  );
  const removed = Object.keys(tags).filter(name => !found.has(name));
  return { tags: Object.fromEntries([...found, ...removed.map(name => [name, null] as const)]) };
}
