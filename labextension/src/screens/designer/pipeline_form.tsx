// The form of the whole pipeline: what it is called, where it runs, and its parameters.
import type { JSX } from 'preact';
import { Button, Checkbox, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { withPipeline } from './change';
import { PARAMETER, parametersOf, type Parameter, type Plain } from './document';
import { addParameter, remove, renameParameter, setParameter } from './edits';
import { ChoiceField, LinesField, PlainField, Problems, shownValue, TextField } from './fields';
import type { Designer, DesignerState } from './state';

const TYPES = ['string', 'int', 'float', 'bool', 'datapath', 'dataset'];

export function PipelineForm({
  designer,
  state
}: {
  designer: Designer;
  state: DesignerState;
}): JSX.Element {
  const { host, file, tree } = designer;
  const { t } = host;
  const { pipeline } = tree;
  const set = (fields: Readonly<Record<string, unknown>>): void =>
    designer.edit(withPipeline(tree, fields));
  const computes = (state.palette?.computes ?? []).map(name => [name, name] as const);
  return (
    <form
      class="aml-designer-form"
      aria-label={t('Pipeline')}
      onSubmit={event => event.preventDefault()}
    >
      <h3>{t('Pipeline')}</h3>
      <Problems problems={state.problems.filter(({ step }) => step === '')} />
      <TextField
        label={t('Name')}
        value={pipeline.name ?? ''}
        isDisabled={file.isReadOnly}
        change={name => set({ name })}
      />
      <LinesField
        label={t('Description')}
        value={pipeline.description ?? ''}
        isDisabled={file.isReadOnly}
        change={description => set({ description })}
      />
      <ChoiceField
        label={t('Compute')}
        value={pipeline.default_compute ?? ''}
        isDisabled={file.isReadOnly}
        options={[['', t('this machine')], ...computes]}
        change={default_compute => set({ default_compute })}
      />
      <Checkbox
        isOn={pipeline['continue_on_step_failure'] === true}
        change={isOn =>
          file.isReadOnly || set({ continue_on_step_failure: isOn ? true : undefined })
        }
      >
        {t('Go on with other steps when one fails')}
      </Checkbox>
      <Parameters designer={designer} />
    </form>
  );
}

function Parameters({ designer }: { designer: Designer }): JSX.Element {
  const { host, file, tree } = designer;
  const { t } = host;
  return (
    <fieldset class="aml-designer-ports">
      <legend>{t('Parameters')}</legend>
      {parametersOf(tree).length === 0 && (
        <Muted>{t('None yet. Among the arguments of a step, parameter:NAME is its value.')}</Muted>
      )}
      {parametersOf(tree).map(([name, parameter]) => (
        <ParameterLine key={name} {...{ designer, name, parameter }} />
      ))}
      <Button
        isDisabled={file.isReadOnly}
        click={() => designer.edit(addParameter(tree, 'parameter'))}
      >
        {t('Add a parameter')}
      </Button>
    </fieldset>
  );
}

function ParameterLine(props: {
  designer: Designer;
  name: string;
  parameter: Parameter;
}): JSX.Element {
  const { designer, name, parameter } = props;
  const { tree, host, file } = designer;
  const { t } = host;
  const isDisabled = file.isReadOnly;
  const set = (fields: Partial<Parameter>): void =>
    designer.edit(setParameter(tree, name, { ...parameter, ...fields }));
  return (
    <div class="aml-designer-port" role="group" aria-label={t('Parameter %1', oneLine(name))}>
      <TextField
        label={t('Name')}
        value={name}
        isDisabled={isDisabled}
        change={to => to !== '' && designer.edit(renameParameter(tree, name, to))}
      />
      <ChoiceField
        label={t('Type')}
        value={parameter.type}
        isDisabled={isDisabled}
        options={TYPES.map(one => [one, one] as const)}
        change={type => set({ type, default: USUAL[type] ?? null })}
      />
      {parameter.type === 'string' ? (
        <TextField
          label={t('Default')}
          value={shownValue(parameter.default)}
          isDisabled={isDisabled}
          change={text => set({ default: text })}
        />
      ) : (
        <PlainField
          label={t('Default')}
          value={parameter.default}
          isDisabled={isDisabled}
          change={value => set({ default: value ?? null })}
        />
      )}
      <Button
        aria-label={t('Remove parameter %1', oneLine(name))}
        isDisabled={isDisabled}
        click={() => designer.edit(remove(tree, [PARAMETER + name]))}
      >
        ✕
      </Button>
    </div>
  );
}

/** What a parameter is by default until somebody says it. */
const USUAL: Readonly<Record<string, Plain>> = {
  string: '',
  int: 0,
  float: 0,
  bool: false,
  datapath: { datastore: 'workspaceblobstore', path_on_datastore: '' },
  dataset: { dataset_name: '' }
};
