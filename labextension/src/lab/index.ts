// What JupyterLab and Notebook 7 load.
import { commands } from './commands/commands';
import { designer } from './designer/plugin';
import { front } from './front_plugin';
import { notification } from './notification';
import { renderer } from './notebook/renderer';
import { sidePanel } from './side_panel';
import { status } from './status';
import '../style/lab.css';

export default [front, renderer, commands, sidePanel, status, notification, designer];
