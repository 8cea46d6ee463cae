// Files of a run: what they are called, how large they are, a look into them, and the way to get them.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { FileView } from '../../../contract.gen';
import { Part } from '../../../ui/boundary';
import { Asked, Button, Muted } from '../../../ui/controls';
import { bytesText, oneLine } from '../../../ui/format';
import type { PanelProps } from '../panel';
import { Preview } from './preview';
import type { RunState, Scene } from '../state';
import { TableSection } from '../section';
import { Registration } from './registration';
import { Thumbnails } from './thumbnails';

const SHOWN = 200;

export function Files({ scene, state }: PanelProps): JSX.Element {
  const { t } = scene;
  const { files, images } = state.view;
  const { openFiles } = state;
  const open = (name: string): void => {
    scene.choose({ openFiles: new Set([...openFiles, name]) });
    document.getElementById(idOf(scene, name))?.focus();
  };
  const list = useMemo(() => {
    const items = [...files].sort(
      (one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1)
    );
    return (
      <TableSection
        {...{ t, items }}
        title={t('Files')}
        heads={[t('Name'), t('Size'), t('Download')]}
        isPlain
        limit={SHOWN}
        row={file => (
          <Row key={file.name} {...{ scene, file, openFiles }} isOpen={openFiles.has(file.name)} />
        )}
      />
    );
  }, [files, openFiles]);
  return (
    <div>
      <Part t={t}>
        <Thumbnails {...{ scene, files, images, open }} />
      </Part>
      {list}
      <Part t={t}>
        <Registration scene={scene} state={state} />
      </Part>
      {files.length === 0 && <Muted>{t('This run has no files.')}</Muted>}
    </div>
  );
}

/** What the run made comes first, its logs come last. */
function rank({ name }: FileView): number {
  return name.startsWith('outputs/')
    ? 0
    : /^(?:user_logs|logs|system_logs|azureml-logs)\//.test(name)
      ? 2
      : 1;
}

function idOf({ run }: Scene, name: string): string {
  return `aml-file-${run}-${name}`;
}

function Row(props: {
  scene: Scene;
  file: FileView;
  isOpen: boolean;
  openFiles: RunState['openFiles'];
}): JSX.Element {
  const { scene, file, isOpen, openFiles } = props;
  const { host, run, t } = scene;
  const { name } = file;
  const toggle = (): void => {
    const others = [...openFiles].filter(each => each !== name);
    scene.choose({ openFiles: new Set(isOpen ? others : [...others, name]) });
  };
  const url = host.fileUrl?.(run, name);
  return (
    <tr>
      <th scope="row">
        <Button
          class="aml-run-name-button"
          id={idOf(scene, name)}
          aria-expanded={isOpen}
          click={toggle}
        >
          {oneLine(name)}
        </Button>
        {isOpen && (
          <div class="aml-run-preview">
            <Part t={t}>
              <Asked
                t={t}
                of={name}
                ask={() => host.ask('preview', { run, file: name })}
                draw={preview => <Preview t={t} preview={preview} />}
              />
            </Part>
          </div>
        )}
      </th>
      <td class="aml-number">{bytesText(file.size)}</td>
      <td>
        {url && isPlain(url) && (
          <a href={url} download="" aria-label={t('Download %1', oneLine(name))}>
            ⤓
          </a>
        )}
      </td>
    </tr>
  );
}

/** Whether an address loads something, and runs nothing. */
function isPlain(url: string): boolean {
  try {
    return /^(?:https?|blob):$/.test(new URL(url, document.baseURI).protocol);
  } catch {
    return false;
  }
}
