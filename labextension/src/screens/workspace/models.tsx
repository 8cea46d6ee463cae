// The models of a workspace, which open: below the data, and folded until asked for.
import type { JSX } from 'preact';
import { Button, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { Fold } from './fold';
import type { PartProps } from './lists';
import { placeOf } from './state';

export function Models({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { models, modelsProblem, workspace } = state;
  const place = placeOf(scene, workspace);
  return (
    <Fold
      {...{ scene, state, part: 'isModelsOpen', title: t('Models'), problem: modelsProblem }}
      count={models && models.count}
    >
      {() =>
        models!.rows.length === 0 ? (
          <Muted>{t('There are no models yet.')}</Muted>
        ) : (
          <>
            <ul class="aml-panel-list">
              {models!.rows.slice(0, SHOWN).map(({ name, version, aliases, description }) => (
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
        )
      }
    </Fold>
  );
}

const SHOWN = 100;
