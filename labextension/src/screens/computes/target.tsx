// One compute target: its state and nodes, what can be done with it, and its runs.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ComputeView } from '../../contract.gen';
import { Button, LongText, Message, Status } from '../../ui/controls';
import { oneLine, secondsText } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { Jobs } from './jobs';
import { ScaleForm } from './scale';
import { canAct, change, type ComputesState, type Scene } from './state';

const LOCAL = 'local';
/** Nodes that are drawn; of more the numbers say enough. */
const MOST_DRAWN = 48;

type Open = 'none' | 'scale' | 'delete';

export interface TargetProps {
  readonly scene: Scene;
  readonly state: ComputesState;
  readonly row: ComputeView;
}

export function Target(props: TargetProps): JSX.Element {
  const { scene, state, row } = props;
  const { t } = scene.host;
  const [open, setOpen] = useState<Open>('none');
  const problem = state.problem?.compute === row.name ? state.problem.text : '';
  return (
    <section class="aml-compute" aria-label={t('Compute %1', oneLine(row.name))}>
      <div class="aml-compute-line">
        <Status status={row.state} />
        <h3 class="aml-compute-name" dir="auto">
          {oneLine(row.name)}
        </h3>
        <span class="aml-muted">
          {[row.kind, oneLine(row.vm_size)].filter(Boolean).join(' · ')}
        </span>
        <Actions {...props} open={open} choose={setOpen} />
      </div>
      {row.description && (
        <p class="aml-compute-text">
          <LongText t={t} text={row.description} />
        </p>
      )}
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
      {open === 'scale' && <ScaleForm scene={scene} row={row} close={() => setOpen('none')} />}
      {row.missing ? (
        <p class="aml-muted">
          {t('Its configuration is kept. A run would need %1.', oneLine(row.missing))}
        </p>
      ) : (
        <>
          <Nodes t={t} row={row} />
          <Jobs {...props} />
        </>
      )}
    </section>
  );
}

/** Each node as a box: it works, it waits, or it can come; and the same in words. */
function Nodes({ t, row }: { t: Translate; row: ComputeView }): JSX.Element {
  const { current, busy, max_nodes, waiting, idle_seconds } = row;
  const all = Math.max(current, max_nodes);
  const words = [
    t('%1 of %2 nodes work', busy, all),
    current > busy && t('%1 idle', current - busy),
    waiting > 0 && t('%1 in the queue', waiting)
  ].filter(Boolean);
  const kept =
    row.min_nodes < row.max_nodes && t('idle nodes go after %1', secondsText(idle_seconds));
  return (
    <div class="aml-compute-line">
      {all <= MOST_DRAWN && (
        <span class="aml-compute-nodes" aria-hidden="true">
          {Array.from({ length: all }, (_, place) => (
            <span
              key={place}
              class={`aml-compute-node ${place < busy ? 'aml-busy' : place < current ? 'aml-idle' : ''}`}
            />
          ))}
        </span>
      )}
      <span>{words.join(', ')}</span>
      {row.allocation === 'Resizing' && <span class="aml-muted">{t('nodes are coming')}</span>}
      {kept && <span class="aml-muted">{kept}</span>}
    </div>
  );
}

/** Buttons; what cannot be undone is asked for once more, in its place. */
function Actions(
  props: TargetProps & { open: Open; choose(open: Open): void }
): JSX.Element | null {
  const { scene, state, row, open, choose } = props;
  const { t } = scene.host;
  if (row.name === LOCAL || !canAct(state)) {
    return null;
  }
  const run = (verb: 'start' | 'stop' | 'delete'): void => {
    choose('none');
    void change(scene, row.name, verb);
  };
  if (open === 'delete') {
    return (
      <span class="aml-compute-actions" role="group" aria-label={t('Delete')}>
        <span>{t('Delete %1? Its ended runs stay.', oneLine(row.name))}</span>
        <Button class="aml-compute-danger" click={() => run('delete')}>
          {t('Delete')}
        </Button>
        <Button click={() => choose('none')}>{t('Keep')}</Button>
      </span>
    );
  }
  return (
    <span class="aml-compute-actions">
      {row.kind === 'AmlCompute' && (
        <Button
          aria-expanded={open === 'scale'}
          click={() => choose(open === 'scale' ? 'none' : 'scale')}
        >
          {t('Scale')}
        </Button>
      )}
      {row.kind === 'ComputeInstance' && (
        <Button click={() => run(row.state === 'Stopped' ? 'start' : 'stop')}>
          {row.state === 'Stopped' ? t('Start') : t('Stop')}
        </Button>
      )}
      <Button click={() => choose('delete')}>{t('Delete')}</Button>
    </span>
  );
}
