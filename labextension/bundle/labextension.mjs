// Builds the prebuilt JupyterLab extension into the Python package.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const builder = require.resolve('@jupyter/builder/lib/build-labextension.js');
const core = require.resolve('@jupyterlab/core-meta/core.package.json');
const { status } = spawnSync(process.execPath, [builder, '--core-package-file', core, '.'], {
  stdio: ['ignore', 'inherit', 'inherit']
});
process.exit(status ?? 1);
