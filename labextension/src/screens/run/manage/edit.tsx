// Changing what people call a run and say of it: its name, its notes, its tags.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunView } from '../../../contract.gen';
import { Button, Message } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import type { PanelProps } from '../panel';
import type { Scene } from '../state';

type Tags = RunView['tags'];

export function EditForm({ scene, state, close }: PanelProps & { close: () => void }): JSX.Element {
  const { t } = scene;
  const [was] = useState(state.view);
  const [name, setName] = useState(was.name);
  const [notes, setNotes] = useState(was.description);
  const [tags, setTags] = useState(linesOf(was.tags));
  const [problem, setProblem] = useState('');
  const [isSaving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isSaving) {
      return;
    }
    setSaving(true);
    const failure = await saved(scene, was, { name, notes, tags: tagsOf(tags, was.tags) });
    setSaving(false);
    setProblem(failure ?? '');
    if (failure === null) {
      close();
    }
  };
  return (
    <form
      class="aml-run-edit"
      aria-label={t('Edit the run')}
      ref={form}
      onSubmit={event => void save(event)}
      onKeyDown={event => event.key === 'Escape' && close()}
    >
      <label>
        {t('Name')}
        <input
          type="text"
          value={name}
          required
          maxLength={255}
          onInput={event => setName(event.currentTarget.value)}
        />
      </label>
      <Lines label={t('Notes')} text={notes} change={setNotes} />
      <Lines label={t('Tags, one a line: name=value')} text={tags} change={setTags} isCode />
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
      <span class="aml-run-line">
        <button type="submit" aria-disabled={isSaving || undefined}>
          {isSaving ? t('Saving…') : t('Save')}
        </button>
        <Button click={close}>{t('Leave as it was')}</Button>
      </span>
    </form>
  );
}

function Lines(props: {
  label: string;
  text: string;
  change: (text: string) => void;
  isCode?: boolean;
}): JSX.Element {
  const { label, text, change, isCode } = props;
  return (
    <label>
      {label}
      <textarea
        class={isCode ? 'aml-mono' : undefined}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        value={text}
        spellcheck={!isCode}
        onInput={event => change(event.currentTarget.value)}
      />
    </label>
  );
}

/** Save what differs; returns why that could not be done. */
async function saved(
  { host, run, store, t }: Scene,
  was: RunView,
  now: { name: string; notes: string; tags: Tags }
): Promise<string | null> {
  const isRenamed = now.name !== was.name;
  const isNoted = now.notes !== was.description;
  if (!isRenamed && !isNoted && Object.keys(now.tags).length === 0) {
    return null;
  }
  try {
    const { name, description, tags } = await host.ask('update_run', {
      run,
      ...(isRenamed ? { name: now.name } : {}),
      ...(isNoted ? { description: now.notes } : {}),
      tags: now.tags,
      // What another has changed meanwhile is not written over.
      was: { name: was.name, description: was.description }
    });
    store.set(({ view }) => ({ view: { ...view, name, description, tags } }));
    return null;
  } catch (error) {
    return t('The run could not be changed: %1', printable(wordsOf(error)));
  }
}

function linesOf(tags: Tags): string {
  return Object.entries(tags).flatMap(lineOf).join('\n');
}

/** A tag as a line; nothing where the line would be read as another tag, so that this one stays as it is. */
function lineOf([name, value]: [string, string | null]): string[] {
  const line = value === null ? name : `${name}=${value}`;
  const [is, has] = /[\r\n]/.test(line) ? [] : tagOf(line);
  return is === name && has === (value ?? '') ? [line] : [];
}

function tagOf(line: string): [name: string, value: string] {
  const [, name = '', , value = ''] = /^\s*([^=]*?)\s*(=\s*(.*?))?\s*$/.exec(line) ?? [];
  return [name, value];
}

/** The tags that are new or changed, and null for each that is gone. */
function tagsOf(lines: string, before: Tags): Tags {
  const now = new Map(lines.split('\n').map(tagOf));
  now.delete('');
  const gone = Object.entries(before).filter(tag => !now.has(tag[0]) && lineOf(tag).length > 0);
  const changed = [...now].filter(
    ([name, value]) => !Object.hasOwn(before, name) || (before[name] ?? '') !== value
  );
  return Object.fromEntries([...gone.map(([name]): [string, null] => [name, null]), ...changed]);
}
