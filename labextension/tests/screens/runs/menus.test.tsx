import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { savedFiles, type SavedFile } from '../../saved_files';
import {
  button,
  cell,
  count,
  drawn,
  find,
  findAll,
  head,
  host,
  item,
  keys,
  menu,
  mount,
  until
} from './page';
import { focused, press, row, rows, tableOf } from './sample';

const metrics = (number: number): object => ({
  metrics: { loss: number, speed: 10 - number },
  params: { lr: number / 10 },
  tags: { stage: number % 2 ? 'a' : 'b' }
});
const titles = (): string[] => findAll('[role=columnheader]').map(one => one.textContent);
const asked = (kind: string): unknown[] =>
  host.asked.filter(([of]) => of === kind).map(([, question]) => question);

async function open(of: HTMLElement): Promise<void> {
  of.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  await until(() => expect(find('[role=menu]')).not.toBeNull());
}
async function more(): Promise<void> {
  find('.aml-more-menu').click();
  await until(() => expect(find('[role=menu]')).not.toBeNull());
}

describe('the menu of a column', () => {
  beforeEach(() => {
    mount(tableOf(rows(3, metrics)));
    host.all = rows(3, metrics);
  });

  it('sorts both ways, and says which way it is sorted', async () => {
    await open(head('lr'));
    expect(item('Sort ascending').getAttribute('aria-checked')).toBe('false');
    item('Sort ascending').click();
    await until(() => expect(keys()).toEqual(['run-1', 'run-2', 'run-3']));
    expect(asked('runs').at(-1)).toMatchObject({ query: { sort: 'params.lr asc' } });
    await open(head('lr'));
    expect([
      item('Sort ascending').getAttribute('aria-checked'),
      item('Sort descending').getAttribute('aria-checked')
    ]).toEqual(['true', 'false']);
    item('Sort descending').click();
    await until(() => expect(head('lr').getAttribute('aria-sort')).toBe('descending'));
  });

  it('groups by a parameter, and by no metric', async () => {
    await open(head('loss'));
    expect(menu().some(text => text.startsWith('Group'))).toBe(false);
    press(focused(), 'Escape');
    await drawn();
    await open(head('lr'));
    item('Group by params.lr').click();
    await until(() => expect(asked('runs').at(-1)).toMatchObject({ query: { by: 'params.lr' } }));
  });

  it('keeps the word on which value is good, and takes it back', async () => {
    await open(head('speed'));
    item('Lower is better').click();
    await until(() => expect(find('[data-key="run-3"] .aml-best')).not.toBeNull());
    await open(head('speed'));
    expect(item('Lower is better').getAttribute('aria-checked')).toBe('true');
    item('Neither is better').click();
    await until(() => expect(find('[data-key="run-3"] .aml-best')).toBeNull());
    expect(asked('runs')).toEqual([]);
  });

  it('does not move a column beyond the ends, nor hide the name', async () => {
    await open(head('Status'));
    expect(item('Move left').getAttribute('aria-disabled')).toBe('true');
    item('Move left').click();
    expect(find('[role=menu]')).not.toBeNull();
    press(focused(), 'Escape');
    await drawn();
    await open(head('Run'));
    expect(item('Hide').getAttribute('aria-disabled')).toBe('true');
  });

  it('moves a column to the front at once', async () => {
    await open(head('speed'));
    item('Move to the front').click();
    await until(() => expect(titles()[1]).toBe('speed'));
    expect(titles()).toContain('Status');
  });

  it('sorts tags by nothing', async () => {
    await open(head('Tags'));
    expect(menu()).toEqual(['Move left', 'Move right', 'Move to the front', 'Hide']);
  });
});

