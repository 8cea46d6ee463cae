// New files of pipelines; loaded with the first that is made.
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { textIn } from '../../ui/screen';
import type { Front } from '../front';

type Args = Readonly<Record<string, unknown>>;

const ENDING = '.amlpipeline';
/** What a new pipeline is. */
const NEW = 'aml_magics: 1\npipeline:\n  name: ""\n  steps: {}\n';

/** Make a file with a pipeline that has no steps; returns its path. */
export async function blank(app: JupyterFrontEnd, args: Args): Promise<string> {
  return make(app, textIn(args['cwd']) ?? '', NEW);
}

/** Make a file with the pipeline of a run; returns its path. */
export async function ofRun(app: JupyterFrontEnd, front: Front, args: Args): Promise<string> {
  const { workspace, run } = runOf(front, args);
  const { name, text } = await front.source.ask(workspace, 'design_of_run', { run });
  return make(app, textIn(args['cwd']) ?? '', text, name);
}

async function make(
  app: JupyterFrontEnd,
  folder: string,
  content: string,
  name?: string
): Promise<string> {
  const { contents } = app.serviceManager;
  const made = await contents.newUntitled({ path: folder, type: 'file', ext: ENDING });
  const path = name === undefined ? made.path : await renamed(app, made.path, name);
  await contents.save(path, { type: 'file', format: 'text', content });
  return path;
}

/** The run that is named, or that of the pipeline which is looked at. */
function runOf(
  { focus, t }: Front,
  args: Readonly<Record<string, unknown>>
): { workspace: string; run: string } {
  const [workspace, run] = [textIn(args['workspace']), textIn(args['run'])];
  if (workspace !== null && run !== null) {
    return { workspace, run };
  }
  const current = focus.current(null, 'pipeline');
  const shown = textIn(current?.subject['run']);
  if (!current || shown === null) {
    throw new Error(t('Open the run of a pipeline first.'));
  }
  return { workspace: current.workspace, run: shown };
}

/** A file with a name of its own where that is free; else it keeps the one that it has. */
async function renamed(app: JupyterFrontEnd, path: string, name: string): Promise<string> {
  const plain = name.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^\.+/, '');
  if (plain === '') {
    return path;
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  try {
    return (await app.serviceManager.contents.rename(path, `${folder}${plain}${ENDING}`)).path;
  } catch {
    return path;
  }
}
