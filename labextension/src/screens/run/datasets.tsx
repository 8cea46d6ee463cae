// What a run read and wrote.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { RunDatasetView } from '../../contract.gen';
import { Button } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Scene } from './state';
import { TableSection } from './section';

const SHOWN = 10;

/** An output of an earlier version knows no datasets. */
export function Datasets(props: { scene: Scene; datasets?: RunDatasetView[] }): JSX.Element {
  const { scene, datasets = [] } = props;
  const { t } = scene;
  return useMemo(
    () => (
      <TableSection
        t={t}
        title={t('Data')}
        heads={[t('Dataset'), t('Use'), t('Mechanism')]}
        isPlain
        items={datasets}
        limit={SHOWN}
        row={used => (
          <tr key={JSON.stringify(used)}>
            <th scope="row">
              <Name scene={scene} used={used} />
            </th>
            <td>
              {used.role === 'output'
                ? t('output %1', oneLine(used.label))
                : t('input %1', oneLine(used.label))}
            </td>
            <td>{oneLine(used.mechanism.toLowerCase())}</td>
          </tr>
        )}
      />
    ),
    [props.datasets]
  );
}

function Name({ scene, used }: { scene: Scene; used: RunDatasetView }): JSX.Element {
  const { host, t } = scene;
  const { id, name, version } = used;
  const words = name === null ? id.slice(0, 8) : t('%1, version %2', oneLine(name), version);
  const subject = {
    kind: 'dataset',
    dataset: name ?? id,
    version: name === null ? undefined : version
  };
  return host.open ? (
    <Button class="aml-run-name-button" click={() => host.open?.(subject)}>
      {words}
    </Button>
  ) : (
    <>{words}</>
  );
}
