// The runs of a comparison: each with its colour, switched on and off by a click.
import type { JSX } from 'preact';
import { Button, Limited, Muted, Status } from '../../ui/controls';
import { oneLine, secondsText } from '../../ui/format';
import type { ComparedRunView } from '../../contract.gen';
import { RunSwatch, runNames } from './run_name';
import type { Scene } from './state';

/** Runs that all are named, and how many of more before one asks for the others. */
const ALL = 20;
const OF_MANY = 6;

export function Chips({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { runs, more = 0 } = store.state.view;
  const places = runs.map((_, place) => place);
  return (
    <>
      {more > 0 && (
        <Muted>
          {t('The first %1 of %2 runs that meet the query.', runs.length, runs.length + more)}
        </Muted>
      )}
      <Limited
        t={t}
        items={places}
        limit={runs.length > ALL ? OF_MANY : ALL}
        draw={(shown, button) => (
          <>
            <ul class="aml-chips" aria-label={t('Runs')}>
              {shown.map(place => (
                <Chip key={runs[place]!.id} scene={scene} run={runs[place]!} place={place} />
              ))}
            </ul>
            {button}
          </>
        )}
      />
    </>
  );
}

function Chip(props: { scene: Scene; run: ComparedRunView; place: number }): JSX.Element {
  const { scene, run, place } = props;
  const { t, store } = scene;
  const { hidden, view } = store.state;
  const name = runNames(view)[place]!;
  const toggle = (): void => {
    const now = new Set(hidden);
    if (!now.delete(run.id)) {
      now.add(run.id);
    }
    scene.change({ hidden: now });
  };
  return (
    <li>
      <Button
        class="aml-chip"
        title={oneLine(`${run.experiment} ${run.short_id}`)}
        aria-pressed={!hidden.has(run.id)}
        click={toggle}
      >
        <span>
          <RunSwatch place={place} />
        </span>
        <span>{name}</span>
      </Button>
      <span class="aml-muted">
        <Status status={run.status} /> {secondsText(run.elapsed)}
      </span>
      <Button class="aml-open-run" aria-label={t('Open %1', name)} click={() => scene.open(run)}>
        ↗
      </Button>
    </li>
  );
}
