// What a run of the document is asked for: its experiment, and values of the parameters.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Checkbox, Message, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { Popup, type Point } from '../../ui/popup/popup';
import { parametersOf, type Plain } from './document';
import { PlainField, shownValue, TextField } from './fields';
import type { DesignRun } from './run';
import type { Designer } from './state';

export function RunForm(props: {
  designer: Designer;
  runs: DesignRun;
  at: Point;
  close(): void;
}): JSX.Element {
  const { designer, runs, at, close } = props;
  const { t } = designer.host;
  const { palette } = designer.store.state;
  const [experiment, setExperiment] = useState(palette?.experiments[0] ?? designer.file.name);
  const [values, setValues] = useState<Given>({});
  const [isAgain, setAgain] = useState(false);
  const [problem, setProblem] = useState('');
  const [isSending, setSending] = useState(false);
  const submit = async (): Promise<void> => {
    setSending(true);
    const failure = await runs.submit(experiment, values, isAgain);
    setSending(false);
    setProblem(failure ?? '');
    if (failure === null) {
      close();
    }
  };
  return (
    <Popup {...{ t, at, close }} label={t('Run the pipeline')} role="dialog">
      <form
        class="aml-designer-run-form"
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <Muted>{t('In the workspace %1', oneLine(designer.host.workspace))}</Muted>
        <TextField label={t('Experiment')} value={experiment} change={setExperiment} />
        <Values {...{ designer, values }} change={setValues} />
        <Checkbox isOn={isAgain} change={setAgain}>
          {t('Run all steps again, reuse none')}
        </Checkbox>
        {problem && (
          <Message tone="aml-bad" role="alert">
            {problem}
          </Message>
        )}
        <span class="aml-run-line">
          <button type="submit" class="aml-designer-go" aria-disabled={isSending || undefined}>
            {isSending ? t('Submitting…') : t('Run')}
          </button>
          <Button click={close}>{t('Not now')}</Button>
        </span>
      </form>
    </Popup>
  );
}

type Given = Readonly<Record<string, Plain>>;

/** The values of the parameters; one that is emptied is the default. */
function Values(props: {
  designer: Designer;
  values: Given;
  change(values: Given): void;
}): JSX.Element {
  const { designer, values, change } = props;
  const set = (name: string, value: Plain | undefined): void => {
    const others = Object.entries(values).filter(([one]) => one !== name);
    change(Object.fromEntries(value === undefined ? others : [...others, [name, value]]));
  };
  return (
    <>
      {parametersOf(designer.tree).map(([name, { type, default: usual }]) => {
        const value = values[name] ?? usual;
        return type === 'string' ? (
          <TextField
            key={name}
            label={name}
            value={shownValue(value)}
            change={text => set(name, text)}
          />
        ) : (
          <PlainField key={name} label={name} value={value} change={given => set(name, given)} />
        );
      })}
    </>
  );
}
