// Changing what people call a run and say of it: its name, its notes, its tags.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunView } from '../../../contract.gen';
import { Button, Message } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import { changedTags, tagLines } from '../../../ui/tags';
import type { PanelProps } from '../panel';
import type { Scene } from '../state';

export function EditForm({ scene, state, close }: PanelProps & { close: () => void }): JSX.Element {
  const { t } = scene;
  const [was] = useState(state.view);
  const [name, setName] = useState(was.name);
  const [notes, setNotes] = useState(was.description);
  const [tags, setTags] = useState(tagLines(was.tags));
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
    const failure = await saved(scene, was, { name, notes, tags });
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
          dir="auto"
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
        dir="auto"
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
  now: { name: string; notes: string; tags: string }
): Promise<string | null> {
  const isRenamed = now.name !== was.name;
  const isNoted = now.notes !== was.description;
  try {
    const changed = changedTags(now.tags, was.tags, t);
    if (!isRenamed && !isNoted && Object.keys(changed).length === 0) {
      return null;
    }
    const { name, description, tags } = await host.ask('update_run', {
      run,
      ...(isRenamed ? { name: now.name } : {}),
      ...(isNoted ? { description: now.notes } : {}),
      tags: changed,
      // What another has changed meanwhile is not written over.
      was: { name: was.name, description: was.description }
    });
    store.set(({ view }) => ({ view: { ...view, name, description, tags } }));
    return null;
  } catch (error) {
    return t('The run could not be changed: %1', printable(wordsOf(error)));
  }
}
