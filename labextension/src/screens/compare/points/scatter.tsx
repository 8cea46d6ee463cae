// Runs as points over two of their values, with the line of the best so far.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Muted, Picker } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import { fieldsOf, NUMBER, STARTED } from '../field';
import type { Field } from '../field';
import { GoalPicker } from '../objective';
import { Points } from './points';
import { metricsOf, objectiveOf } from '../state';
import type { Direction, Scene } from '../state';

export function Scatter({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { view, scatter } = store.state;
  const fields = useMemo(() => fieldsOf(view, scene), [view]);
  const named = (key: string): Field | undefined => fields.find(field => field.key === key);
  const x = named(scatter.x) ?? fields[0];
  const y =
    named(scatter.y) ??
    named(`metrics.${objectiveOf(store.state)?.name}`) ??
    fields.find(({ key }) => key.startsWith('metrics.')) ??
    fields.at(-1);
  if (!x || !y) {
    return <Muted>{scene.words.noNumbers}</Muted>;
  }
  const options = fields.map(({ key, name }) => [key, name] as const);
  const metric = metricNamed(scene, y);
  const hasLine = isInTime(x) && metric !== null;
  return (
    <>
      <div class="aml-toolbar">
        <Picker
          label={t('x axis')}
          options={options}
          value={x.key}
          change={key => scene.change({ scatter: { ...scatter, x: key } })}
        />
        <Picker
          label={t('y axis')}
          options={options}
          value={y.key}
          change={key => scene.change({ scatter: { ...scatter, y: key } })}
        />
        {hasLine && (
          <GoalPicker scene={scene} metric={metric} label={t('Best so far')} none={t('no line')} />
        )}
      </div>
      <Points scene={scene} x={x} y={y} way={hasLine ? wayOf(scene, metric) : null} />
    </>
  );
}

/** How the best value of the objective grew from run to run. */
export function BestSoFar({ scene }: { scene: Scene }): JSX.Element {
  const { t, store } = scene;
  const { view } = store.state;
  const fields = useMemo(() => fieldsOf(view, scene), [view]);
  const objective = objectiveOf(store.state);
  const y = fields.find(({ key }) => key === `metrics.${objective?.name}`);
  // an output of an earlier version does not say when runs started
  const x = fields.find(({ key }) => key === STARTED) ?? fields.find(({ key }) => key === NUMBER);
  if (!x || !y || !objective) {
    return <Muted>{scene.words.noMetric}</Muted>;
  }
  return (
    <>
      {objective.direction === null && (
        <Muted>
          {t(
            'Say above which way of %1 is better: then the line of the best so far is drawn.',
            oneLine(objective.name)
          )}
        </Muted>
      )}
      <Points scene={scene} x={x} y={y} way={objective.direction} />
    </>
  );
}

function isInTime({ key }: Field): boolean {
  return key === NUMBER || key === STARTED;
}

/** The metric that a field is of, where it holds numbers. */
function metricNamed(scene: Scene, { key, words }: Field): string | null {
  const metric = metricsOf(scene.store.state).find(({ name }) => `metrics.${name}` === key);
  return words ? null : (metric?.name ?? null);
}

function wayOf(scene: Scene, metric: string): Direction | null {
  return metricsOf(scene.store.state).find(({ name }) => name === metric)?.direction ?? null;
}
