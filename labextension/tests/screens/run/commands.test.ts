import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RUN_ACTIONS } from '../../../src/screens/run/manage/commands';
import { plainly, type Host } from '../../../src/ui/host';
import type { User } from '../../../src/ui/screen';

const P = '<img src=x>';
const view = {
  id: 'r',
  name: 'quick',
  description: 'one\ntwo',
  tags: { stage: 'try' },
  starred: false,
  archived: true
};
let asked: [string, object][];
let answers: Record<string, unknown>;
let typed: string | null;
let told: string[];
let undo: (() => Promise<void>) | undefined;
const opened = vi.fn();

const host = {
  t: plainly,
  workspace: 'w',
  open: opened,
  ask: async (kind: string, question: object) => {
    asked.push([kind, question]);
    return answers[kind];
  }
} as unknown as Host;
const questions: unknown[][] = [];
const user: User = {
  ask: async (...question) => {
    questions.push(question);
    return typed;
  },
  pick: async (_title, items) => {
    questions.push([...items]);
    return typed === null ? null : items.findIndex(item => item.startsWith(typed!));
  },
  tell: (text, back) => {
    told.push(text);
    undo = back;
  }
};
const act = (name: string, run = 'r'): Promise<void> =>
  RUN_ACTIONS.find(({ id }) => id === `aml-magics:${name}`)!.act(host, { kind: 'run', run }, user);

beforeEach(() => {
  asked = [];
  told = [];
  questions.length = 0;
  typed = null;
  undo = undefined;
  opened.mockReset();
  answers = { run: view, update_run: view, deleted_runs: { runs: [] } };
});
const changes = (): [string, object][] => asked.filter(([kind]) => kind !== 'run');

describe('what can be done with a run from the palette', () => {
  it('renames it, unless another did meanwhile', async () => {
    typed = P;
    await act('rename-run');
    expect(questions).toEqual([['Name of the run', 'quick']]);
    expect(changes()).toEqual([['update_run', { run: 'r', name: P, was: { name: 'quick' } }]]);
    expect(told).toEqual([`The run is now: ${P}`]);
  });

  it('changes nothing where the user lets it be, or writes what is there', async () => {
    for (const [name, text] of [
      ['rename-run', null],
      ['rename-run', 'quick'],
      ['note-run', null],
      ['note-run', view.description],
      ['tag-run', null],
      ['tag-run', '  ']
    ] as const) {
      typed = text;
      await act(name);
    }
    expect(changes()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('writes a note of several lines', async () => {
    typed = 'three\nfour';
    await act('note-run');
    expect(questions).toEqual([['Note of the run', 'one\ntwo', true]]);
    expect(changes()[0]![1]).toEqual({
      run: 'r',
      description: typed,
      was: { description: 'one\ntwo' }
    });
  });

  it('sets a tag, and removes one', async () => {
    typed = 'eq=a=b';
    await act('tag-run');
    typed = '-stage';
    answers['update_run'] = { ...view, tags: {} };
    await act('tag-run');
    expect(changes()).toEqual([
      ['update_run', { run: 'r', tags: { eq: 'a=b' } }],
      ['update_run', { run: 'r', tags: { stage: null } }]
    ]);
    expect(told).toEqual(['Tags: stage=try', 'The run has no tags.']);
    typed = 'final';
    await expect(act('tag-run')).rejects.toThrow('such as stage=final, not “final”');
  });

  it('stars and archives it the other way round, which is undone', async () => {
    await act('star-run');
    await act('archive-run');
    expect(changes()).toEqual([
      ['update_run', { run: 'r', starred: true }],
      ['update_run', { run: 'r', archived: false }]
    ]);
    expect(told).toEqual(['quick has a star now.', 'quick is in lists again.']);
    await undo?.();
    expect(changes().at(-1)).toEqual(['update_run', { run: 'r', archived: true }]);
  });

  it('deletes it, which is undone', async () => {
    await act('delete-run');
    expect(told).toEqual(['Deleted: quick']);
    await undo?.();
    expect(changes()).toEqual([
      ['delete_runs', { runs: ['r'] }],
      ['restore_runs', { runs: ['r'] }]
    ]);
  });

  it('brings a deleted one back, and shows it', async () => {
    await act('restore-run');
    expect(told).toEqual(['No run is deleted.']);
    const gone = (id: string, name: string) => ({ id, name, experiment: 'e' });
    answers['deleted_runs'] = { runs: [gone('1234567890', 'a'), gone('2', P)] };
    await act('restore-run');
    expect(changes().some(([kind]) => kind === 'restore_runs')).toBe(false);
    typed = P;
    await act('restore-run');
    expect(questions.at(-1)).toEqual(['a · e · 12345678', `${P} · e · 2`]);
    expect(changes().at(-1)).toEqual(['restore_runs', { runs: ['2'] }]);
    expect(told.at(-1)).toBe(`${P} is back.`);
    expect(opened).toHaveBeenCalledWith({ kind: 'run', run: '2' });
  });

  it('has names of its own, and keys that differ', () => {
    const keys = RUN_ACTIONS.flatMap(action => action.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(RUN_ACTIONS.map(({ id }) => id)).size).toBe(RUN_ACTIONS.length);
  });
});
