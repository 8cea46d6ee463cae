import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entryOf, entryOfMime, SCREENS } from '../../src/screens/registry';
import { plainly, type Host } from '../../src/ui/host';

const host = (answer: unknown): Host =>
  ({ workspace: 'w', ask: async () => answer, t: plainly }) as unknown as Host;

describe('the registry', () => {
  it('is what the folders say', () => {
    const file = 'src/screens/registry.gen.ts';
    const before = readFileSync(file, 'utf8');
    execFileSync('node', ['bundle/screens.mjs']);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('has each kind, each type and each command once', () => {
    const all = (of: (entry: (typeof SCREENS)[number]) => string | null | undefined): void => {
      const found = SCREENS.flatMap(entry => of(entry) ?? []);
      expect(new Set(found).size).toBe(found.length);
    };
    all(entry => entry.kind);
    all(entry => entry.mime);
    all(entry => entry.command?.id);
  });

  it('finds a screen by kind and by type', () => {
    expect(entryOf('run')?.kind).toBe('run');
    expect(entryOfMime('application/vnd.aml-magics.run-table+json')?.kind).toBe('runs');
    expect([entryOf('constructor'), entryOfMime('text/html')]).toEqual([null, null]);
  });

  it('has the code of each screen', async () => {
    for (const entry of SCREENS) {
      expect(typeof (await entry.load()).mount).toBe('function');
    }
  });
});

describe('an entry', () => {
  it.each([
    ['run', { kind: 'run', run: 'r' }, { id: 'r', name: 'a\nb', short_id: 's' }, 'a b'],
    ['runs', { kind: 'runs', query: {} }, { rows: [] }, 'Azure ML runs'],
    ['runs', { kind: 'runs', query: { experiment: 'e' } }, { rows: [] }, 'Runs of e'],
    ['compare', { kind: 'compare', runs: ['a'] }, { runs: [{ id: 'a' }] }, 'Comparison of 1 runs'],
    ['dataset', { kind: 'dataset', dataset: 'i' }, { id: 'i', name: 'people' }, 'people'],
    ['models', { kind: 'models' }, { name: '', filter: '', rows: [] }, 'Models'],
    ['models', { kind: 'models', name: 'm' }, { name: 'm', filter: '' }, 'Versions of m'],
    ['model', { kind: 'model', model: 'm:2' }, { id: 'm:2' }, 'm:2'],
    ['workspace', { kind: 'workspace' }, {}, 'Azure ML runs']
  ])('of %s asks for %j, and knows it again', async (kind, subject, view, title) => {
    const entry = entryOf(kind)!;
    const snapshot = await entry.snapshot(host(view), subject);
    expect(snapshot).toMatchObject({ version: 1, workspace: 'w', view });
    expect(entry.subjectOf(snapshot)).toEqual(subject);
    expect(entry.title(snapshot, subject, plainly)).toBe(title);
  });

  it.each([
    [{ dataset: 'people', version: 2 }, { name: 'people', id: 'i' }, 'people, version 2'],
    [{ dataset: '01234567890' }, { name: null, id: '01234567890' }, 'Dataset 01234567']
  ])('of a dataset with %j of %j is called %j', (fields, view, title) => {
    const snapshot = { version: 1, workspace: 'w', view };
    const entry = entryOf('dataset')!;
    expect(entry.title(snapshot, { kind: 'dataset', ...fields }, plainly)).toBe(title);
  });

  it('knows when nothing more is to come', () => {
    const of = (kind: string, view: object): boolean | undefined =>
      entryOf(kind)!.isOver?.({ version: 1, workspace: 'w', view });
    expect([of('run', { is_terminal: true }), of('run', { is_terminal: false })]).toEqual([
      true,
      false
    ]);
    const runs = [{ status: 'Completed' }, { status: 'Running' }];
    expect([of('compare', { runs }), of('compare', { runs: runs.slice(0, 1) })]).toEqual([
      false,
      true
    ]);
    expect([of('runs', {}), of('dataset', {})]).toEqual([undefined, undefined]);
  });
});

describe('the command of a screen', () => {
  it.each([
    ['run', { run: 'r' }, { kind: 'run', run: 'r' }],
    ['run', { run: '' }, null],
    ['runs', { query: { sort: 'x' } }, { kind: 'runs', query: { sort: 'x' } }],
    ['runs', { query: [] }, { kind: 'runs', query: {} }],
    ['compare', { runs: ['a', 'b'] }, { kind: 'compare', runs: ['a', 'b'] }],
    ['compare', { runs: ['a', 2] }, null],
    ['compare', { runs: [] }, null],
    ['dataset', { dataset: 'd', version: 2 }, { kind: 'dataset', dataset: 'd', version: 2 }],
    ['dataset', { dataset: 'd', version: '2' }, { kind: 'dataset', dataset: 'd' }],
    ['dataset', { dataset: 1 }, null]
  ])('of %s takes %j', (kind, args, subject) => {
    expect(entryOf(kind)!.command!.subjectOf(args)).toEqual(subject);
  });

  it('takes ids with blanks or commas between them, each once', () => {
    expect(entryOf('compare')!.command!.question!.answered(' a, b\ta ')).toEqual({
      kind: 'compare',
      runs: ['a', 'b']
    });
  });

  it('offers the datasets that there are', async () => {
    const { question } = entryOf('dataset')!.command!;
    expect(await question!.choices!(host({ rows: [{ name: 'a' }] }))).toEqual(['a']);
  });
});
