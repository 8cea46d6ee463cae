// The models of a workspace, which open: below the data, and folded until asked for.
import type { JSX } from 'preact';
import { Button, Message, Muted } from '../../ui/controls';
import { numberText, oneLine } from '../../ui/format';
import type { PartProps } from './lists';
import { placeOf } from './state';

export function Models({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const { models, modelsProblem, kept, workspace } = state;
  if (models === null && modelsProblem === null) {
    return null;
  }
  const isOpen = kept.isModelsOpen || modelsProblem !== null;
  const place = placeOf(scene, workspace);
  return (
    <section class="aml-panel-data" aria-label={t('Models')}>
      <h3>
        <Button
          class="aml-panel-fold"
          aria-expanded={isOpen}
          click={() => scene.keep({ isModelsOpen: !isOpen })}
        >
          {`${isOpen ? '▾' : '▸'} ${t('Models')}`}
          {models && <span class="aml-muted">{` ${numberText(models.count)}`}</span>}
        </Button>
      </h3>
      {modelsProblem !== null && (
        <Message tone="aml-bad" role="status">
          {oneLine(modelsProblem)}
        </Message>
      )}
      {isOpen && models && (
        <div class="aml-panel-scroll">
          {models.rows.length === 0 ? (
            <Muted>{t('There are no models yet.')}</Muted>
          ) : (
            <>
              <ul class="aml-panel-list">
                {models.rows.slice(0, SHOWN).map(({ name, version, aliases, description }) => (
                  <li key={name}>
                    <Button
                      class="aml-panel-item"
                      title={oneLine(`${name} · ${description || t('version %1', version)}`)}
                      click={() => place?.open?.({ kind: 'model', model: name })}
                    >
                      <span class="aml-panel-name">{oneLine(name)}</span>
                      <span class="aml-muted">{t('v%1', version)}</span>
                      <span class="aml-panel-aside aml-muted">{oneLine(aliases.join(', '))}</span>
                    </Button>
                  </li>
                ))}
              </ul>
              <Button class="aml-more" click={() => place?.open?.({ kind: 'models' })}>
                {t('Open the table of models')}
              </Button>
            </>
          )}
        </div>
      )}
    </section>
  );
}

const SHOWN = 100;
