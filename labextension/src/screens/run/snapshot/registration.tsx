// A file or a folder of the run becomes a version of a model.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FileView, ModelIdView } from '../../../contract.gen';
import { Button, Message, Picker } from '../../../ui/controls';
import { oneLine, printable, wordsOf } from '../../../ui/format';
import { canChange } from '../manage/actions';
import type { PanelProps } from '../panel';

/** Folders that hold no models. */
const LOGS = /^(?:user_logs|logs|system_logs|azureml-logs)\//;

export function Registration({ scene, state }: PanelProps): JSX.Element | null {
  const { t } = scene;
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<ModelIdView | null>(null);
  const paths = pathsOf(state.view.files);
  if (paths.length === 0 || !canChange(state)) {
    return null;
  }
  return (
    <section aria-label={t('Model')} class="aml-run-register">
      <Button aria-expanded={isOpen} click={() => setOpen(!isOpen)}>
        {t('Register as model…')}
      </Button>
      {made && <Made scene={scene} made={made} />}
      {isOpen && (
        <Form
          {...{ scene, state, paths }}
          done={model => {
            setMade(model);
            setOpen(false);
          }}
        />
      )}
    </section>
  );
}

/** Files below `outputs/` and the folders that they are in come first; logs are left out. */
export function pathsOf(files: readonly FileView[]): string[] {
  const names = files.map(({ name }) => name).filter(name => !LOGS.test(name));
  const folders = names.flatMap(name => {
    const parts = name.split('/').slice(0, -1);
    return parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`);
  });
  const isOutput = (path: string): number => (path.startsWith('outputs/') ? 0 : 1);
  return [...new Set([...names, ...folders])].sort(
    (one, other) => isOutput(one) - isOutput(other) || (one < other ? -1 : 1)
  );
}

function Made({ scene, made }: { scene: PanelProps['scene']; made: ModelIdView }): JSX.Element {
  const { host, t } = scene;
  const words = t('Registered as %1.', oneLine(made.id));
  return (
    <Message tone="aml-calm" role="status">
      {words}{' '}
      {host.open && (
        <Button click={() => host.open?.({ kind: 'model', model: made.id })}>{t('Open')}</Button>
      )}
    </Message>
  );
}

function Form(
  props: PanelProps & { paths: readonly string[]; done(model: ModelIdView): void }
): JSX.Element {
  const { scene, paths, done } = props;
  const { host, run, t } = scene;
  const [path, setPath] = useState(paths.find(one => !one.endsWith('/')) ?? paths[0]!);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [isSaving, setSaving] = useState(false);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isSaving) {
      return;
    }
    setSaving(true);
    try {
      done(await host.ask('register_model', { run, path, name }));
    } catch (error) {
      setProblem(printable(wordsOf(error)));
      setSaving(false);
    }
  };
  return (
    <form
      class="aml-run-edit"
      aria-label={t('Register a model')}
      onSubmit={event => void save(event)}
    >
      <Picker
        label={t('File or folder')}
        options={paths.map(one => [one, one])}
        value={path}
        change={setPath}
      />
      <label>
        {t('Name of the model; a name that is there gets a new version')}
        <input
          type="text"
          required
          value={name}
          dir="auto"
          onInput={event => setName(event.currentTarget.value)}
        />
      </label>
      {problem && (
        <Message tone="aml-bad" role="alert">
          {problem}
        </Message>
      )}
      <span class="aml-run-line">
        <button type="submit" aria-disabled={isSaving || undefined}>
          {isSaving ? t('Registering…') : t('Register')}
        </button>
      </span>
    </form>
  );
}
