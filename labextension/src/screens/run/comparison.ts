// What differs from another run: the one before it, or any that is named.
import { div, element } from '../../ui/element';
import type { DiffView } from '../../contract.gen';
import { asked } from './asked';
import { button, muted } from '../../ui/control';
import { diffElement } from './diff';
import type { Part } from './part';
import type { Scene } from './scene';

export function comparison(scene: Scene): Part {
  const { host, run, t } = scene;
  const place = div();
  const input = element('input', {
    type: 'text',
    placeholder: t('previous run'),
    'aria-label': t('Id of the other run'),
    spellcheck: 'false'
  });
  const otherRun = async (): Promise<string | undefined> =>
    input.value.trim() || (await scene.ghosts()).find(ghost => ghost.role === 'previous')?.run.id;
  const ask = async (): Promise<DiffView | null> => {
    const other = await otherRun();
    return other === undefined ? null : host.ask('diff', { run: other, other: run });
  };
  const draw = (diff: DiffView | null): HTMLElement =>
    diff
      ? diffElement(diff, t)
      : muted(t('No run came before this one in its experiment: give the id of another.'));
  const compare = (): void => void asked(place, t, ask, draw);
  const beside = async (): Promise<void> => {
    const other = await otherRun().catch(() => undefined);
    if (other !== undefined) {
      host.open?.({ kind: 'compare', runs: [run, other] });
    }
  };
  const form = element(
    'form',
    { class: 'aml-run-controls' },
    [
      element('label', {}, [t('compare with'), input]),
      element('button', { type: 'submit' }, [t('Compare')]),
      host.open && button(t('Beside each other'), () => void beside())
    ],
    {
      submit: event => {
        event.preventDefault();
        compare();
      }
    }
  );
  compare();
  return { node: div('', form, place), show: () => undefined };
}
