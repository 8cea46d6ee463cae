// Changing what people call a run and say of it: its name, its notes, its tags.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RunView } from '../../../contract.gen';
import { EditForm, Lines } from '../../../ui/form';
import { printable, wordsOf } from '../../../ui/format';
import { changedTags, tagLines } from '../../../ui/tags';
import type { PanelProps } from '../panel';
import type { Scene } from '../state';

export function RunForm({ scene, state, close }: PanelProps & { close: () => void }): JSX.Element {
  const { t } = scene;
  const [was] = useState(state.view);
  const [name, setName] = useState(was.name);
  const [notes, setNotes] = useState(was.description);
  const [tags, setTags] = useState(tagLines(was.tags));
  return (
    <EditForm
      t={t}
      label={t('Edit the run')}
      save={() => saved(scene, was, { name, notes, tags })}
      close={close}
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
    </EditForm>
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
