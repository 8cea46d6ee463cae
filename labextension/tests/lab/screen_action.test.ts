import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { MainArea } from '../../src/lab/main_area';
import type { Front } from '../../src/lab/front';
import type { Subject } from '../../src/ui/host';
import type { ScreenAction, ScreenEntry } from '../../src/ui/screen';
import { SCREENS } from '../fake_screens';
import { frontOf } from './front';
import { json, Server, loaded, settle } from './server';

interface Told {
  text: string;
  actions?: { label: string; callback: () => void }[];
}
const told: Told[] = [];
const failed: string[] = [];
let typed: string | null = null;
vi.mock('@jupyterlab/apputils', () => {
  const answer = async (): Promise<{ value: string | null }> => ({ value: typed });
  return {
    InputDialog: { getText: answer, getItem: answer },
    Dialog: { cancelButton: () => ({}), okButton: () => ({}) },
    Notification: {
      info: (text: string, { actions }: { actions?: Told['actions'] }) =>
        void told.push({ text, actions }),
      error: (text: string) => void failed.push(text)
    },
    showDialog: async ({ body }: { body: { node: HTMLTextAreaElement } }) => {
      body.node.value += '!';
      return { button: { accept: typed !== null } };
    }
  };
});

let server: Server;
let front: Front;
/** The tab in use. */
let tab: HTMLElement | null;
let commands: Record<string, (args: object) => Promise<void>>;
let bindings: { command: string; keys: string[]; selector: string }[];
let inPalette: string[];
const renew = vi.fn();
const acted: unknown[] = [];
let act: ScreenAction['act'];

beforeAll(() => vi.stubGlobal('DragEvent', class extends Event {}));

beforeEach(async () => {
  told.length = failed.length = acted.length = 0;
  [typed, tab, commands, bindings, inPalette] = [null, null, {}, [], []];
  renew.mockReset();
  server = new Server();
  front = frontOf(server);
  document.body.replaceChildren();
  act = async (host, subject) => void acted.push([host.workspace, subject]);
  const actions: ScreenAction[] = [
    {
      ...{ id: 'test:turn', label: 'Turn', keys: ['Accel Alt X'] },
      act: (...all) => act(...all)
    },
    { id: 'test:all', label: 'All', isOfAll: true, act: (...all) => act(...all) }
  ];
  const entry: ScreenEntry = { ...SCREENS[0]!, actions };
  const app = {
    commands: {
      addCommand: (id: string, { execute }: { execute: (args: object) => Promise<void> }) => {
        commands[id] = execute;
      },
      addKeyBinding: (binding: (typeof bindings)[number]) => void bindings.push(binding)
    }
  } as unknown as JupyterFrontEnd;
  const area = {
    get node() {
      return tab;
    }
  } as unknown as MainArea;
  const palette = {
    addItem: ({ command }: { command: string }) => void inPalette.push(command)
  } as unknown as ICommandPalette;
  const { addActions } = await import('../../src/lab/commands/actions');
  addActions(app, front, area, entry, palette);
});
const place = (workspace: string, subject: Subject): HTMLElement => {
  const node = document.body.appendChild(document.createElement('div'));
  front.focus.mark(node, { workspace, subject, renew });
  return node;
};
const shown = (): void => {
  tab = place('v', { kind: 'run', id: 'shown' });
};

describe('what a screen offers to do', () => {
  it('is in the palette, and has keys in a tab of ours alone', () => {
    expect(inPalette).toEqual(['test:turn', 'test:all']);
    expect(bindings).toEqual([
      { command: 'test:turn', keys: ['Accel Alt X'], selector: '.aml-lab-screen' }
    ]);
  });

  it('is done with what the tab in use shows', async () => {
    shown();
    await commands['test:turn']!({});
    expect(acted).toEqual([['v', { kind: 'run', id: 'shown' }]]);
  });

  it('is done with what the user is at rather than with the tab', async () => {
    shown();
    const output = place('u', { kind: 'run', id: 'output' });
    output.dispatchEvent(new Event('pointerdown'));
    await commands['test:turn']!({});
    const table = place('u', { kind: 'plain' });
    table.dispatchEvent(new Event('pointerdown'));
    front.focus.look(table, 'u', { kind: 'run', id: 'row' });
    await commands['test:turn']!({});
    await commands['test:all']!({});
    front.focus.look(table, 'u', null);
    await commands['test:turn']!({});
    expect(acted).toEqual([
      ['u', { kind: 'run', id: 'output' }],
      ['u', { kind: 'run', id: 'row' }],
      ['u', { kind: 'run' }],
      ['v', { kind: 'run', id: 'shown' }]
    ]);
  });

  it('is done with what its arguments name rather than with the tab', async () => {
    shown();
    await commands['test:turn']!({ workspace: 'w', id: 'named' });
    expect(acted).toEqual([['w', { kind: 'run', id: 'named' }]]);
  });

  it('is done with what the user names where the tab shows something else', async () => {
    tab = place('v', { kind: 'compare' });
    typed = 'typed';
    await commands['test:turn']!({ workspace: 'w' });
    expect(acted).toEqual([['w', { kind: 'run', id: 'typed' }]]);
    typed = null;
    await commands['test:turn']!({ workspace: 'w' });
    expect(acted).toHaveLength(1);
  });

  it('is done with a whole workspace where it is of that', async () => {
    shown();
    await commands['test:all']!({});
    tab = null;
    const done = commands['test:all']!({});
    await loaded();
    await server.last.answer(json(['only']));
    await done;
    expect(acted).toEqual([
      ['v', { kind: 'run' }],
      ['only', { kind: 'run' }]
    ]);
  });

  it('is told, drawn anew, and undone', async () => {
    shown();
    const undo = vi.fn(async () => undefined);
    act = async (_host, _subject, user) => user.tell('Done.', undo);
    await commands['test:turn']!({});
    expect(told.map(({ text }) => text)).toEqual(['Done.']);
    expect(renew).toHaveBeenCalledTimes(1);
    told[0]!.actions![0]!.callback();
    await settle();
    expect(undo).toHaveBeenCalledOnce();
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it('asks for a text, for a long one, and for one of several', async () => {
    shown();
    act = async (_host, _subject, user) => {
      acted.push(
        await user.ask('Name', 'a'),
        await user.ask('Note', 'b', true),
        await user.pick('Which', ['x', 'y'])
      );
    };
    typed = 'y';
    await commands['test:turn']!({});
    typed = null;
    await commands['test:turn']!({});
    expect(acted).toEqual(['y', 'b!', 1, null, null, null]);
  });

  it('that fails says why', async () => {
    shown();
    act = () => Promise.reject(new Error('It is Running.'));
    await commands['test:turn']!({});
    expect(failed).toEqual(['It is Running.']);
  });
});
