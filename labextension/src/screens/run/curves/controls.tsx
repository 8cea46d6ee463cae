// How all curves of a run are drawn: smoothing, axes, and the runs that stand behind.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { GhostView } from '../../../contract.gen';
import { Button, Checkbox, Picker } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { metricAxis, metricOf } from './axis';
import type { ChartChoices, Role } from './choices';
import type { Scene } from '../state';

const ROLES: readonly Role[] = ['best', 'previous'];

export function CurveControls(props: {
  scene: Scene;
  choices: ChartChoices;
  /** Metrics that curves can be drawn over. */
  names: readonly string[];
  /** What is said of the runs behind. */
  note: string;
  change: (change: Partial<ChartChoices>) => void;
}): JSX.Element {
  const { scene, choices, names, note, change } = props;
  const { t } = scene;
  const { smoothing, axis, isLogY, ghosts, zoom } = choices;
  const words: Record<Role, string> = { best: t('best'), previous: t('previous') };
  const metric = metricOf(axis);
  const offered = metric === null || names.includes(metric) ? names : [...names, metric];
  return (
    <div class="aml-run-controls" role="group" aria-label={t('How curves are drawn')}>
      <Smoothing t={t} weight={smoothing} change={weight => change({ smoothing: weight })} />
      <Picker
        label={t('x')}
        options={[
          ['step', t('step')],
          ['time', t('time')],
          ...offered.map(name => [metricAxis(name), name] as const)
        ]}
        value={axis}
        change={value => change({ axis: value, zoom: null })}
      />
      <Checkbox isOn={isLogY} change={isOn => change({ isLogY: isOn })}>
        {t('log y')}
      </Checkbox>
      <span class="aml-run-ghosts" role="group" aria-label={t('Compare with')}>
        {t('compare with')}
        {ROLES.map(role => (
          <Checkbox
            key={role}
            isOn={ghosts.includes(role)}
            change={isOn =>
              change({ ghosts: ROLES.filter(one => (one === role ? isOn : ghosts.includes(one))) })
            }
          >
            {words[role]}
          </Checkbox>
        ))}
        <span class="aml-muted" role="status">
          {note}
        </span>
      </span>
      {zoom && <Button click={() => change({ zoom: null })}>{t('Reset zoom')}</Button>}
    </div>
  );
}

export function Smoothing(props: {
  t: Translate;
  weight: number;
  change: (weight: number) => void;
}): JSX.Element {
  const { t, weight, change } = props;
  return (
    <label>
      {t('smoothing')}
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={weight}
        onInput={event => change(Number(event.currentTarget.value))}
      />
      <output class="aml-muted">{weight}</output>
    </label>
  );
}

const NONE: readonly GhostView[] = [];

/** The runs that are drawn behind, and what is said where they are not there. */
export function useGhosts(
  scene: Scene,
  roles: readonly Role[]
): { ghosts: readonly GhostView[]; note: string } {
  const { t, run } = scene;
  const [all, setAll] = useState<readonly GhostView[] | null>(null);
  const [problem, setProblem] = useState('');
  const isWanted = roles.length > 0;
  useEffect(() => {
    if (!isWanted) {
      return;
    }
    let isVoid = false;
    scene.once('ghosts', { run }).then(
      ghosts => {
        if (!isVoid) {
          setAll(ghosts);
          setProblem('');
        }
      },
      (error: unknown) =>
        isVoid || setProblem(t('The other runs cannot be read: %1', printable(wordsOf(error))))
    );
    return () => {
      isVoid = true;
    };
  }, [roles]);
  if (!isWanted || all === null) {
    return { ghosts: NONE, note: isWanted ? problem : '' };
  }
  const missing = roles.filter(role => !all.some(ghost => ghost.role === role));
  const words: Record<Role, string> = { best: t('best'), previous: t('previous') };
  return {
    ghosts: all.filter(ghost => roles.includes(ghost.role)),
    note: missing.length
      ? t('there is no such run: %1', missing.map(role => words[role]).join(', '))
      : ''
  };
}
