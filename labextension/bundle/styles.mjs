// Puts the style sheets of `src` beside the compiled modules that import them.
import { cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const name of readdirSync(`${root}src`, { recursive: true })) {
  if (name.endsWith('.css')) {
    cpSync(`${root}src/${name}`, `${root}lib/${name}`);
  }
}
