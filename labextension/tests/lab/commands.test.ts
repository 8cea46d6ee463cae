import { Widget } from '@lumino/widgets';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMAND } from '../../src/lab/commands/command';
import { asked, forget, notes, user } from './fake_apputils';
import { active, LabPage } from './lab_page';
import { loaded, settle } from './server';

vi.mock('@jupyterlab/application', () => ({ ILabShell: 'shell', ILayoutRestorer: 'restorer' }));
vi.mock('@jupyterlab/apputils', () => import('./fake_apputils'));
vi.mock('@jupyterlab/launcher', () => ({ ILauncher: 'launcher' }));
vi.mock('@jupyterlab/ui-components', () => ({ LabIcon: class {} }));
vi.mock('../../src/lab/front_plugin', () => ({ IFront: 'front' }));
vi.mock('../../src/screens/registry.gen', () => import('../fake_screens'));

let page: LabPage;
let inserted: [string, boolean][];
let isNotebookOpen: boolean;

beforeEach(async () => {
  forget();
  [inserted, isNotebookOpen] = [[], true];
  page = new LabPage();
  page.front.notebooks = {
    insert: (_near, code, isRun) => {
      inserted.push([code, isRun]);
      return isNotebookOpen;
    },
    ...{ session: () => null, save: () => undefined, hold: () => null, holdView: () => undefined }
  };
  const { commands } = await import('../../src/lab/commands/commands');
  const { palette, launcher, shell, paletteOf } = page;
  page.activate(commands, shell, null, paletteOf(palette), paletteOf(launcher));
});

const run = (command: string, args: object = {}): Promise<unknown> =>
  page.commands.execute(command, args as never);
const labels = (): string[] => page.tabs.map(tab => tab.node.textContent);

describe('the commands', () => {
  it('are in the palette, and one that a screen wants there is in the launcher', () => {
    expect(page.palette.sort()).toEqual([
      'aml-magics:cancel-run',
      'aml-magics:dataframe-of-runs',
      'aml-magics:insert-run-cell',
      'test:open-run',
      'test:pick'
    ]);
    expect(page.launcher).toEqual(['test:open-run']);
  });

  it('open each screen that stands in a tab, those without a command of their own by their kind', () => {
    expect(page.commands.hasCommand('aml-magics:open-plain')).toBe(true);
    expect(page.commands.hasCommand('aml-magics:open-panel')).toBe(false);
    expect(page.commands.label('test:open-run')).toBe('Open a run…');
  });
});

describe('the command that opens a run', () => {
  it('shows it in a tab, and the tab that is there the second time', async () => {
    const first = await run('test:open-run', { workspace: 'w', id: 'r' });
    await loaded();
    await page.answer('workspaces/w/ask/run', { id: 'r', name: 'train\n\u202ex' });
    await vi.dynamicImportSettled();
    await settle();
    expect(labels()).toEqual(['screen run']);
    expect(page.tabs[0]).toBe(first);
    expect(page.shown).toBe(page.tabs[0]!.id);
    page.shown = null;
    vi.spyOn(page.tabs[0]!, 'parent', 'get').mockReturnValue(new Widget());
    expect(await run('test:open-run', { workspace: 'w', id: 'r' })).toBe(first);
    expect(page.shown).toBe(page.tabs[0]!.id);
    await run('test:open-run', { workspace: 'v', id: 'r' });
    expect(page.tabs).toHaveLength(2);
  });

  it('opens nothing where the user lets it be', async () => {
    expect(await run('test:open-run', { workspace: 'w' })).toBeUndefined();
    expect([page.tabs, notes]).toEqual([[], []]);
  });

  it('says why nothing can be opened', async () => {
    const done = run('test:open-run', { id: 'r' });
    await loaded();
    await page.answer('workspaces', []);
    await done;
    expect(notes).toMatchObject([
      { type: 'error', text: 'There is no workspace yet: the first run makes one.' }
    ]);
    const failed = run('test:open-run', { id: 'r' });
    await loaded();
    await page.request('workspaces').fail();
    await failed;
    expect(notes.at(-1)!.text).toBe('The Jupyter server does not answer.');
    expect(page.tabs).toEqual([]);
  });
});

