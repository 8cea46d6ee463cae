// The line above the canvas: undo and redo, run, and what else is done with the whole document.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Status } from '../../ui/controls';
import { wordsOf, printable } from '../../ui/format';
import { below, type Point } from '../../ui/popup/popup';
import { TERMINAL } from '../../ui/status';
import { stepsOf } from './document';
import { laidOutAgain } from './edits';
import type { DesignRun } from './run';
import { RunForm } from './run_form';
import type { Designer, DesignerState } from './state';

interface Props {
  readonly designer: Designer;
  readonly runs: DesignRun;
  readonly state: DesignerState;
}

export function Toolbar({ designer, runs, state }: Props): JSX.Element {
  const { host, file, tree } = designer;
  const { t } = host;
  const [asked, ask] = useState<Point | null>(null);
  const isBroken = state.error !== '' || state.problems.length > 0 || stepsOf(tree).length === 0;
  return (
    <div class="aml-designer-toolbar" role="toolbar" aria-label={t('Pipeline')}>
      <button
        type="button"
        class="aml-designer-go"
        aria-disabled={isBroken || undefined}
        title={isBroken ? t('Mend what is marked first.') : t('Save the pipeline and run it')}
        aria-haspopup="dialog"
        aria-expanded={asked !== null}
        onClick={({ currentTarget }) => isBroken || ask(below(currentTarget))}
      >
        {t('Run…')}
      </button>
      {asked && <RunForm {...{ designer, runs }} at={asked} close={() => ask(null)} />}
      <Button
        isDisabled={state.past.length === 0}
        title={t('Undo (Ctrl+Z)')}
        click={() => designer.undo()}
      >
        {t('Undo')}
      </Button>
      <Button
        isDisabled={state.future.length === 0}
        title={t('Redo (Ctrl+Y)')}
        click={() => designer.redo()}
      >
        {t('Redo')}
      </Button>
      <Button
        isDisabled={file.isReadOnly || !tree.layout}
        title={t('Place all steps anew')}
        click={() => designer.edit(laidOutAgain(tree))}
      >
        {t('Lay out')}
      </Button>
      <Button
        title={t('Select nothing: the form is that of the pipeline')}
        click={() => designer.select([])}
      >
        {t('Pipeline')}
      </Button>
      <Button
        isDisabled={isBroken}
        title={t('Code that makes this pipeline')}
        click={() => void toPython(designer)}
      >
        {t('Python code')}
      </Button>
      <RunStatus {...{ designer, runs, state }} />
    </div>
  );
}

function RunStatus({ designer, runs, state: { run } }: Props): JSX.Element | null {
  const { t, open } = designer.host;
  if (!run) {
    return null;
  }
  return (
    <span class="aml-designer-status" role="status">
      <Status status={run.status || 'NotStarted'} />
      {open && (
        <Button click={() => open({ kind: 'pipeline', run: run.id })}>{t('Open the run')}</Button>
      )}
      {TERMINAL.has(run.status) ? (
        <Button title={t('Show no statuses')} click={() => runs.leave()}>
          {t('Clear')}
        </Button>
      ) : (
        <Button click={() => void runs.cancel()}>{t('Cancel')}</Button>
      )}
    </span>
  );
}

/** Put the code into the notebook in use, or onto the clipboard where there is none. */
async function toPython(designer: Designer): Promise<void> {
  const { host } = designer;
  const { t } = host;
  try {
    const { text } = await host.ask('design_code', { text: designer.text });
    try {
      if (!host.insert) {
        throw new Error();
      }
      host.insert(text, false);
      designer.say(t('The code is in a new cell of the notebook.'));
    } catch {
      await navigator.clipboard.writeText(text);
      designer.say(t('No notebook is open: the code is on the clipboard.'));
    }
  } catch (problem) {
    designer.say(printable(wordsOf(problem)), true);
  }
}
