// Bundles the front end of the widgets: one file of code for each screen, and one of style for all. The code of other
// screens stays out: the kernel sends it once it is asked for.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { NOUNS } from './screens.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const into = fileURLToPath(new URL('../../aml_magics/widgets/static', import.meta.url));

const entryOf = noun => `
  import entry from './src/screens/${noun}/index';
  import { widgetOf } from './src/widget/widget';
  export default widgetOf(entry);
  export const load = entry.load;
`;

/** Leaves out what others than `noun` load when they are shown. */
const only = noun => ({
  name: 'only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\// }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' && resolveDir !== `${root}src/screens/${noun}`
        ? { path, external: true }
        : undefined
    );
  }
});

/** The signs of tabs and launchers, of which a widget has none. */
const withoutIcons = {
  name: 'without-icons',
  setup({ onLoad }) {
    onLoad({ filter: /\/ui\/icons\.ts$/ }, async ({ path }) => {
      const names = (await readFile(path, 'utf8')).matchAll(/^export const (\w+)/gm);
      return { contents: [...names].map(([, name]) => `export const ${name} = '';`).join('\n') };
    });
  }
};

/** The commands that JupyterLab opens screens by, of which a widget has none; an entry is laid out as prettier does. */
const withoutCommands = {
  name: 'without-commands',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/screens\/\w+\/index\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/\n {2}command: \{[^]*?\n {2}\},?/, ''), loader: 'ts' };
    });
  }
};

const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning'
};

/** What the screen tells hosts of itself. */
async function told(noun) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [`${root}src/screens/${noun}/index.ts`],
    plugins: [only('')],
    write: false
  });
  const text = encodeURIComponent(outputFiles[0].text);
  return (await import(`data:text/javascript,${text}`)).default;
}

rmSync(into, { recursive: true, force: true });
await build({
  ...common,
  stdin: {
    contents: `@import './src/style/base.css'; @import './src/style/screens.css';`,
    loader: 'css',
    resolveDir: root
  },
  outfile: `${into}/screens.css`
});
for (const noun of NOUNS) {
  const { kind, isAtSide } = await told(noun);
  if (!isAtSide) {
    await build({
      ...common,
      stdin: { contents: entryOf(noun), resolveDir: root, sourcefile: `${noun}.ts` },
      outfile: `${into}/${kind}.js`,
      plugins: [only(noun), withoutIcons, withoutCommands]
    });
  }
}
