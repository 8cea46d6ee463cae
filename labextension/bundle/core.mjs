// Bundles the anywidget host, which carries the renderer core, and the core alone for measuring.
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
  entryPoints: { widget: 'src/widget/index.ts', core: 'src/ui/index.ts' },
  outdir: into
});
await build({ ...common, entryPoints: { widget: 'style/index.css' }, outdir: into });
