// What can be done with a run from the notebook: code that gets it, runs it again, or goes on with it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RunCodeView } from '../../../contract.gen';
import { Button } from '../../../ui/controls';
import { printable, wordsOf } from '../../../ui/format';
import type { PanelProps } from '../panel';

type Verb = keyof RunCodeView;

export function Actions({
  scene,
  state,
  tell
}: PanelProps & { tell: (problem: string) => void }): JSX.Element {
  const { host, t, run } = scene;
  const [isOpen, setOpen] = useState(false);
  const insert = async (verb: Verb): Promise<void> => {
    try {
      const code = (await scene.once('run_code', { run }))[verb];
      if (code) {
        host.insert?.(code, false);
        tell('');
      } else {
        tell(t('This run keeps no code that could be run again.'));
      }
    } catch (error) {
      tell(t('The code cannot be inserted: %1', printable(wordsOf(error))));
    }
  };
  const action = (verb: Verb, words: string, about: string): JSX.Element => (
    <Button title={about} click={() => void insert(verb)}>
      {words}
    </Button>
  );
  const isResumable = /^(?:Failed|Canceled)$/.test((state.later ?? state).view.status);
  return (
    <div class="aml-run-line aml-run-verbs">
      <Button aria-expanded={isOpen} click={() => setOpen(!isOpen)}>
        {t('Code')} <span aria-hidden="true">{isOpen ? '▴' : '▾'}</span>
      </Button>
      {isOpen && (
        <span role="group" aria-label={t('Write code into the notebook')}>
          {action('handle', t('Get this run'), t('Write a cell that gets the handle of this run'))}
          {action('again', t('Run again'), t('Write the code of this run into a new cell'))}
          {isResumable &&
            action('resume', t('Resume'), t('Write a cell that goes on with this run'))}
        </span>
      )}
    </div>
  );
}
