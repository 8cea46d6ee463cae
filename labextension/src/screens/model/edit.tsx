// Changing what is said of a version: its notes, tags, properties, aliases and stage.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ModelView, UpdateModelQuestion } from '../../contract.gen';
import { Picker } from '../../ui/controls';
import { EditForm, Lines } from '../../ui/form';
import { printable, wordsOf } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { changedTags, tagLines } from '../../ui/tags';
import type { Scene } from './state';

interface Draft {
  notes: string;
  tags: string;
  properties: string;
  aliases: string;
  stage: string;
}

/** MLflow's stages. */
const STAGES = ['', 'Staging', 'Production', 'Archived'];

export function ModelForm({ scene, view }: { scene: Scene; view: ModelView }): JSX.Element {
  const { t } = scene;
  const [was] = useState(view);
  const [draft, setDraft] = useState<Draft>(() => draftOf(was));
  return (
    <EditForm
      t={t}
      label={t('Edit the model')}
      save={() => saved(scene, was, draft)}
      close={() => scene.choose({ isEdited: false })}
    >
      <Fields t={t} draft={draft} change={part => setDraft(now => ({ ...now, ...part }))} />
    </EditForm>
  );
}

function Fields(props: {
  t: Translate;
  draft: Draft;
  change(part: Partial<Draft>): void;
}): JSX.Element {
  const { t, draft, change } = props;
  return (
    <>
      <Lines label={t('Notes')} text={draft.notes} change={notes => change({ notes })} />
      <Lines
        label={t('Tags, one a line: name=value')}
        text={draft.tags}
        change={tags => change({ tags })}
      />
      <Lines
        label={t('Properties, one a line; what has a value keeps it')}
        text={draft.properties}
        change={properties => change({ properties })}
      />
      <label>
        {t('Aliases, such as champion; each leads to one version')}
        <input
          type="text"
          value={draft.aliases}
          spellcheck={false}
          onInput={event => change({ aliases: event.currentTarget.value })}
        />
      </label>
      <Picker
        label={t('Stage')}
        options={STAGES.map(stage => [stage, stage || t('None')])}
        value={draft.stage}
        change={stage => change({ stage })}
      />
    </>
  );
}

function draftOf({ description, tags, properties, aliases, stage }: ModelView): Draft {
  return {
    ...{ notes: description, tags: tagLines(tags), properties: tagLines(properties) },
    ...{ aliases: aliases.join(', '), stage }
  };
}

/** What differs, as it is asked of the host; null where nothing does. */
function changeOf(was: ModelView, draft: Draft, t: Translate): UpdateModelQuestion | null {
  const before = draftOf(was);
  const tags = changedTags(draft.tags, was.tags, t);
  const properties = Object.entries(changedTags(draft.properties, was.properties, t));
  const gone = properties.find(([, value]) => value === null);
  if (gone) {
    throw new Error(t('The property “%1” cannot be taken away: a tag can.', gone[0]));
  }
  const aliases = draft.aliases.split(/[\s,]+/).map(alias => alias.replace(/^@/, ''));
  const change: Omit<UpdateModelQuestion, 'model'> = {
    // What another has changed meanwhile is not written over.
    ...(draft.notes === before.notes ? {} : { description: draft.notes, was: was.description }),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    ...(properties.length > 0
      ? { properties: Object.fromEntries(properties) as Record<string, string> }
      : {}),
    ...(draft.aliases === before.aliases ? {} : { aliases: aliases.filter(Boolean) }),
    ...(draft.stage === before.stage ? {} : { stage: draft.stage })
  };
  return Object.keys(change).length > 0 ? { model: was.id, ...change } : null;
}

/** Save what differs; returns why that could not be done. */
async function saved(scene: Scene, was: ModelView, draft: Draft): Promise<string | null> {
  const { host, t } = scene;
  try {
    const change = changeOf(was, draft, t);
    const view = change && (await host.ask('update_model', change));
    scene.choose({ notice: null, ...(view ? { view } : {}) });
    return null;
  } catch (error) {
    return t('The model could not be changed: %1', printable(wordsOf(error)));
  }
}