describe('the menu at the end of the toolbar', () => {
  let files: SavedFile[];
  beforeEach(() => {
    files = savedFiles();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('finds starred runs alone and archived ones too, and says that it does', async () => {
    mount(tableOf(rows(2)));
    host.all = rows(2);
    await more();
    item('Starred runs only').click();
    await until(() => expect(asked('runs')).toHaveLength(1));
    await more();
    expect(item('Starred runs only').getAttribute('aria-checked')).toBe('true');
    item('Archived runs, too').click();
    await until(() => expect(asked('runs')).toHaveLength(2));
    expect(asked('runs').map(question => (question as { query: unknown }).query)).toEqual([
      { find: 'starred = true' },
      { find: 'starred = true and archived in (true, false)' }
    ]);
  });

  it('forgets all that was chosen', async () => {
    mount(tableOf(rows(3, metrics)));
    host.all = rows(3, metrics);
    await open(head('speed'));
    item('Hide').click();
    await until(() => expect(titles()).not.toContain('speed'));
    await more();
    item('Forget all that was chosen').click();
    await until(() => expect(titles()).toContain('speed'));
  });

  it('saves all runs of the query as CSV, page by page, whatever is loaded', async () => {
    const all = rows(1_205, metrics);
    mount({ ...tableOf(all.slice(0, 100), 1_105), query: { experiment: 'two words/é' } });
    host.all = all;
    await more();
    item('Save as CSV').click();
    await until(() => expect(files).toHaveLength(1));
    expect(files[0]).toMatchObject({ name: 'two_words_.csv', type: 'text/csv;charset=utf-8' });
    const lines = (await files[0]!.text()).split('\r\n');
    expect(lines).toHaveLength(1_205 + 2);
    expect(lines[0]).toBe(
      '\ufeffid,number,name,experiment,status,started,seconds,params.lr,metrics.loss,metrics.speed,tags.stage'
    );
    expect(asked('runs').map(question => (question as { offset: number }).offset)).toEqual([
      0, 1_000
    ]);
    await until(() => expect(count()).not.toBe('Loading…'));
  });

  it('says why a CSV could not be made, and saves no half of it', async () => {
    mount(tableOf(rows(2)));
    host.says = { runs: new Error('the store is locked') };
    await more();
    item('Save as CSV').click();
    await until(() => expect(find('[role=alert]').textContent).toContain('the store is locked'));
    expect([files.length, count()]).toEqual([0, '2 runs, 0 selected']);
  });

  it('of a table at the side holds what has no room, the metric that is shown among it', async () => {
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(readonly told: () => void) {}
        observe(node: Element): void {
          Object.defineProperty(node, 'clientWidth', { value: 300 });
          this.told();
        }
        disconnect(): void {}
      }
    );
    const insert = vi.fn();
    mount(tableOf(rows(3, metrics)), { insert });
    await until(() => expect(find('.aml-group-by')).toBeNull());
    expect(titles()).toEqual(['Status', 'Run', 'loss', 'Age']);
    await more();
    expect(item('Compare 0 runs').getAttribute('aria-disabled')).toBe('true');
    expect(item('Compare all 3').getAttribute('aria-disabled')).toBeNull();
    expect(item('To DataFrame').getAttribute('aria-disabled')).toBe('true');
    expect(menu()).toEqual(
      expect.arrayContaining(['loss', 'speed', 'No groups', 'Group by params.lr', 'Views…'])
    );
    item('speed').click();
    await until(() => expect(titles()[2]).toBe('speed'));
    await more();
    item('Views…').click();
    await until(() => expect(find('[role=dialog]').getAttribute('aria-label')).toBe('Views'));
  });
});

describe('the menu of runs', () => {
  it('of many offers what can be done with many, in their number', async () => {
    mount(tableOf(rows(25)));
    cell(25, 0).focus();
    press(focused(), 'a', { ctrlKey: true });
    await until(() => expect(count()).toBe('25 runs, 25 selected'));
    await open(cell(25, 2));
    expect(item('Compare 25 runs').getAttribute('aria-disabled')).toBeNull();
    expect(item('Compare 25 runs').title).toBe('');
    host.says = { update_runs: { runs: [] } };
    item('Archive').click();
    await until(() => expect(find('.aml-message').textContent).toContain('Archived: 25 runs.'));
  });

  it('brings archived runs back, where all of them are', async () => {
    mount(tableOf([row(2, { archived: true }), row(1)]));
    host.says = { update_runs: { runs: [] } };
    await open(cell(2, 2));
    item('Bring back from the archive').click();
    await until(() =>
      expect(find('.aml-message').textContent).toContain('Back from the archive: 1 runs.')
    );
    expect(asked('update_runs')).toEqual([{ runs: ['run-2'], archived: false }]);
  });

  it('says what the host refuses, and the message can be closed', async () => {
    mount(tableOf(rows(1)));
    host.says = { update_runs: new Error('<b>read only</b>') };
    await open(cell(1, 2));
    item('Star').click();
    await until(() => expect(find('[role=alert]').textContent).toContain('<b>read only</b>'));
    button('✕').click();
    await drawn();
    expect(find('.aml-message')).toBeNull();
  });

  it('lets runs go on where the question about them is answered so', async () => {
    mount(tableOf([row(1, { status: 'Running', elapsed: 600 })]));
    await open(cell(1, 2));
    item('Cancel…').click();
    await until(() => expect(button('Let them run')).toBeDefined());
    button('Let them run').click();
    await drawn();
    expect([find('[role=dialog]'), asked('cancel')]).toEqual([null, []]);
  });

  it('says that a run keeps no code', async () => {
    const insert = vi.fn();
    mount(tableOf(rows(1)), { insert });
    host.says = { run_code: { handle: '', again: '', resume: '' } };
    await open(cell(1, 2));
    item('Insert the code of this run').click();
    await until(() =>
      expect(find('[role=alert]').textContent).toContain('keeps no code that could be run again')
    );
    expect(insert).not.toHaveBeenCalled();
  });
});
