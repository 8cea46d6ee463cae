// The head of the screen: which version this is, what is said of it, and what can be done with it.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ModelView } from '../../contract.gen';
import { modelCode, quoted } from '../../ui/code';
import { Button, LongText, Message, Picker } from '../../ui/controls';
import { bytesText, momentText, oneLine, printable, wordsOf } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { Question } from '../../ui/question';
import { ModelForm } from './edit';
import { canChange, type ModelState, type Scene } from './state';

/** Versions that are offered without being asked for. */
const AT_ONCE = 100;

interface Props {
  scene: Scene;
  state: ModelState;
}

export function Head({ scene, state }: Props): JSX.Element {
  const { t } = scene;
  const { view, notice, isEdited, isDeleting } = state;
  const header = useRef<HTMLElement>(null);
  const wasEdited = useRef(false);
  useEffect(() => {
    if (wasEdited.current && !isEdited) {
      header.current?.querySelector<HTMLElement>('.aml-run-actions [aria-expanded]')?.focus();
    }
    wasEdited.current = isEdited;
  }, [isEdited]);
  return (
    <header class="aml-run-banner" ref={header}>
      <div class="aml-run-line">
        <h2 class="aml-run-name" tabIndex={-1}>
          {oneLine(view.name)}
        </h2>
        <VersionPicker scene={scene} state={state} />
        <Marks t={t} view={view} />
        <Actions scene={scene} state={state} />
      </div>
      <div class="aml-run-line aml-muted aml-data-facts">
        {factsOf(view, t).map(text => (
          <span key={text}>{oneLine(text)}</span>
        ))}
      </div>
      {notice && (
        <Message tone={notice.isBad ? 'aml-bad' : 'aml-calm'} role="status">
          {printable(notice.text)}
        </Message>
      )}
      {isDeleting && <Deletion scene={scene} state={state} />}
      {isEdited ? (
        <ModelForm scene={scene} view={view} />
      ) : (
        <>
          {view.description && (
            <p class="aml-data-description">
              <LongText t={t} text={view.description} />
            </p>
          )}
          <Tags t={t} view={view} />
        </>
      )}
    </header>
  );
}

function factsOf(view: ModelView, t: Translate): string[] {
  const files = view.count === 1 ? t('1 file') : t('%1 files', view.count);
  return [
    ...[view.framework, files, bytesText(view.size), view.author, momentText(view.created)],
    ...Object.entries(view.samples).map(([what, title]) => t('sample %1: %2', what, title)),
    ...Object.entries(view.resources).map(([name, value]) => `${name}: ${String(value)}`),
    view.source
  ].filter(Boolean);
}

function Marks({ t, view }: { t: Translate; view: ModelView }): JSX.Element | null {
  const marks = [...view.aliases.map(alias => `@${alias}`), view.stage].filter(Boolean);
  return marks.length === 0 ? null : (
    <ul class="aml-data-tags aml-model-marks" aria-label={t('Aliases and stage')}>
      {marks.map(mark => (
        <li key={mark}>{oneLine(mark)}</li>
      ))}
    </ul>
  );
}

function Tags({ t, view }: { t: Translate; view: ModelView }): JSX.Element | null {
  const all = Object.entries(view.tags);
  return all.length === 0 ? null : (
    <ul class="aml-data-tags" aria-label={t('Tags')}>
      {all.map(([name, value]) => (
        <li key={name}>{oneLine(value ? `${name}: ${value}` : name)}</li>
      ))}
    </ul>
  );
}

function VersionPicker({ scene, state }: Props): JSX.Element {
  const { t } = scene;
  const { versions, version } = state.view;
  const [isNear, setNear] = useState(false);
  if (versions.length < 2) {
    return <span class="aml-muted">{t('version %1', version)}</span>;
  }
  const newest = versions[0]!.version;
  const known = versions.some(each => each.version === version);
  // A thousand options would take longer than all else: they are there once somebody comes near.
  const isWhole = isNear || versions.length <= AT_ONCE;
  const offered = isWhole ? versions : versions.filter(each => each.version === version);
  const options = offered.map(({ version: one, aliases }): [string, string] => [
    String(one),
    [one, ...aliases.map(alias => `@${alias}`), one === newest ? t('(newest)') : '']
      .filter(Boolean)
      .join(' ')
  ]);
  return (
    <span
      class="aml-data-versions-pick"
      onPointerEnter={() => setNear(true)}
      onFocusIn={() => setNear(true)}
    >
      <Picker
        label={t('Version ')}
        options={known ? options : [[String(version), String(version)], ...options]}
        value={String(version)}
        change={value => void shown(scene, Number(value))}
      />
    </span>
  );
}

/** Show another version, or say why it cannot be shown. */
export async function shown(scene: Scene, version: number): Promise<void> {
  try {
    await scene.show(version);
  } catch (error) {
    const text = scene.t('Version %1 cannot be shown: %2', version, wordsOf(error));
    scene.choose({ notice: { text, isBad: true } });
  }
}

function Actions({ scene, state }: Props): JSX.Element {
  const { host, t } = scene;
  const { view, isEdited } = state;
  const insert = (code: string): void => {
    try {
      host.insert?.(code, false);
      scene.choose({ notice: null });
    } catch (error) {
      scene.choose({ notice: { text: wordsOf(error), isBad: true } }); // No notebook is open.
    }
  };
  return (
    <span class="aml-run-actions">
      {canChange(state) && (
        <Button
          aria-expanded={isEdited}
          title={t('Notes, tags, properties, aliases and stage')}
          click={() => scene.choose({ isEdited: !isEdited })}
        >
          {t('Edit')}
        </Button>
      )}
      {host.insert && (
        <>
          <Button
            title={t('Put code that gets this version into the notebook')}
            click={() => insert(modelCode(host.workspace, view.name, view.version))}
          >
            {t('Insert code')}
          </Button>
          <Button
            title={t('Put a line that makes a web service of this version into the notebook')}
            click={() => insert(`%aml deploy ${quoted(view.id)} --entry score.py`)}
          >
            {t('Deploy…')}
          </Button>
        </>
      )}
      {host.open && (
        <Button class="aml-data-open" click={() => host.open?.({ kind: 'model', model: view.id })}>
          {t('Open')}
        </Button>
      )}
      {canChange(state) && (
        <Button click={() => scene.choose({ isDeleting: true })}>{t('Delete…')}</Button>
      )}
    </span>
  );
}

/** What is deleted does not come back, so it is asked once. */
function Deletion({ scene, state }: Props): JSX.Element {
  const { host, t } = scene;
  const { view } = state;
  const words = t('Delete %1 for good? Its number is not used again.', oneLine(view.id));
  const remove = async (): Promise<void> => {
    try {
      await host.ask('delete_model', { model: view.name, version: view.version });
      scene.choose({ link: 'gone', isDeleting: false, isEdited: false, notice: null });
    } catch (error) {
      scene.choose({ isDeleting: false, notice: { text: wordsOf(error), isBad: true } });
    }
  };
  return (
    <Question
      class="aml-run-line"
      words={words}
      yes={t('Yes, delete')}
      no={t('No')}
      act={() => void remove()}
      keep={() => scene.choose({ isDeleting: false })}
    />
  );
}
