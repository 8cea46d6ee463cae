// The web services of a workspace, which open, stop and start: below the models, and folded until asked for.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ServiceRowView } from '../../contract.gen';
import { Button, Message, Muted } from '../../ui/controls';
import { numberText, oneLine, wordsOf } from '../../ui/format';
import type { Host } from '../../ui/host';
import { Question } from '../../ui/question';
import { canStart, type Verb } from '../service/manage';
import { Fold, isUnfolded } from './fold';
import { StatusSign, type PartProps } from './lists';
import { placeOf } from './state';

const SHOWN = 100;

export function Services({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { services, servicesProblem, workspace } = state;
  const isKnown = services !== null || servicesProblem !== null;
  const isOpen = isUnfolded(state, 'isServicesOpen', servicesProblem);
  const place = placeOf(scene, workspace);
  useFollowed(scene, isOpen && isKnown ? workspace : null);
  return (
    <Fold
      {...{ scene, state, part: 'isServicesOpen', title: t('Services'), problem: servicesProblem }}
      count={services && services.rows.length}
    >
      {() =>
        services!.rows.length === 0 ? (
          <Muted>{t('There are no services yet.')}</Muted>
        ) : (
          <>
            <ul class="aml-panel-list">
              {services!.rows.slice(0, SHOWN).map(row => (
                <li key={row.name}>
                  <Service row={row} place={place} />
                </li>
              ))}
            </ul>
            <Button class="aml-more" click={() => place?.open?.({ kind: 'services' })}>
              {t('Open the table of services')}
            </Button>
          </>
        )
      }
    </Fold>
  );
}

/** Follow the services of a workspace while they are shown: a state changes without anybody's doing. */
function useFollowed(scene: PartProps['scene'], workspace: string | null): void {
  useEffect(() => {
    const subscription = placeOf(scene, workspace)?.follow('services', {}, null, {
      event: ({ view }) => scene.choose({ services: view, servicesProblem: null }),
      link: () => undefined // the panel says by itself that it is detached
    });
    return () => subscription?.stop();
  }, [workspace]);
}

function Service({ row, place }: { row: ServiceRowView; place: Host | null }): JSX.Element | null {
  const [isAsked, ask] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (place === null) {
    return null;
  }
  const { t } = place;
  const name = oneLine(row.name);
  const isDown = canStart(row.state, row.replicas);
  const run = async (verb: Verb): Promise<void> => {
    ask(false);
    setBusy(true);
    try {
      await place.ask(`service_${verb}`, { service: row.name });
      setProblem('');
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <div class="aml-panel-service">
        <Item row={row} place={place} />
        {!isAsked && (
          <Button
            isDisabled={isBusy}
            aria-label={isDown ? t('Start %1', name) : t('Stop %1', name)}
            click={() => (isDown ? void run('start') : ask(true))}
          >
            {isDown ? t('Start') : t('Stop…')}
          </Button>
        )}
      </div>
      {isAsked && (
        <Question
          class="aml-panel-question"
          words={t('Nobody answers then.')}
          yes={t('Stop')}
          no={t('Keep')}
          act={() => void run('stop')}
          keep={() => ask(false)}
        />
      )}
      {problem && (
        <Message tone="aml-bad" role="alert">
          {oneLine(problem)}
        </Message>
      )}
    </>
  );
}

function Item({ row, place }: { row: ServiceRowView; place: Host }): JSX.Element {
  const { t } = place;
  return (
    <Button
      class="aml-panel-item"
      title={oneLine([row.name, row.problem || row.description].filter(Boolean).join(' · '))}
      click={() => place.open?.({ kind: 'service', service: row.name })}
    >
      <StatusSign status={row.state} />
      <span class="aml-panel-name">{oneLine(row.name)}</span>
      {row.load.rate > 0 && (
        <span class="aml-muted">{t('%1/s', numberText(row.load.rate, 2))}</span>
      )}
    </Button>
  );
}
