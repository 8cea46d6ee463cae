// The form of a step: its name and compute, the settings of its kind, its arguments and its data.
import type { JSX } from 'preact';
import type { StepKindView, StepSettingView } from '../../contract.gen';
import { Button, Checkbox, Fold, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { withStep } from './change';
import { beforeOf, reaches, stepsOf, type Plain, type Step } from './document';
import { remove, setAfter } from './edits';
import { ChoiceField, LinesField, PlainField, Problems, TextField } from './fields';
import { Inputs, Outputs } from './port_form';
import type { Designer, DesignerState } from './state';

export interface StepProps {
  readonly designer: Designer;
  readonly state: DesignerState;
  readonly id: string;
  readonly step: Step;
}

export function StepForm(props: StepProps): JSX.Element {
  const { designer, state, id, step } = props;
  const { t } = designer.host;
  const { isReadOnly } = designer.file;
  const kind = state.palette?.kinds.find(({ type }) => type === step.type);
  const set = (fields: Readonly<Record<string, unknown>>): void =>
    designer.edit(withStep(designer.tree, id, fields));
  return (
    <form
      class="aml-designer-form"
      aria-label={t('Step %1', oneLine(step.name ?? id))}
      onSubmit={event => event.preventDefault()}
    >
      <h3>{kind?.title ?? step.type}</h3>
      <Problems problems={state.problems.filter(one => one.step === id)} />
      <TextField
        label={t('Name')}
        value={step.name ?? id}
        isDisabled={isReadOnly}
        change={name => set({ name })}
      />
      {shownSettings(kind).map(setting => (
        <Setting key={setting.name} {...{ setting, step, isReadOnly, set }} />
      ))}
      {kind?.needs_folder !== false && (
        <TextField
          label={t('Folder of the code')}
          value={step.source_directory ?? ''}
          hint={t('beside this file')}
          isDisabled={isReadOnly}
          change={source_directory => set({ source_directory })}
        />
      )}
      <Computes {...props} kind={kind} set={set} />
      <LinesField
        label={t('Arguments, one a line')}
        value={(step.arguments ?? []).map(lineOf).join('\n')}
        hint="--rate&#10;parameter:rate"
        isDisabled={isReadOnly}
        change={text => set({ arguments: wordsIn(text) })}
      />
      <Inputs {...props} />
      <Outputs {...props} />
      <More {...props} set={set} />
      <p>
        <Button
          isDisabled={isReadOnly}
          click={() => designer.edit(remove(designer.tree, [id]), [])}
        >
          {t('Delete the step')}
        </Button>
      </p>
    </form>
  );
}

/** The settings of a kind; side inputs are among the inputs. */
function shownSettings(kind: StepKindView | undefined): StepKindView['settings'] {
  return kind?.settings.filter(({ name }) => name !== 'side_inputs') ?? [];
}

function Computes(
  props: StepProps & {
    kind: StepKindView | undefined;
    set(fields: Readonly<Record<string, unknown>>): void;
  }
): JSX.Element {
  const { designer, state, step, set } = props;
  const { t } = designer.host;
  const names = state.palette?.computes ?? [];
  return (
    <ChoiceField
      label={t('Compute')}
      value={step.compute ?? ''}
      isDisabled={designer.file.isReadOnly}
      options={[['', t('that of the pipeline')], ...names.map(name => [name, name] as const)]}
      change={compute => set({ compute })}
    />
  );
}

function More({
  designer,
  id,
  step,
  set
}: StepProps & {
  set(fields: Readonly<Record<string, unknown>>): void;
}): JSX.Element {
  const { tree, host, file } = designer;
  const { t } = host;
  const before = new Set(beforeOf(tree, id));
  const others = stepsOf(tree).filter(
    ([key]) => key !== id && (before.has(key) || !reaches(tree, id, key))
  );
  const after = step.run_after ?? [];
  return (
    <Fold title={t('More')}>
      <Checkbox
        isOn={step.allow_reuse !== false}
        change={isOn => file.isReadOnly || set({ allow_reuse: isOn ? undefined : false })}
      >
        {t('Reuse its outputs when nothing changed')}
      </Checkbox>
      <PlainField
        label={t('Tried again after a failure')}
        value={(step['retries'] ?? 0) as number}
        isDisabled={file.isReadOnly}
        change={retries => set({ retries: retries === 0 ? undefined : retries })}
      />
      <fieldset>
        <legend>{t('Runs after')}</legend>
        {others.length === 0 && (
          <Muted>{t('There is no other step that it could wait for.')}</Muted>
        )}
        {others.map(([key, other]) => (
          <Checkbox
            key={key}
            isOn={after.includes(key)}
            change={isOn => designer.edit(setAfter(tree, id, key, isOn))}
          >
            {oneLine(other.name ?? key)}
          </Checkbox>
        ))}
      </fieldset>
    </Fold>
  );
}

function Setting(props: {
  setting: StepSettingView;
  step: Step;
  isReadOnly: boolean;
  set(fields: Readonly<Record<string, unknown>>): void;
}): JSX.Element {
  const { setting, step, isReadOnly, set } = props;
  const { name, type, title, is_required } = setting;
  const label = is_required ? `${title} *` : title;
  const value = step[name] as Plain | undefined;
  if (type === 'flag') {
    return (
      <Checkbox isOn={value === true} change={isOn => isReadOnly || set({ [name]: isOn })}>
        {label}
      </Checkbox>
    );
  }
  if (type === 'words') {
    return (
      <LinesField
        label={`${label} ↵`}
        value={Array.isArray(value) ? value.map(String).join('\n') : ''}
        isDisabled={isReadOnly}
        change={text => set({ [name]: linesIn(text) })}
      />
    );
  }
  if (type === 'text' || type === 'file') {
    return (
      <TextField
        label={label}
        value={typeof value === 'string' ? value : ''}
        isDisabled={isReadOnly}
        change={text => set({ [name]: text })}
      />
    );
  }
  return (
    <PlainField
      label={label}
      value={value}
      isDisabled={isReadOnly}
      change={given => set({ [name]: given })}
    />
  );
}

type Argument = NonNullable<Step['arguments']>[number];

/** A word as a line; one that stands for itself though it looks otherwise is quoted. */
function lineOf(word: Argument): string {
  return typeof word === 'string' ? word : `text:${word.text}`;
}

function wordsIn(text: string): Argument[] | undefined {
  return linesIn(text)?.map(line =>
    line.startsWith('text:') ? { text: line.slice('text:'.length) } : line
  );
}

function linesIn(text: string): string[] | undefined {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return lines.length > 0 ? lines : undefined;
}
