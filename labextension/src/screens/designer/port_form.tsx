// The data of a step in its form: where each input comes from, and what it writes. All that is drawn can be done here.
import type { JSX } from 'preact';
import { Button, Muted } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { withStep } from './change';
import {
  destinationOf,
  inputsOf,
  outputsOf,
  sourcesOf,
  type Output,
  type Reference
} from './document';
import { setReference } from './edits';
import { ChoiceField, shownValue, TextField } from './fields';
import { addInput, addOutput, removePort, setInput } from './ports';
import type { StepProps } from './step_form';

const MODES = ['mount', 'download', 'direct', 'upload'];

export function Inputs({ designer, id, step }: StepProps): JSX.Element {
  const { tree, host, file } = designer;
  const { t } = host;
  const sources = sourcesOf(tree, id);
  return (
    <fieldset class="aml-designer-ports">
      <legend>{t('Inputs')}</legend>
      {inputsOf(step).map(([name, input]) => (
        <div
          key={name}
          class="aml-designer-port"
          role="group"
          aria-label={t('Input %1', oneLine(name))}
        >
          <ChoiceField
            label={oneLine(name)}
            value={input.source ?? ''}
            isDisabled={file.isReadOnly}
            options={[['', t('— not connected —')], ...sources]}
            change={source => designer.edit(setInput(tree, id, name, { ...input, source }))}
          />
          <ChoiceField
            label={t('as')}
            value={typeof input['bind_mode'] === 'string' ? input['bind_mode'].toLowerCase() : ''}
            isDisabled={file.isReadOnly}
            options={[['', t('usual')], ...MODES.map(mode => [mode, mode] as const)]}
            change={bind_mode => designer.edit(setInput(tree, id, name, { ...input, bind_mode }))}
          />
          <Button
            aria-label={t('Remove input %1', oneLine(name))}
            isDisabled={file.isReadOnly}
            click={() => designer.edit(removePort(tree, id, name, 'input'))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        isDisabled={file.isReadOnly}
        click={() => designer.edit(addInput(tree, id, sources[0]?.[0]))}
      >
        {t('Add an input')}
      </Button>
    </fieldset>
  );
}

export function Outputs({ designer, state, id, step }: StepProps): JSX.Element {
  const { tree, host, file } = designer;
  const { t } = host;
  const stores = state.palette?.datastores ?? [];
  const set = (name: string, output: Output): void => {
    const kept = Object.entries(output).filter(([, value]) => value !== '' && value !== undefined);
    designer.edit(
      withStep(tree, id, {
        outputs: { ...step.outputs, [name]: Object.fromEntries(kept) as Output }
      })
    );
  };
  return (
    <fieldset class="aml-designer-ports">
      <legend>{t('Outputs')}</legend>
      {outputsOf(step).map(([name, output]) => (
        <div
          key={name}
          class="aml-designer-port"
          role="group"
          aria-label={t('Output %1', oneLine(name))}
        >
          <span class="aml-designer-port-name" title={destinationOf(name, output)}>
            {oneLine(name)}
          </span>
          <ChoiceField
            label={t('in')}
            value={typeof output['datastore'] === 'string' ? output['datastore'] : ''}
            isDisabled={file.isReadOnly}
            options={[['', t('the usual datastore')], ...stores.map(one => [one, one] as const)]}
            change={datastore => set(name, { ...output, datastore })}
          />
          <Button
            aria-label={t('Remove output %1', oneLine(name))}
            isDisabled={file.isReadOnly}
            click={() => designer.edit(removePort(tree, id, name, 'output'))}
          >
            ✕
          </Button>
        </div>
      ))}
      {outputsOf(step).length === 0 && (
        <Muted>{t('It writes nothing that other steps read.')}</Muted>
      )}
      <Button isDisabled={file.isReadOnly} click={() => designer.edit(addOutput(tree, id)[0])}>
        {t('Add an output')}
      </Button>
    </fieldset>
  );
}

/** The form of a data reference. */
export function DataForm(props: Omit<StepProps, 'step' | 'state'> & { name: string }): JSX.Element {
  const { designer, name } = props;
  const { tree, host, file } = designer;
  const { t } = host;
  const reference = tree.pipeline.data_references?.[name] ?? {};
  const set = (fields: Record<string, string | number | undefined>): void => {
    designer.edit(setReference(tree, name, { ...reference, ...fields } as Reference));
  };
  const shown = (key: string): string => shownValue(reference[key]);
  const isDataset = 'dataset_name' in reference;
  return (
    <form
      class="aml-designer-form"
      aria-label={t('Data %1', oneLine(name))}
      onSubmit={event => event.preventDefault()}
    >
      <h3>{oneLine(name)}</h3>
      {isDataset ? (
        <>
          <TextField
            label={t('Dataset')}
            value={shown('dataset_name')}
            isDisabled={file.isReadOnly}
            change={dataset_name => set({ dataset_name })}
          />
          <TextField
            label={t('Version')}
            value={shown('dataset_version')}
            hint={t('the latest')}
            isDisabled={file.isReadOnly}
            change={text => set({ dataset_version: /^\d+$/.test(text) ? Number(text) : undefined })}
          />
        </>
      ) : (
        <>
          <TextField
            label={t('Datastore')}
            value={shown('datastore')}
            isDisabled={file.isReadOnly}
            change={datastore => set({ datastore })}
          />
          <TextField
            label={t('Path')}
            value={shown('path_on_datastore')}
            isDisabled={file.isReadOnly}
            change={path => set({ path_on_datastore: path })}
          />
        </>
      )}
    </form>
  );
}
