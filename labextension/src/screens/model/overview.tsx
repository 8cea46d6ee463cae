// Where the model comes from, what its run measured, and what else is known of it.
import type { JSX } from 'preact';
import type { JsonScalar } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { oneLine, valueText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { TableSection } from '../run/section';
import { Lineage } from './lineage';
import type { ModelState, Scene } from './state';

const SHOWN = 40;

export function Overview({ scene, state }: { scene: Scene; state: ModelState }): JSX.Element {
  const { t } = scene;
  const { lineage, run, properties } = state.view;
  return (
    <>
      <Part t={t}>
        <Lineage scene={scene} lineage={lineage} />
      </Part>
      <div class="aml-model-values">
        <Values t={t} title={t('Metrics of the run')} values={run?.metrics ?? {}} />
        <Values t={t} title={t('Parameters of the run')} values={run?.params ?? {}} />
        <Values t={t} title={t('Properties')} values={properties} />
      </div>
    </>
  );
}

function Values(props: {
  t: Translate;
  title: string;
  values: Readonly<Record<string, JsonScalar>>;
}): JSX.Element {
  const { t, title, values } = props;
  return (
    <TableSection
      t={t}
      title={title}
      heads={[t('Name'), t('Value')]}
      isPlain
      items={Object.entries(values)}
      limit={SHOWN}
      row={([name, value]) => (
        <tr key={name}>
          <th scope="row">{oneLine(name)}</th>
          <td class="aml-number">{oneLine(valueText(value))}</td>
        </tr>
      )}
    />
  );
}
