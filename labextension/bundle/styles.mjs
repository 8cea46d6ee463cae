// Puts the style sheets of `src` beside the compiled modules that import them, and makes them small.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const name of readdirSync(`${root}src`, { recursive: true })) {
  if (name.endsWith('.css')) {
    const text = readFileSync(`${root}src/${name}`, 'utf8');
    const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
    mkdirSync(dirname(`${root}lib/${name}`), { recursive: true });
    writeFileSync(`${root}lib/${name}`, code);
  }
}
