// The head of the screen: which dataset this is, and what it was made from.
import type { JSX } from 'preact';
import type { DatasetView } from '../../contract.gen';
import { datasetCode } from '../../ui/code';
import { Button, Fold, Message, Picker } from '../../ui/controls';
import { bytesText, momentText, oneLine, printable, wordsOf } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { DatasetState, Scene } from './state';
import { countedText, rowsText } from './words';

interface Props {
  scene: Scene;
  state: DatasetState;
}

export function Head({ scene, state }: Props): JSX.Element {
  const { t } = scene;
  const { view, problem } = state;
  const notices = new Set([...view.notices, ...state.notices]);
  return (
    <header class="aml-run-banner">
      <div class="aml-run-line">
        <h2 class="aml-run-name" tabIndex={-1}>
          {oneLine(view.name ?? '') || t('Dataset without a name')}
        </h2>
        <VersionPicker scene={scene} state={state} />
        <span class="aml-run-link aml-warn" role="status" hidden={!problem}>
          {oneLine(problem)}
        </span>
        <Actions scene={scene} state={state} />
      </div>
      <Facts t={t} view={view} />
      {view.description && <p class="aml-data-description">{printable(view.description)}</p>}
      <Tags t={t} view={view} />
      {[...notices].map(notice => (
        <Message key={notice}>{printable(notice)}</Message>
      ))}
      {view.problem && (
        <Message tone="aml-bad" role="status">
          {printable(view.problem)}
        </Message>
      )}
      <Origin t={t} view={view} />
    </header>
  );
}

function Actions({ scene, state }: Props): JSX.Element {
  const { host, t } = scene;
  const { view } = state;
  const { name, id, version } = view;
  const insert = (): void => {
    try {
      host.insert?.(datasetCode(host.workspace, name!, version), false);
      scene.choose({ problem: '' });
    } catch (error) {
      scene.choose({ problem: wordsOf(error) }); // No notebook is open.
    }
  };
  return (
    <span class="aml-run-actions">
      {host.insert && name !== null && (
        <Button click={insert} title={t('Put code that gets this version into the notebook')}>
          {t('Insert code')}
        </Button>
      )}
      {host.open && (
        <Button
          class="aml-data-open"
          click={() =>
            host.open?.({
              kind: 'dataset',
              dataset: name ?? id,
              ...(name === null ? {} : { version })
            })
          }
        >
          {t('Open')}
        </Button>
      )}
    </span>
  );
}

function VersionPicker({ scene, state }: Props): JSX.Element | null {
  const { t } = scene;
  const { versions, version } = state.view;
  if (versions.length < 2) {
    return version > 0 ? <span class="aml-muted">{t('version %1', version)}</span> : null;
  }
  const newest = Math.max(...versions.map(each => each.version));
  const show = (wanted: number): void =>
    void scene
      .show(wanted)
      .catch((error: unknown) =>
        scene.choose({ problem: t('Version %1 cannot be shown: %2', wanted, wordsOf(error)) })
      );
  return (
    <span class="aml-data-versions-pick">
      <Picker
        label={t('Version ')}
        options={versions.map(({ version: one }) => [
          String(one),
          one === newest ? t('%1 (newest)', one) : String(one)
        ])}
        value={String(version)}
        change={wanted => show(Number(wanted))}
      />
    </span>
  );
}

function Facts({ t, view }: { t: Translate; view: DatasetView }): JSX.Element {
  const all = [
    view.kind === 'file' ? t('files') : [t('table'), view.format].filter(Boolean).join(', '),
    view.kind === 'file' ? '' : rowsText(view.rows, t),
    view.columns.length > 0 ? countedText(view.columns.length, '1 column', '%1 columns', t) : '',
    countedText(view.files, '1 file', '%1 files', t),
    bytesText(view.size),
    momentText(view.created)
  ];
  const { fingerprint } = view;
  return (
    <div class="aml-run-line aml-muted aml-data-facts">
      {all.filter(Boolean).map(text => (
        <span key={text}>{oneLine(text)}</span>
      ))}
      {fingerprint && (
        <span class="aml-mono" title={t('Fingerprint of the contents: %1', oneLine(fingerprint))}>
          {oneLine(fingerprint.slice(0, 12))}
        </span>
      )}
    </div>
  );
}

function Tags({ t, view }: { t: Translate; view: DatasetView }): JSX.Element | null {
  const all = Object.entries(view.tags);
  return all.length === 0 ? null : (
    <ul class="aml-data-tags" aria-label={t('Tags')}>
      {all.map(([name, value]) => (
        <li key={name}>{oneLine(value ? `${name}: ${value}` : name)}</li>
      ))}
    </ul>
  );
}

/** Where it lies, and what is done to it on the way. */
function Origin({ t, view }: { t: Translate; view: DatasetView }): JSX.Element | null {
  const { sources, steps } = view;
  if (sources.length + steps.length === 0) {
    return null;
  }
  const words =
    steps.length > 0
      ? t('Source and %1', countedText(steps.length, '1 step', '%1 steps', t))
      : t('Source');
  return (
    <Fold title={words}>
      <div class="aml-data-origin">
        <ul class="aml-mono" aria-label={t('Sources')}>
          {sources.map((source, place) => (
            <li key={place}>{oneLine(source)}</li>
          ))}
        </ul>
        {steps.length > 0 && (
          <ol aria-label={t('Steps')}>
            {steps.map((step, place) => (
              <li key={place}>{oneLine(step)}</li>
            ))}
          </ol>
        )}
      </div>
    </Fold>
  );
}
