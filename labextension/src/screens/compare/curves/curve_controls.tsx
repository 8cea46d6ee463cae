// How the curves of a comparison are drawn.
import type { JSX } from 'preact';
import { Checkbox, Picker } from '../../../ui/controls';
import { groupsOf } from './curves';
import { Baseline } from '../difference';
import type { CurveSettings, Scene } from '../state';

export function CurveControls({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { curves, view } = store.state;
  const change = (part: Partial<CurveSettings>): void =>
    scene.change({ curves: { ...curves, ...part } });
  const isGrouped = curves.by !== '';
  const experiments = new Set(view.runs.map(({ experiment }) => experiment));
  return (
    <div class="aml-toolbar">
      <Picker
        label={t('x axis')}
        options={[
          ['step', t('step')],
          ['time', t('time')]
        ]}
        value={curves.x}
        change={x => change({ x: x as CurveSettings['x'] })}
      />
      <Smoothing scene={scene} />
      <Checkbox isOn={curves.isLog} change={isLog => change({ isLog })}>
        {t('log y')}
      </Checkbox>
      <Picker
        label={t('Group by')}
        options={[
          ['', t('nothing')],
          ['all', t('all runs')],
          ...(experiments.size > 1 ? [['experiment', t('experiment')] as const] : []),
          ...groupsOf(view)
        ]}
        value={curves.by}
        change={by => change({ by })}
      />
      {isGrouped ? (
        <Picker
          label={t('Band')}
          options={[
            ['deviation', t('mean ± standard deviation')],
            ['range', t('lowest to highest')]
          ]}
          value={curves.spread}
          change={spread => change({ spread: spread as CurveSettings['spread'] })}
        />
      ) : (
        <Baseline scene={scene} />
      )}
    </div>
  );
}

function Smoothing({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { curves } = store.state;
  return (
    <label>
      {t('smoothing')}
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={curves.smoothing}
        onInput={event =>
          scene.change({ curves: { ...curves, smoothing: Number(event.currentTarget.value) } })
        }
      />
      <output class="aml-muted">{curves.smoothing}</output>
    </label>
  );
}
