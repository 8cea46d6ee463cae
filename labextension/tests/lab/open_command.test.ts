import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Target } from '../../src/lab/commands/target';
import { SCREENS } from '../fake_screens';
import { frontOf } from './front';
import { json, Server, loaded } from './server';

const asked: object[] = [];
let typed: string | null = null;
vi.mock('@jupyterlab/apputils', () => {
  const answer = async (question: object): Promise<{ value: string | null }> => {
    asked.push(question);
    return { value: typed };
  };
  return { InputDialog: { getText: answer, getItem: answer } };
});

let server: Server;
let target: (kind: string, args: Record<string, unknown>) => Promise<Target | null>;

beforeAll(() => vi.stubGlobal('DragEvent', class extends Event {}));

beforeEach(async () => {
  asked.length = 0;
  typed = null;
  server = new Server();
  const front = frontOf(server);
  const { targetOf } = await import('../../src/lab/commands/target');
  target = (kind, args) =>
    targetOf(
      front,
      SCREENS.find(entry => entry.kind === kind)!,
      args
    );
});

describe('the command that opens a screen', () => {
  it('takes its arguments where they say enough', async () => {
    expect(await target('run', { workspace: 'w', id: 'r' })).toEqual({
      workspace: 'w',
      subject: { kind: 'run', id: 'r' }
    });
    expect(asked).toEqual([]);
  });

  it('of a screen without a command of its own takes all of them', async () => {
    expect(await target('plain', { workspace: 'w', id: 'r', kind: 'run' })).toEqual({
      workspace: 'w',
      subject: { kind: 'plain', id: 'r' }
    });
  });

  it('asks for what they do not say', async () => {
    typed = ' r ';
    expect(await target('run', { workspace: 'w', id: 7 })).toEqual({
      workspace: 'w',
      subject: { kind: 'run', id: 'r' }
    });
    expect(asked).toEqual([{ title: 'Open', label: 'Id' }]);
    typed = ' ';
    expect(await target('run', { workspace: 'w' })).toBeNull();
    typed = null;
    expect(await target('run', { workspace: 'w' })).toBeNull();
  });

  it('lets the user pick', async () => {
    typed = 'b';
    const found = target('compare', { workspace: 'w' });
    await loaded();
    await server.last.answer(json({ rows: [{ name: 'a' }, { name: 'b' }] }));
    expect(await found).toEqual({ workspace: 'w', subject: { kind: 'compare', id: 'b' } });
    expect(asked).toEqual([{ title: 'Pick', items: ['a', 'b'] }]);
    const none = expect(target('compare', { workspace: 'w' })).rejects.toThrow('nothing to pick');
    await loaded();
    await server.last.answer(json({ rows: [] }));
    await none;
  });

  it('takes the only workspace, or asks which', async () => {
    const only = target('run', { id: 'r' });
    await server.last.answer(json(['w']));
    expect((await only)?.workspace).toBe('w');
    typed = 'v';
    const picked = target('run', { id: 'r' });
    await server.last.answer(json(['w', 'v']));
    expect((await picked)?.workspace).toBe('v');
    expect(asked).toEqual([{ title: 'Workspace', items: ['w', 'v'] }]);
    const none = expect(target('run', {})).rejects.toThrow('There is no workspace yet');
    await server.last.answer(json([]));
    await none;
  });
});
