import { beforeEach, describe, expect, it } from 'vitest';
import { button, drawn, find, findAll, head, host, item, keys, mount, until } from '../page';
import { row, rows, tableOf } from '../sample';

const dialog = (): HTMLElement => find('[role=dialog]');
const names = (): string[] => findAll('.aml-view-name').map(one => one.textContent);
const opener = (): HTMLElement => findAll('.aml-opener').at(-1)!;
const asked = (kind: string): unknown[] =>
  host.asked.filter(([of]) => of === kind).map(([, question]) => question);
const view = (name: string, state: unknown = {}): object => ({
  ...{ name, version: 1, updated: null, state }
});

async function open(): Promise<void> {
  opener().click();
  await until(() => expect(dialog()).not.toBeNull());
}
async function save(name: string): Promise<void> {
  const field = find('[aria-label="Name of the view"]') as HTMLInputElement;
  field.value = name;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await drawn();
  find('[role=dialog] form').dispatchEvent(
    new Event('submit', { bubbles: true, cancelable: true })
  );
  await drawn();
}

describe('views', () => {
  beforeEach(() => {
    mount(tableOf(rows(3, number => ({ metrics: { loss: number, speed: number } }))));
    host.all = rows(3);
  });

  it('say what they are for where there is none, and wait for the host', async () => {
    let answer: (views: object) => void = () => undefined;
    host.says = { views: new Promise(resolve => (answer = resolve)) };
    await open();
    expect(dialog().textContent).toContain('Loading…');
    answer({ views: [] });
    await until(() => expect(dialog().textContent).toContain('under a name'));
    expect(opener().getAttribute('aria-expanded')).toBe('true');
  });

  it('say why they could not be read, and go on', async () => {
    host.says = { views: new Error('no such <workspace>') };
    await open();
    await until(() => expect(dialog().textContent).toContain('no such <workspace>'));
    expect(dialog().querySelector('form')).not.toBeNull();
  });

  it('are saved under a name without blanks around it, which is that of the button then', async () => {
    host.says = { views: { views: [] }, save_view: { views: [view('my view')] } };
    await open();
    await save('   ');
    expect(asked('save_view')).toEqual([]);
    await save('  my view ');
    await until(() => expect(opener().textContent).toBe('my view'));
    expect(asked('save_view')).toEqual([
      expect.objectContaining({ kind: 'runs', scope: '', name: 'my view' })
    ]);
    expect(names()).toEqual(['my view']);
    expect(find('.aml-view-name').getAttribute('aria-current')).toBe('true');
  });

  it('that could not be saved are not said to be shown', async () => {
    host.says = { views: { views: [] }, save_view: new Error('The name is taken.') };
    await open();
    await save('mine');
    await until(() => expect(find('.aml-message').textContent).toContain('The name is taken.'));
    expect(opener().textContent).toBe('Views');
  });

  it('are deleted, and the one that was shown is not named any more', async () => {
    const state = { shown: { 'metrics.speed': false } };
    host.says = { views: { views: [view('mine', state), view('other')] } };
    await open();
    await until(() => expect(names()).toEqual(['mine', 'other']));
    button('mine').click();
    await until(() => expect(head('speed')).toBeUndefined());
    expect(opener().textContent).toBe('mine');
    host.says['delete_view'] = { views: [view('other')] };
    await open();
    await until(() => expect(asked('views')).toHaveLength(2));
    expect(names()).toHaveLength(2);
    find('[aria-label="Delete the view mine"]').click();
    await until(() => expect(names()).toEqual(['other']));
    expect([opener().textContent, head('speed')]).toEqual(['Views', undefined]);
  });

  it('that are deleted are not brought back by a list that was asked for before', async () => {
    host.says = { views: { views: [view('mine'), view('other')] } };
    await open();
    await until(() => expect(names()).toEqual(['mine', 'other']));
    opener().click();
    await drawn();
    let answer: (views: object) => void = () => undefined;
    host.says = {
      views: new Promise(resolve => (answer = resolve)),
      delete_view: { views: [view('other')] }
    };
    await open();
    await until(() => expect(asked('views')).toHaveLength(2));
    find('[aria-label="Delete the view mine"]').click();
    await until(() => expect(names()).toEqual(['other']));
    answer({ views: [view('mine'), view('other')] });
    await drawn();
    expect(names()).toEqual(['other']);
  });

  it('that could not be deleted stay, and are said to', async () => {
    host.says = { views: { views: [view('mine')] }, delete_view: new Error('not yours') };
    await open();
    await until(() => expect(names()).toEqual(['mine']));
    find('[aria-label="Delete the view mine"]').click();
    await until(() => expect(find('.aml-message').textContent).toContain('not yours'));
    expect(names()).toEqual(['mine']);
  });

  it('are left by the next choice: what is shown is not what was saved', async () => {
    host.says = { views: { views: [view('mine')] } };
    await open();
    await until(() => expect(names()).toEqual(['mine']));
    button('mine').click();
    await until(() => expect(opener().textContent).toBe('mine'));
    head('loss').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    await until(() => expect(item('Hide')).toBeDefined());
    item('Hide').click();
    await until(() => expect(opener().textContent).toBe('Views'));
  });

  it('of a newer form are shown as far as they are known', async () => {
    const state = {
      ...{ text: 'name 2', order: 'by heart', sort: 5, metric: ['x'] },
      ...{ isStarredOnly: 'yes', groups: { nested: true }, by: 7 }
    };
    host.says = { views: { views: [view('newer', state), view('empty', null)] } };
    await open();
    await until(() => expect(names()).toHaveLength(2));
    button('newer').click();
    await until(() => expect(keys()).toEqual(['run-2']));
    await open();
    button('empty').click();
    await until(() => expect(keys()).toHaveLength(3));
  });

  it('have hostile names as text', async () => {
    const name = '<img src=x onerror="window.__pwned=1">\u202e';
    host.says = { views: { views: [view(name)] } };
    await open();
    await until(() => expect(names()).toEqual([name.replace('\u202e', '\ufffd')]));
    expect(dialog().querySelector('img')).toBeNull();
  });
});

it('views belong to an experiment where the table is of one', async () => {
  mount({ ...tableOf([row(1)]), query: { experiment: 'digits', filter: 'x = 1' } });
  host.says = { views: { views: [view('mine')] }, delete_view: { views: [] } };
  await open();
  await until(() => expect(names()).toEqual(['mine']));
  find('[aria-label="Delete the view mine"]').click();
  await until(() => expect(asked('delete_view')).toHaveLength(1));
  expect([asked('views')[0], asked('delete_view')[0]]).toEqual([
    { kind: 'runs', scope: 'digits' },
    { kind: 'runs', scope: 'digits', name: 'mine' }
  ]);
});
