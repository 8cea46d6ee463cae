// The files of a model: what they are called, and what they hold, which is told without loading them.
import type { JSX } from 'preact';
import type { ModelContentsView, ModelContentView, ModelFileView } from '../../contract.gen';
import { Asked, Message, Muted } from '../../ui/controls';
import { bytesText, oneLine, printable } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { TableSection } from '../run/section';
import type { ModelState, Scene } from './state';

const SHOWN = 50;

export function Files({ scene, state }: { scene: Scene; state: ModelState }): JSX.Element {
  const { host, t } = scene;
  const { id, name, version, files, count } = state.view;
  const draw = (contents: ModelContentsView): JSX.Element => (
    <div class="aml-model-files">
      {contents.problem && <Message tone="aml-bad">{printable(contents.problem)}</Message>}
      <List t={t} files={files} contents={contents.files} />
      {count > files.length && <Muted>{t('The first %1 of %2 files.', files.length, count)}</Muted>}
    </div>
  );
  return files.length === 0 ? (
    <Muted>{t('This version keeps no files.')}</Muted>
  ) : (
    <Asked
      t={t}
      of={id}
      ask={() => host.ask('model_contents', { model: name, version })}
      draw={draw}
    />
  );
}

function List(props: {
  t: Translate;
  files: readonly ModelFileView[];
  contents: readonly ModelContentView[];
}): JSX.Element {
  const { t, files, contents } = props;
  const byName = new Map(contents.map(content => [content.name, content]));
  return (
    <TableSection
      t={t}
      title={t('Files')}
      heads={[t('Name'), t('Size'), t('SHA-256')]}
      items={files}
      limit={SHOWN}
      row={file => (
        <tr key={file.name}>
          <th scope="row">
            {oneLine(file.name)}
            <Content t={t} content={byName.get(file.name)} />
          </th>
          <td class="aml-number">{bytesText(file.size)}</td>
          <td class="aml-mono">{oneLine(file.digest)}</td>
        </tr>
      )}
    />
  );
}

function Content(props: { t: Translate; content?: ModelContentView }): JSX.Element | null {
  const { t, content } = props;
  if (!content) {
    return null;
  }
  const { kind, facts, imports, risky, notices, problem } = content;
  return (
    <div class="aml-model-content">
      {kind && <p class="aml-muted">{oneLine(kind)}</p>}
      {facts.length > 0 && (
        <dl>
          {facts.map(([label, value], place) => (
            <div key={place}>
              <dt>{oneLine(label)}</dt>
              <dd>{oneLine(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {imports.length > 0 && (
        <p>
          {t('Loading it imports:')} <span class="aml-mono">{oneLine(imports.join(', '))}</span>
        </p>
      )}
      {risky.length > 0 && (
        <Message>{t('Loading it can run anything: %1', oneLine(risky.join(', ')))}</Message>
      )}
      {notices.map(notice => (
        <Message key={notice}>{printable(notice)}</Message>
      ))}
      {problem && <Message tone="aml-bad">{printable(problem)}</Message>}
    </div>
  );
}
