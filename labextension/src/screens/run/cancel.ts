// Canceling a run: said at once, asked once, and an error told in words.
import { setAttributes, setText } from '../../ui/element';
import { printable } from '../../ui/format';
import type { RunView } from '../../contract.gen';
import { button, message, wordsOf } from '../../ui/control';
import type { Part } from './part';
import type { Scene } from './scene';

/** The button, and the place where an error is told. `rest` takes the focus when the button goes. */
export function cancelButton(scene: Scene, rest: HTMLElement): Part & { problem: HTMLElement } {
  const { host, t, run } = scene;
  const problem = message('', { role: 'alert', hidden: true }, 'aml-bad');
  let isAsked = false;
  const node = button('', () => void cancel(), { class: 'aml-run-cancel' });
  const label = (isCanceling: boolean): void => {
    setText(node, isCanceling ? t('Canceling…') : t('Cancel'));
    setAttributes(node, { 'aria-disabled': isCanceling });
  };
  async function cancel(): Promise<void> {
    isAsked = true;
    label(true);
    problem.hidden = true;
    try {
      const { status, reason } = await host.ask('cancel', { run });
      scene.told(status, reason);
    } catch (error) {
      isAsked = false;
      label(false);
      problem.hidden = false;
      setText(problem, t('The run could not be canceled: %1', printable(wordsOf(error))));
    }
  }
  function show(view: RunView): void {
    const canCancel = !view.is_terminal && !['still', 'gone', 'ended'].includes(scene.link);
    if (!canCancel && node.matches(':focus')) {
      rest.focus();
    }
    node.hidden = !canCancel;
    setAttributes(node, { 'aria-label': t('Cancel run %1', view.number) });
    isAsked &&= !view.is_terminal;
    label(isAsked || view.status === 'CancelRequested');
  }
  return { node, problem, show };
}
