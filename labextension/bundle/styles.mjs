// Puts the style sheets of `src` beside the compiled modules that import them, each with what it imports, made small.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const sheets = readdirSync(`${root}src`, { recursive: true }).filter(name => name.endsWith('.css'));

await build({
  entryPoints: sheets.map(name => `${root}src/${name}`),
  outbase: `${root}src`,
  outdir: `${root}lib`,
  bundle: true,
  minify: true,
  charset: 'utf8',
  logLevel: 'warning'
});
