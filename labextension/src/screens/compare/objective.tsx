// The metric that matters, and which way is better: for all parts of the comparison.
import type { JSX } from 'preact';
import { Picker } from '../../ui/controls';
import { toNumber } from '../../ui/format';
import { metricsOf, objectiveOf } from './state';
import type { Goal, Scene } from './state';

export function Objective({ scene }: { scene: Scene }): JSX.Element | null {
  const { t, store } = scene;
  const found = objectiveOf(store.state);
  if (!found) {
    return null;
  }
  const metrics = metricsOf(store.state).filter(({ values }) =>
    values.some(value => isFinite(toNumber(value)))
  );
  return (
    <div class="aml-toolbar aml-objective">
      <Picker
        label={t('Objective')}
        options={metrics.map(({ name }) => [name, name] as const)}
        value={found.name}
        change={objective => scene.change({ objective })}
      />
      <GoalPicker scene={scene} metric={found.name} label={t('Goal')} none={t('not known')} />
    </div>
  );
}

/** Which way of a metric is better. */
export function GoalPicker(props: {
  scene: Scene;
  metric: string;
  label: string;
  none: string;
}): JSX.Element {
  const { scene, metric, label, none } = props;
  const { t, store } = scene;
  const way = metricsOf(store.state).find(({ name }) => name === metric)?.direction ?? 'none';
  return (
    <Picker
      label={label}
      options={[
        ['none', none],
        ['higher', t('higher is better')],
        ['lower', t('lower is better')]
      ]}
      value={way}
      change={value => scene.change({ goals: { ...store.state.goals, [metric]: value as Goal } })}
    />
  );
}
