// What a service has to do: requests, errors, latency; and who does it.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ReplicaView } from '../../contract.gen';
import { Chart } from '../../ui/chart/chart';
import type { XAxis } from '../../ui/chart/contract';
import { Button, Muted, Picker } from '../../ui/controls';
import { bytesText, momentText, numberText, oneLine } from '../../ui/format';
import { styled } from '../../ui/log/styled';
import { beforeText, curvesOf, SECONDS, totalsOf, type Window } from './load';
import type { PartProps } from './state';
import { latencyText } from './words';

const HEIGHT = 130;
const TAIL = 8;

export function Overview(props: PartProps): JSX.Element {
  return (
    <>
      <Load {...props} />
      <Traffic {...props} />
      <Replicas {...props} />
      <Tail {...props} />
    </>
  );
}

function Load({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { view, window } = state;
  const { load } = view;
  const curves = useMemo(() => curvesOf(load, window, t), [load, window]);
  const { requests, errors, refused } = totalsOf(load);
  const p95 = load.latency.at(-1)?.[1] ?? null;
  const x: XAxis = useMemo(
    () => ({ label: t('time'), text: beforeText, isTime: true, span: [-SECONDS[window], 0] }),
    [window]
  );
  const options = [
    ['5m', t('5 minutes')],
    ['1h', t('1 hour')],
    ['24h', t('24 hours')]
  ] as const;
  return (
    <section aria-label={t('Load')}>
      <div class="aml-service-row">
        <h3>{t('Load')}</h3>
        <span class="aml-muted" role="status">
          {[
            requests === 1 ? t('1 request') : t('%1 requests', numberText(requests)),
            errors === 1 ? t('1 error') : t('%1 errors', numberText(errors)),
            t('%1 refused', numberText(refused))
          ].join(', ')}
        </span>
        <Picker
          label={<span class="aml-hidden">{t('Stretch of time')}</span>}
          options={options}
          value={window}
          change={to => scene.look(to as Window)}
        />
      </div>
      {load.times.length === 0 && <Muted>{t('No requests in this time.')}</Muted>}
      <div class="aml-service-charts">
        <Chart {...{ t, x }} title={t('Requests a second')} curves={curves.rates} height={HEIGHT} />
        <Chart
          {...{ t, x }}
          title={t('Latency in ms')}
          curves={curves.latency}
          height={HEIGHT}
          value={p95 === null ? undefined : t('p95 %1', latencyText(p95))}
        />
      </div>
    </section>
  );
}

/** The versions of an endpoint and their shares; other services have one. */
function Traffic({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const { traffic } = state.view;
  if (traffic.length < 2 && !traffic[0]?.version) {
    return null;
  }
  return (
    <section>
      <h3>{t('Traffic')}</h3>
      <ul class="aml-service-traffic">
        {traffic.map(({ version, percent, revision, is_default, is_control }) => (
          <li key={version}>
            <strong>{oneLine(version)}</strong> {t('%1 %', numberText(percent))}
            <progress value={percent} max={100} aria-label={t('Share of %1', oneLine(version))} />
            <span class="aml-muted">
              {[t('revision %1', revision), is_default && t('default'), is_control && t('control')]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Replicas({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  const { replicas } = state.view;
  const heads = [
    t('Process'),
    t('State'),
    t('Revision'),
    t('Busy'),
    t('Waiting'),
    t('Memory'),
    t('Restarts'),
    t('Since')
  ];
  return (
    <section>
      <h3>{t('Replicas')}</h3>
      {replicas.length === 0 ? (
        <Muted>{t('No process answers.')}</Muted>
      ) : (
        <div class="aml-service-scroll">
          <table class="aml-service-table" aria-label={t('Replicas')}>
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
              {replicas.map(one => (
                <Replica key={one.pid} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const TONES = new Map([
  ['ready', 'aml-good'],
  ['starting', 'aml-live']
]);

function Replica({ one }: { one: ReplicaView }): JSX.Element {
  const { pid, state, revision, version, busy, waiting, memory, restarts, since } = one;
  return (
    <tr>
      <th scope="row">{pid}</th>
      <td class={`aml-status ${TONES.get(state) ?? 'aml-calm'}`}>{oneLine(state)}</td>
      <td>{version ? `${revision} (${oneLine(version)})` : revision}</td>
      <td>{busy}</td>
      <td>{waiting}</td>
      <td>{bytesText(memory)}</td>
      <td>{restarts}</td>
      <td>{momentText(since)}</td>
    </tr>
  );
}

function Tail({ scene, state }: PartProps): JSX.Element | null {
  const { t } = scene;
  const lines = state.view.log_tail.slice(-TAIL);
  const text = useMemo(() => styled(lines.join('\n')), [state.view.log_tail]);
  return lines.length === 0 ? null : (
    <section>
      <div class="aml-service-row">
        <h3>{t('Log')}</h3>
        <Button click={() => scene.choose({ tab: 'log' })}>{t('Open log')}</Button>
      </div>
      <pre
        class="aml-run-tail aml-mono"
        tabIndex={0}
        role="region"
        aria-label={t('The last lines of the log')}
      >
        <span>{text}</span>
      </pre>
    </section>
  );
}
