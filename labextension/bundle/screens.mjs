// Lists the screens: each folder of `src/screens` is one. Hosts loop over the list and know no other.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/screens/', import.meta.url));

/** The nouns of all screens, in order. */
export const NOUNS = readdirSync(root, { withFileTypes: true })
  .filter(folder => folder.isDirectory() && existsSync(`${root}${folder.name}/index.ts`))
  .map(folder => folder.name)
  .sort();

const list = [
  '// Written by `bundle/screens.mjs`, from the folders beside it: no work for people.',
  "import type { ScreenEntry } from '../ui/screen';",
  ...NOUNS.map(noun => `import ${noun} from './${noun}/index';`),
  '',
  `export const SCREENS: readonly ScreenEntry[] = [${NOUNS.join(', ')}];`,
  ''
].join('\n');

const file = `${root}registry.gen.ts`;
if (!existsSync(file) || readFileSync(file, 'utf8') !== list) {
  writeFileSync(file, list);
}
