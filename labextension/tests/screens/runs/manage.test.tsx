import { describe, expect, it, vi } from 'vitest';
import {
  button,
  cell,
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

async function openMenu(of: HTMLElement): Promise<void> {
  of.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  await until(() => expect(find('[role=menu]')).not.toBeNull());
}
const said = (): string => find('.aml-message')?.textContent ?? '';
const asked = (kind: string): unknown[] =>
  host.asked.filter(([of]) => of === kind).map(([, question]) => question);

function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('the menu of runs', () => {
  it('is there by a right click, by keys, and by a button', async () => {
    mount(tableOf(rows(3)), { insert: vi.fn() });
    await openMenu(cell(3, 2));
    expect(menu()).toEqual([
      ...['Open', 'Rename…', 'Notes…', 'Tags…', 'Star', 'Archive'],
      ...['Insert the code of this run', 'To DataFrame', 'Delete']
    ]);
    press(focused(), 'Escape');
    await drawn();
    expect([find('[role=menu]'), focused()]).toEqual([null, cell(3, 2)]);
    press(cell(3, 2), 'F10', { shiftKey: true });
    await until(() => expect(menu()).toContain('Open'));
    press(focused(), 'Escape');
    await drawn();
    find('[data-key="run-2"] .aml-row-menu').click();
    await until(() =>
      expect(find('[role=menu]').getAttribute('aria-label')).toBe('Menu of 1 runs')
    );
  });

  it('of a selected run is of all that are selected', async () => {
    const open = vi.fn();
    mount(tableOf(rows(3)), { open });
    cell(3, 0).click();
    cell(1, 0).click();
    await drawn();
    await openMenu(cell(1, 2));
    expect(menu()).toEqual(['Compare 2 runs', 'Star', 'Archive', 'Delete']);
    item('Compare 2 runs').click();
    expect(open).toHaveBeenCalledWith({ kind: 'compare', runs: ['run-3', 'run-1'] });
  });

  it('stars, and tells the store', async () => {
    mount(tableOf([row(2, { starred: true }), row(1)]));
    expect(cell(2, 2).querySelector('[role=img]')!.getAttribute('aria-label')).toBe('starred');
    host.says = { update_runs: { runs: [] } };
    await openMenu(cell(2, 2));
    item('Take the star away').click();
    await until(() => expect(asked('update_runs')).toEqual([{ runs: ['run-2'], starred: false }]));
  });

  it('archives and deletes with a way back', async () => {
    mount(tableOf(rows(2)));
    host.says = {
      update_runs: { runs: [] },
      delete_runs: { runs: ['run-1'], count: 3, until: null },
      restore_runs: { runs: [] }
    };
    await openMenu(cell(2, 2));
    item('Archive').click();
    await until(() => expect(said()).toContain('Archived: 1 runs.'));
    button('Undo').click();
    await until(() =>
      expect(asked('update_runs').at(-1)).toEqual({ runs: ['run-2'], archived: false })
    );
    cell(1, 0).click();
    await drawn();
    await openMenu(cell(1, 2));
    item('Delete').click();
    await until(() => expect(said()).toContain('Deleted: 3 runs.'));
    expect(find('.aml-count').textContent).toBe('2 runs, 0 selected');
    button('Undo').click();
    await until(() => expect(asked('restore_runs')).toEqual([{ runs: ['run-1'] }]));
  });

  it('does not delete what goes on, and asks before it ends much work', async () => {
    mount(
      tableOf([
        row(2, { status: 'Running', elapsed: 600 }),
        row(1, { status: 'Running', elapsed: 5 })
      ])
    );
    host.says = { cancel: { status: 'CancelRequested', reason: '' } };
    await openMenu(cell(1, 2));
    expect(item('Delete').getAttribute('aria-disabled')).toBe('true');
    item('Cancel').click();
    await until(() => expect(asked('cancel')).toEqual([{ run: 'run-1' }]));
    await openMenu(cell(2, 2));
    item('Cancel…').click();
    await until(() => expect(find('[role=dialog]').textContent).toContain('10 min 00 s'));
    expect(asked('cancel')).toHaveLength(1);
    button('Cancel the runs').click();
    await until(() => expect(asked('cancel')).toHaveLength(2));
  });

  it('renames in a small form, which says what is wrong', async () => {
    mount(tableOf(rows(1)));
    host.says = { update_run: new Error('A name has at most 200 letters.') };
    await openMenu(cell(1, 2));
    item('Rename…').click();
    await until(() => expect(find('[role=dialog] input')).not.toBeNull());
    const field = find('[role=dialog] input') as HTMLInputElement;
    expect([field.value, focused()]).toEqual(['name 1', field]);
    type(field, 'better');
    await drawn();
    find('[role=dialog] form').dispatchEvent(
      new Event('submit', { cancelable: true, bubbles: true })
    );
    await until(() => expect(find('[role=dialog]').textContent).toContain('at most 200 letters'));
    host.says = { update_run: {} };
    find('[role=dialog] form').dispatchEvent(
      new Event('submit', { cancelable: true, bubbles: true })
    );
    await until(() => expect(find('[role=dialog]')).toBeNull());
    expect(asked('update_run').at(-1)).toEqual({ run: 'run-1', name: 'better' });
  });

  it('writes the code of a run into the notebook', async () => {
    const insert = vi.fn();
    mount(tableOf(rows(1)), { insert });
    host.says = { run_code: { handle: '', again: 'x = 1', resume: '' } };
    await openMenu(cell(1, 2));
    item('Insert the code of this run').click();
    await until(() => expect(insert).toHaveBeenCalledWith('x = 1', false));
  });
});

describe('the menu of a column', () => {
  const metrics = (number: number): object => ({ metrics: { speed: number, acc: number } });

  it('sorts, hides, moves, and tells which values are good', async () => {
    mount(tableOf(rows(3, metrics)));
    host.all = rows(3, metrics);
    expect(cell(1, 3).querySelector('[role=img]')).toBeNull();
    await openMenu(head('speed'));
    item('Lower is better').click();
    await until(() => expect(cell(1, 3).querySelector('[role=img]')).not.toBeNull());
    await openMenu(head('speed'));
    item('Move right').click();
    const titles = (): string[] => findAll('[role=columnheader]').map(one => one.textContent!);
    await until(() => expect(titles().slice(3, 5)).toEqual(['acc', 'speed']));
    await openMenu(head('speed'));
    item('Hide').click();
    await until(() => expect(titles()).not.toContain('speed'));
  });

  it('has all columns to search in, and to show all or none of', async () => {
    mount(tableOf(rows(3, metrics)));
    button('Columns').click();
    await until(() => expect(find('.aml-column-list')).not.toBeNull());
    type(find('[aria-label="Search columns"]') as HTMLInputElement, 'METRICS');
    await until(() => expect(findAll('.aml-column-list li')).toHaveLength(2));
    button('None').click();
    await until(() => expect(head('acc')).toBeUndefined());
    button('As at first').click();
    await until(() => expect(head('acc')).toBeDefined());
  });
});

describe('views', () => {
  it('are kept with the workspace under a name, and shown again', async () => {
    mount({ ...tableOf(rows(3)), query: { experiment: 'digits' } });
    host.all = rows(3);
    const state = { text: 'name 2' };
    host.says = { views: { views: [{ name: 'mine', version: 1, updated: null, state }] } };
    button('Views').click();
    await until(() => expect(button('mine')).toBeDefined());
    expect(asked('views')).toEqual([{ kind: 'runs', scope: 'digits' }]);
    button('mine').click();
    await until(() => expect(keys()).toEqual(['run-2']));
    expect((find('.aml-filter') as HTMLInputElement).value).toBe('name 2');
    host.says = { ...host.says, save_view: { views: [] } };
    button('mine').click();
    await until(() => expect(find('[aria-label="Name of the view"]')).not.toBeNull());
    find('[role=dialog] form').dispatchEvent(
      new Event('submit', { cancelable: true, bubbles: true })
    );
    await until(() => expect(asked('save_view')).toHaveLength(1));
    expect(asked('save_view')[0]).toMatchObject({ name: 'mine', state });
  });
});