describe('the commands that write into a notebook', () => {
  it('insert a cell that is a run, which they leave to the user to run', async () => {
    await run(COMMAND.insertRunCell);
    expect(inserted).toEqual([['%%aml_run\n\nrun.log("metric", 0.0)\n', false]]);
    expect(notes).toEqual([]);
  });

  it('make a DataFrame of the runs that are named, and of all where none are', async () => {
    await run(COMMAND.dataframeOfRuns, { runs: ['a', "b'; !rm"] });
    await run(COMMAND.dataframeOfRuns);
    await run(COMMAND.dataframeOfRuns, { runs: ['a', 7] });
    expect(inserted).toEqual([
      [`runs = %aml runs a 'b'"'"'; !rm'`, true],
      ['runs = %aml runs', true],
      ['runs = %aml runs', true]
    ]);
  });

  it('say that a notebook is to be opened first', async () => {
    isNotebookOpen = false;
    await run(COMMAND.insertRunCell);
    expect(notes).toMatchObject([
      { type: 'warning', text: expect.stringContaining('Open a notebook first') as string }
    ]);
  });

  it('are off in a page without notebooks', () => {
    expect(page.commands.isEnabled(COMMAND.insertRunCell)).toBe(true);
    page.front.notebooks = null;
    expect(page.commands.isEnabled(COMMAND.insertRunCell)).toBe(false);
    expect(page.commands.isEnabled(COMMAND.dataframeOfRuns)).toBe(false);
    expect(page.commands.isEnabled(COMMAND.cancelRun)).toBe(true);
  });
});

describe('the command that cancels a run', () => {
  const view = (fields: object = {}): object => ({
    ...{ id: 'r', short_id: 'r', name: 'train', elapsed: 5, is_terminal: false },
    ...fields
  });
  const answerRun = (fields: object = {}): Promise<void> =>
    page.answer('workspaces/w/ask/run', view(fields));
  const NAMED = { workspace: 'w', run: 'r' };

  it('cancels a young one at once, and says what it is now', async () => {
    const done = run(COMMAND.cancelRun, NAMED);
    await answerRun();
    await page.answer('workspaces/w/ask/cancel', { status: 'CancelRequested', reason: '' });
    await done;
    expect(page.request('workspaces/w/ask/cancel').body).toEqual({ run: 'r' });
    expect(asked).toEqual([]);
    expect(notes).toMatchObject([{ type: 'info', text: 'The run is now: CancelRequested' }]);
  });

  it('asks once of one that would lose more than a minute, and leaves it where the user says no', async () => {
    const done = run(COMMAND.cancelRun, NAMED);
    await answerRun({ elapsed: 61 });
    await done;
    expect(asked).toMatchObject([{ title: 'Cancel a run', body: 'End train after 1 min 01 s?' }]);
    expect(page.count('workspaces/w/ask/cancel')).toBe(0);
    expect(notes).toEqual([]);
    user.accepts = true;
    const again = run(COMMAND.cancelRun, NAMED);
    await answerRun({ elapsed: 61 });
    await page.answer('workspaces/w/ask/cancel', { status: 'Canceled', reason: '' });
    await again;
    expect(notes).toMatchObject([{ text: 'The run is now: Canceled' }]);
  });

  it('asks nothing at exactly a minute, nor of one whose time nobody knows or that has ended', async () => {
    for (const fields of [{ elapsed: 60 }, { elapsed: null }, { elapsed: 99, is_terminal: true }]) {
      const done = run(COMMAND.cancelRun, NAMED);
      await answerRun(fields);
      await page.answer('workspaces/w/ask/cancel', { status: 'Completed', reason: '' });
      await done;
    }
    expect(asked).toEqual([]);
    expect(notes).toHaveLength(3);
  });

  it('says why the server refuses', async () => {
    const done = run(COMMAND.cancelRun, NAMED);
    await page.answer('workspaces/w/ask/run', { message: 'There is no run r.' }, 404);
    await done;
    expect(notes).toMatchObject([{ type: 'error', text: 'There is no run r.' }]);
  });

  it('says so where none is running', async () => {
    await run(COMMAND.cancelRun, { run: 'r' });
    expect(notes).toMatchObject([{ type: 'info', text: 'No run is running.' }]);
    expect(page.server.requests).toEqual([]);
  });

  it('lets the user pick of those that run, told apart by their ids', async () => {
    page.front.activity.watch(() => undefined);
    await page.running(active('a', { name: 'fox' }), active('b', { name: 'fox', workspace: 'v' }));
    await run(COMMAND.cancelRun);
    expect(asked).toMatchObject([{ items: ['fox · digits · a', 'fox · digits · b'] }]);
    expect(page.count('workspaces')).toBe(0);
    user.types = 'fox · digits · b';
    const done = run(COMMAND.cancelRun);
    await page.answer('workspaces/v/ask/run', view());
    await page.answer('workspaces/v/ask/cancel', { status: 'Canceled', reason: '' });
    await done;
    expect(page.request('workspaces/v/ask/cancel').body).toEqual({ run: 'b' });
  });
});
