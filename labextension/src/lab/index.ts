import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = { id: 'aml-magics:renderer', autoStart: true, activate: () => undefined };

export default [plugin];
