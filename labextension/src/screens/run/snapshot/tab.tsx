// What the run was made of: code, the cells before it, git, packages; warnings first.
import type { JSX } from 'preact';
import type { SnapshotView } from '../../../contract.gen';
import { Asked, Fold, Message, Muted } from '../../../ui/controls';
import { oneLine, printable } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import type { PanelProps } from '../panel';

export function SnapshotTab({ scene, state }: PanelProps): JSX.Element {
  const { run, t } = scene;
  return (
    <div>
      {state.view.warnings.map(warning => (
        <Message key={warning}>{`△ ${oneLine(warning)}`}</Message>
      ))}
      <Asked
        t={t}
        of={run}
        ask={() => scene.once('snapshot', { run })}
        draw={snapshot => <Parts t={t} snapshot={snapshot} />}
      />
    </div>
  );
}

function Parts({ t, snapshot }: { t: Translate; snapshot: SnapshotView }): JSX.Element {
  if (snapshot.parts.length === 0) {
    return <Muted>{t('There is no snapshot of this run.')}</Muted>;
  }
  return (
    <>
      {snapshot.parts.map(({ name, title, text }, place) => (
        <Fold key={name} title={title} isOpen={place === 0}>
          <pre class="aml-mono" tabIndex={0}>
            {printable(text)}
          </pre>
        </Fold>
      ))}
    </>
  );
}
