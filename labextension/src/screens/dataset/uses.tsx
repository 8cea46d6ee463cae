// The runs that read or wrote this version.
import type { JSX } from 'preact';
import type { DatasetUseView } from '../../contract.gen';
import { Button, Limited, Muted, Status } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import type { Host } from '../../ui/host';

const SHOWN = 50;

export function Uses(props: { host: Host; uses: readonly DatasetUseView[] }): JSX.Element {
  const { host, uses } = props;
  const { t } = host;
  if (uses.length === 0) {
    return <Muted>{t('No run has used this version yet.')}</Muted>;
  }
  const heads = [t('Run'), t('Experiment'), t('Status'), t('Role'), t('Name in the run')];
  return (
    <Limited
      t={t}
      items={uses}
      limit={SHOWN}
      draw={(shown, more) => (
        <div>
          <div class="aml-data-uses" tabIndex={0} role="region" aria-label={t('Runs')}>
            <table class="aml-run-table">
              <thead>
                <tr>
                  {heads.map(head => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map(use => (
                  <Use key={JSON.stringify([use.run, use.role, use.name])} host={host} use={use} />
                ))}
              </tbody>
            </table>
          </div>
          {more}
        </div>
      )}
    />
  );
}

function Use({ host, use }: { host: Host; use: DatasetUseView }): JSX.Element {
  const { t } = host;
  const words = `#${use.number} ${oneLine(use.run_name)}`;
  const role =
    use.role === 'input' ? t('read it') : use.role === 'output' ? t('wrote it') : oneLine(use.role);
  return (
    <tr>
      <th scope="row">
        {host.open ? (
          <Button
            class="aml-run-name-button"
            click={() => host.open?.({ kind: 'run', run: use.run })}
          >
            {words}
          </Button>
        ) : (
          words
        )}
      </th>
      <td>{oneLine(use.experiment)}</td>
      <td>
        <Status status={use.status} />
      </td>
      <td>{role}</td>
      <td>{oneLine(use.name)}</td>
    </tr>
  );
}
