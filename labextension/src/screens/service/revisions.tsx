// The revisions of a service: what each changed, and the way back to one.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RevisionView } from '../../contract.gen';
import { Button, Limited, Muted } from '../../ui/controls';
import { momentText, oneLine } from '../../ui/format';
import { Question } from '../../ui/question';
import { rollBack } from './manage';
import type { PartProps, Scene } from './state';
import { modelsText } from './words';

const SHOWN = 20;

export function Revisions({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { view, busy, link } = state;
  return view.revisions.length === 0 ? (
    <Muted>{t('Nothing was deployed yet.')}</Muted>
  ) : (
    <Limited
      t={t}
      items={view.revisions}
      limit={SHOWN}
      draw={(shown, more) => (
        <>
          <ol class="aml-service-revisions">
            {shown.map(one => (
              <Revision
                key={one.number}
                {...{ scene, one }}
                isNewest={one.number === view.revision}
                isAnswering={one.number === view.answering}
                isDisabled={busy !== '' || link === 'gone'}
              />
            ))}
          </ol>
          {more}
        </>
      )}
    />
  );
}

function Revision(props: {
  scene: Scene;
  one: RevisionView;
  isNewest: boolean;
  isAnswering: boolean;
  isDisabled: boolean;
}): JSX.Element {
  const { scene, one, isNewest, isAnswering, isDisabled } = props;
  const { t } = scene;
  const facts = [
    modelsText(one.models),
    oneLine(one.entry_script),
    oneLine(one.environment),
    t('replicas: %1', one.replicas)
  ];
  return (
    <li>
      <div class="aml-service-line">
        <strong>{t('Revision %1', one.number)}</strong>
        {one.version && <span class="aml-service-tag">{oneLine(one.version)}</span>}
        {isAnswering && <span class="aml-status aml-good">{t('answers')}</span>}
        {isNewest && !isAnswering && <span class="aml-status aml-live">{t('newest')}</span>}
        <span class="aml-muted">
          {[momentText(one.created), oneLine(one.author)].filter(Boolean).join(' · ')}
        </span>
        {!isNewest && <Back {...{ scene, isDisabled }} revision={one.number} />}
      </div>
      <div class="aml-muted">{facts.filter(Boolean).join(' · ')}</div>
      {one.changes.length > 0 && (
        <ul class="aml-service-changes">
          {one.changes.map((line, place) => (
            <li key={place}>{oneLine(line)}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** The way back, which is asked for once more. */
function Back(props: { scene: Scene; revision: number; isDisabled: boolean }): JSX.Element {
  const { scene, revision, isDisabled } = props;
  const { t } = scene;
  const [isAsked, ask] = useState(false);
  const go = (): void => {
    ask(false);
    void rollBack(scene, revision);
  };
  return (
    <span class="aml-service-actions">
      {isAsked ? (
        <Question
          words={t('Run what revision %1 ran?', revision)}
          yes={t('Roll back')}
          no={t('Keep')}
          act={go}
          keep={() => ask(false)}
        />
      ) : (
        <Button
          isDisabled={isDisabled}
          aria-label={t('Roll back to revision %1…', revision)}
          click={() => ask(true)}
        >
          {t('Roll back…')}
        </Button>
      )}
    </span>
  );
}
