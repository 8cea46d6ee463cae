// Pipelines as files: what `.amlpipeline` is, the designer that opens it, and the commands that make one.
import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { LabIcon } from '@jupyterlab/ui-components';
import { PIPELINE_ICON } from '../../ui/icons';
import { textIn } from '../../ui/screen';
import { told } from '../commands/failure';
import { COMMAND } from '../commands/command';
import type { Front } from '../front';
import { IFront } from '../front_plugin';
import { DesignerFactory } from './widget';

const [TYPE, ENDING, FACTORY] = ['aml-pipeline', '.amlpipeline', 'Pipeline designer'];
/** What a new pipeline is. */
const NEW = 'aml_magics: 1\npipeline:\n  name: ""\n  steps: {}\n';

const pipelineIcon = new LabIcon({ name: 'aml-magics:pipeline-file', svgstr: PIPELINE_ICON });

export const designer: JupyterFrontEndPlugin<void> = {
  id: 'aml-magics:designer',
  description: 'Opens pipelines in files as a canvas.',
  autoStart: true,
  requires: [IFront],
  optional: [ILayoutRestorer, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    front: Front,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ) => {
    const { t } = front;
    app.docRegistry.addFileType({
      ...{ name: TYPE, displayName: t('Pipeline'), extensions: [ENDING], icon: pipelineIcon },
      ...{ mimeTypes: ['text/yaml'], contentType: 'file', fileFormat: 'text' }
    });
    const factory = new DesignerFactory(
      {
        ...{ name: FACTORY, label: t('Pipeline designer'), modelName: 'text' },
        ...{ fileTypes: [TYPE], defaultFor: [TYPE] }
      },
      front,
      path => void app.commands.execute('docmanager:open', { path, factory: 'Editor' })
    );
    const tracker = new WidgetTracker<ReturnType<typeof factory.createNew>>({
      namespace: 'aml-magics-designer'
    });
    factory.widgetCreated.connect((_, widget) => {
      widget.title.icon = pipelineIcon;
      widget.context.pathChanged.connect(() => void tracker.save(widget));
      void tracker.add(widget);
    });
    app.docRegistry.addWidgetFactory(factory);
    addCommands(app, front, palette, launcher);
    if (restorer) {
      void restorer.restore(tracker, {
        command: 'docmanager:open',
        args: ({ context: { path } }) => ({ path, factory: FACTORY }),
        name: ({ context: { path } }) => path
      });
    }
  }
};

function addCommands(
  app: JupyterFrontEnd,
  front: Front,
  palette: ICommandPalette | null,
  launcher: ILauncher | null
): void {
  const { t } = front;
  const category = t('Azure ML');
  const open = (path: string): Promise<unknown> =>
    app.commands.execute('docmanager:open', { path, factory: FACTORY });
  const make = async (folder: string, text: string, name?: string): Promise<unknown> => {
    const { contents } = app.serviceManager;
    const made = await contents.newUntitled({ path: folder, type: 'file', ext: ENDING });
    const path = name === undefined ? made.path : await renamed(app, made.path, name);
    await contents.save(path, { type: 'file', format: 'text', content: text });
    return open(path);
  };
  app.commands.addCommand(COMMAND.newPipeline, {
    label: args => (args['isLauncher'] ? t('Pipeline') : t('New pipeline')),
    caption: t('Draw a pipeline of steps'),
    icon: pipelineIcon,
    execute: args => told(front, () => make(textIn(args['cwd']) ?? '', NEW))
  });
  app.commands.addCommand(COMMAND.openInDesigner, {
    label: t('Open the pipeline of a run in the designer'),
    execute: args =>
      told(front, async () => {
        const { workspace, run } = runOf(front, args);
        const { name, text } = await front.source.ask(workspace, 'design_of_run', { run });
        return make(textIn(args['cwd']) ?? '', text, name);
      })
  });
  front.design = (workspace, run) =>
    void app.commands.execute(COMMAND.openInDesigner, { workspace, run });
  for (const command of [COMMAND.newPipeline, COMMAND.openInDesigner]) {
    palette?.addItem({ command, category });
  }
  launcher?.add({
    command: COMMAND.newPipeline,
    category: t('Other'),
    rank: 51,
    args: { isLauncher: true }
  });
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
