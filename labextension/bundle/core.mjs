// Bundles the anywidget hosts, which carry the renderer core or the screen of datasets. The core alone is for
// measuring, and so no part of the package.
import { build } from 'esbuild';

const into = '../aml_magics/widgets/static';
const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning'
};

await build({
  ...common,
  entryPoints: { widget: 'src/widget/index.ts', dataset: 'src/widget/dataset.ts' },
  outdir: into
});
await build({
  ...common,
  entryPoints: { widget: 'style/index.css', dataset: 'style/dataset_widget.css' },
  outdir: into
});
await build({ ...common, entryPoints: { core: 'src/ui/index.ts' }, outdir: 'lib' });
