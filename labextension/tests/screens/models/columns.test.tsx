import { describe, expect, it } from 'vitest';
import { columnsOf, sorted, textOf } from '../../../src/screens/models/columns';
import { plainly, type Host } from '../../../src/ui/host';
import { models, P, row } from './sample';

const host = { t: plainly, workspace: 'ws' } as unknown as Host;
const rows = [
  row({ name: 'b', version: 10, metrics: { accuracy: 0.5 }, size: 3 }),
  row({ name: 'a', version: 9, metrics: {}, size: 1, stage: '', aliases: [] }),
  row({ name: 'c10', version: 2, metrics: { accuracy: 0.9 }, size: 2 }),
  row({ name: 'c9', version: 1, metrics: { accuracy: NaN }, size: 4 })
];
const columns = columnsOf(models(rows), host);
const names = (column: string, descending = false): string[] =>
  sorted(rows, columns, { column, descending }).map(({ name }) => name);
const said = (key: string, fields: Parameters<typeof row>[0] = {}): string =>
  textOf(
    columns.find(one => one.key === key)!,
    row(fields)
  );

describe('the columns of models', () => {
  it('are those of names, or of the versions of one', () => {
    const keys = (name: string): string[] =>
      columnsOf(models(rows, { name }), host).map(({ key }) => key);
    expect(keys('').slice(0, 4)).toEqual(['name', 'version', 'aliases', 'metrics.accuracy']);
    expect(keys('digits').slice(0, 2)).toEqual(['version', 'aliases']);
  });

  it.each([
    ['name', ['a', 'b', 'c9', 'c10'], ['c10', 'c9', 'b', 'a']],
    ['version', ['c9', 'c10', 'a', 'b'], ['b', 'a', 'c10', 'c9']],
    ['size', ['a', 'c10', 'b', 'c9'], ['c9', 'b', 'c10', 'a']]
  ])('sort by %s both ways', (column, up, down) => {
    expect(names(column)).toEqual(up);
    expect(names(column, true)).toEqual(down);
  });

  it('put what has no value last either way', () => {
    expect(names('metrics.accuracy').at(-1)).toBe('a');
    expect(names('metrics.accuracy', true).at(-1)).toBe('a');
    expect(names('aliases', true).at(-1)).toBe('a');
  });

  it('leave the order where no column, or one that is gone, is asked for', () => {
    expect(sorted(rows, columns, null)).toBe(rows);
    expect(sorted(rows, columns, { column: 'metrics.gone', descending: false })).toBe(rows);
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
