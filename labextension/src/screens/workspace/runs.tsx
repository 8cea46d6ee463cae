// The runs of the chosen experiment: the screen of a table, in the panel.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { oneLine } from '../../ui/format';
import type { PartProps } from './lists';
import { chosenExperiment, placeOf } from './state';

export function Runs({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const { workspace, experiments } = state;
  if (workspace === null || experiments === null || experiments.length === 0) {
    return null;
  }
  const experiment = chosenExperiment(state);
  return (
    <section class="aml-panel-runs" aria-label={t('Runs')}>
      <h3>{experiment ? t('Runs of %1', oneLine(experiment)) : t('All runs')}</h3>
      <Table key={JSON.stringify([workspace, experiment])} {...{ scene, workspace, experiment }} />
    </section>
  );
}

function Table(props: {
  scene: PartProps['scene'];
  workspace: string;
  experiment: string;
}): JSX.Element {
  const { scene, workspace, experiment } = props;
  const node = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const query = experiment ? { experiment } : {};
    const screen = placeOf(scene, workspace)?.embed(node.current!, { kind: 'runs', query });
    return () => screen?.dispose();
  }, []);
  return <div class="aml-panel-table" ref={node} />;
}
