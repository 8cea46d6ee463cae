// Pipelines as files: what `.amlpipeline` is, the designer that opens it, and the commands that make one.
import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { LabIcon } from '@jupyterlab/ui-components';
import { PIPELINE_ICON } from '../../ui/icons';
import { told } from '../commands/failure';
import { COMMAND } from '../commands/command';
import type { Front } from '../front';
import { IFront } from '../front_plugin';
import { DesignerFactory } from './widget';

const [TYPE, FACTORY] = ['aml-pipeline', 'Pipeline designer'];
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
      ...{
        name: TYPE,
        displayName: t('Pipeline'),
        extensions: ['.amlpipeline'],
        icon: pipelineIcon
      },
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
  app.commands.addCommand(COMMAND.newPipeline, {
    label: args => (args['isLauncher'] ? t('Pipeline') : t('New pipeline')),
    caption: t('Draw a pipeline of steps'),
    icon: pipelineIcon,
    execute: args =>
      told(front, async () => openNew(app, (await import('./make')).blank(app, args)))
  });
  app.commands.addCommand(COMMAND.openInDesigner, {
    label: t('Open the pipeline of a run in the designer'),
    execute: args =>
      told(front, async () => openNew(app, (await import('./make')).ofRun(app, front, args)))
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

/** Open a file that is being made; its path is the result of the command. */
async function openNew(app: JupyterFrontEnd, made: Promise<string>): Promise<string> {
  const path = await made;
  await app.commands.execute('docmanager:open', { path, factory: FACTORY });
  return path;
}
