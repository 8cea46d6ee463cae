// The steps as a graph, and beside it the one that was chosen.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Part } from '../../ui/boundary';
import { useNow } from '../../ui/clock';
import { Muted } from '../../ui/controls';
import { Graph } from '../../ui/graph';
import { Chosen } from './chosen';
import { openRun, type PipelineProps } from './state';
import { edgesOf, isGoingOn } from './steps';

const NONE: ReadonlySet<string> = new Set();

export function Flow({ scene, state }: PipelineProps): JSX.Element {
  const { host, nodes } = scene;
  const { t } = host;
  const { view, chosen, link } = state;
  const now = useNow(link === 'live' && view.steps.some(isGoingOn), 1_000);
  const edges = useMemo(() => edgesOf(view.edges), [view.edges]);
  const selected = useMemo(() => (chosen === null ? NONE : new Set([chosen])), [chosen]);
  const step = view.steps.find(({ id }) => id === chosen);
  const look = (id: string | null): void => {
    const found = view.steps.find(one => one.id === id);
    scene.choose({ chosen: id });
    host.look?.(found ? { kind: 'run', run: found.run } : null);
  };
  if (view.steps.length === 0) {
    return <Muted>{t('The pipeline has no steps.')}</Muted>;
  }
  return (
    <div class="aml-pipeline-flow">
      <div>
        <Graph
          {...{ t, edges, selected }}
          label={t('Steps; arrows lead along the edges, Enter opens the run of a step')}
          nodes={nodes.nodesOf(view.steps, now, t)}
          onSelect={look}
          onOpen={id => {
            const found = view.steps.find(one => one.id === id);
            if (found) {
              openRun(scene, found);
            }
          }}
        />
        {view.more > 0 && <Muted>{t('and %1 more steps', view.more)}</Muted>}
      </div>
      <Part t={t}>
        {step ? (
          <Chosen key={step.id} {...{ scene, state, step }} />
        ) : (
          <Muted>{t('Choose a step to see its log, and why it was reused or not.')}</Muted>
        )}
      </Part>
    </div>
  );
}
