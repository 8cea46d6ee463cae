import { describe, expect, it } from 'vitest';
import { columnsOf, textOf } from '../../../src/screens/models/columns';
import { plainly, type Host } from '../../../src/ui/host';
import { P, row } from './sample';

const host = { t: plainly, workspace: 'ws' } as unknown as Host;
const columns = columnsOf('', ['accuracy'], host);
const said = (key: string, fields: Parameters<typeof row>[0] = {}): string =>
  textOf(
    columns.find(one => one.key === key)!,
    row(fields)
  );

describe('the columns of models', () => {
  it('are those of names, or of the versions of one', () => {
    const keys = (name: string): string[] =>
      columnsOf(name, ['accuracy'], host).map(({ key }) => key);
    expect(keys('').slice(0, 4)).toEqual(['name', 'version', 'aliases', 'metrics.accuracy']);
    expect(keys('digits').slice(0, 2)).toEqual(['version', 'aliases']);
  });

  it.each([
    ['aliases', {}, 'champion → 2, Production'],
    ['size', { size: 1_500_000 }, '1.5 MB'],
    ['run', { run_name: '', run: '0123456789' }, '01234567'],
    ['uses', { uses: [{ kind: 'service', name: 'x' }] }, 'x'],
    ['description', { description: `${P}\nand more` }, `${P} and more`]
  ])('say %s in words', (key, fields, words) => {
    expect(said(key, fields)).toBe(words);
  });
});
