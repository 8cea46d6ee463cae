// What differs from another run: the one before it, or any that is named.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Asked, Button, Muted } from '../../../ui/controls';
import { Diff } from './diff';
import type { PanelProps } from '../panel';

export function Comparison({ scene, state }: PanelProps): JSX.Element {
  const { host, run, store, t } = scene;
  const [asked, setAsked] = useState({ other: state.other.trim(), turn: 0 });
  const idOf = async (other: string): Promise<string | undefined> =>
    other || (await scene.once('ghosts', { run })).find(ghost => ghost.role === 'previous')?.run.id;
  const ask = async (): Promise<Parameters<typeof Diff>[0]['diff'] | null> => {
    const other = await idOf(asked.other);
    return other === undefined ? null : host.ask('diff', { run: other, other: run });
  };
  const beside = async (): Promise<void> => {
    const other = await idOf(store.state.other.trim()).catch(() => undefined);
    if (other !== undefined) {
      host.open?.({ kind: 'compare', runs: [run, other] });
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setAsked({ other: store.state.other.trim(), turn: asked.turn + 1 });
  };
  return (
    <div>
      <form class="aml-run-controls" onSubmit={submit}>
        <label>
          {t('compare with')}
          <input
            type="text"
            placeholder={t('previous run')}
            aria-label={t('Id of the other run')}
            spellcheck={false}
            value={state.other}
            onInput={event => store.set({ other: event.currentTarget.value })}
          />
        </label>
        <button type="submit">{t('Compare')}</button>
        {host.open && <Button click={() => void beside()}>{t('Beside each other')}</Button>}
      </form>
      <Asked
        t={t}
        of={JSON.stringify(asked)}
        ask={ask}
        draw={diff =>
          diff ? (
            <Diff diff={diff} t={t} />
          ) : (
            <Muted>
              {t('No run came before this one in its experiment: give the id of another.')}
            </Muted>
          )
        }
      />
    </div>
  );
}
