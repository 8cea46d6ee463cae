// The limits of a cluster, to be changed.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ComputeView } from '../../contract.gen';
import { EditForm } from '../../ui/form';
import { oneLine } from '../../ui/format';
import { rescale, type Scene } from './state';

export function ScaleForm(props: { scene: Scene; row: ComputeView; close(): void }): JSX.Element {
  const { scene, row, close } = props;
  const { t } = scene.host;
  const [min_nodes, setMin] = useState(row.min_nodes);
  const [max_nodes, setMax] = useState(row.max_nodes);
  const [idle_seconds, setIdle] = useState(row.idle_seconds);
  return (
    <EditForm
      t={t}
      label={t('Scale %1', oneLine(row.name))}
      save={() => rescale(scene, row.name, { min_nodes, max_nodes, idle_seconds })}
      close={close}
    >
      <Count label={t('Nodes that stay')} least={0} value={min_nodes} change={setMin} />
      <Count label={t('Nodes at most')} least={1} value={max_nodes} change={setMax} />
      <Count label={t('Idle seconds')} least={0} value={idle_seconds} change={setIdle} />
    </EditForm>
  );
}

function Count(props: {
  label: string;
  least: number;
  value: number;
  change(value: number): void;
}): JSX.Element {
  const { label, least, value, change } = props;
  return (
    <label>
      {label}
      <input
        type="number"
        min={least}
        step={1}
        required
        value={value}
        onInput={({ currentTarget: { valueAsNumber } }) =>
          Number.isSafeInteger(valueAsNumber) && change(valueAsNumber)
        }
      />
    </label>
  );
}
