// The child runs of a run.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ChildView } from '../../contract.gen';
import { Button, Status } from '../../ui/controls';
import { oneLine, secondsText } from '../../ui/format';
import type { Scene } from './state';
import { TableSection } from './section';

const SHOWN = 10;

export function Children({ scene, items }: { scene: Scene; items: ChildView[] }): JSX.Element {
  const { host, t } = scene;
  return useMemo(
    () => (
      <TableSection
        {...{ t, items }}
        title={t('Child runs')}
        heading={t('Child runs (%1)', items.length)}
        heads={[t('Run'), t('Status'), t('Time')]}
        isPlain
        limit={SHOWN}
        row={({ id, number, name, status, elapsed }) => {
          const words = `${number} · ${oneLine(name)}`;
          return (
            <tr key={id}>
              <th scope="row">
                {host.open ? (
                  <Button
                    class="aml-run-name-button"
                    click={() => host.open?.({ kind: 'run', run: id })}
                  >
                    {words}
                  </Button>
                ) : (
                  words
                )}
              </th>
              <td>
                <Status status={status} />
              </td>
              <td class="aml-number">{secondsText(elapsed)}</td>
            </tr>
          );
        }}
      />
    ),
    [items]
  );
}
