import { describe, expect, it } from 'vitest';
import { button, cell, drawn, find, host, item, mount, until } from './page';
import { focused, press, row, tableOf } from './sample';

type Field = HTMLInputElement | HTMLTextAreaElement;
const dialog = (): HTMLElement => find('[role=dialog]');
const field = (): Field => dialog().querySelector<Field>('input, textarea')!;
const asked = (kind: string): unknown[] =>
  host.asked.filter(([of]) => of === kind).map(([, question]) => question);

function type(text: string): void {
  field().value = text;
  field().dispatchEvent(new Event('input', { bubbles: true }));
}
function send(): void {
  find('[role=dialog] form').dispatchEvent(
    new Event('submit', { bubbles: true, cancelable: true })
  );
}
/** Open a form of run 1. */
async function edit(part: 'Rename…' | 'Notes…' | 'Tags…'): Promise<void> {
  cell(1, 2).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  await until(() => expect(item(part)).toBeDefined());
  item(part).click();
  await until(() => expect(dialog()).not.toBeNull());
}

describe('notes', () => {
  it('are asked for, and wait to be written until they are there', async () => {
    let answer: (run: { description: string }) => void = () => undefined;
    mount(tableOf([row(1)]));
    host.says = { run: new Promise(resolve => (answer = resolve)), update_run: {} };
    await edit('Notes…');
    expect([field().disabled, field().value]).toEqual([true, '']);
    send();
    await drawn();
    expect(asked('update_run')).toEqual([]);
    answer({ description: 'first\nsecond <b>' });
    await until(() => expect(field().disabled).toBe(false));
    expect(field().value).toBe('first\nsecond <b>');
    type('third');
    await drawn();
    press(field(), 'Enter');
    expect(asked('update_run')).toEqual([]);
    press(field(), 'Enter', { ctrlKey: true });
    await until(() => expect(dialog()).toBeNull());
    expect(asked('update_run')).toEqual([{ run: 'run-1', description: 'third' }]);
  });

  it('that could not be read are not written over', async () => {
    mount(tableOf([row(1)]));
    host.says = { run: new Error('the store is away'), update_run: {} };
    await edit('Notes…');
    await until(() => expect(dialog().textContent).toContain('the store is away'));
    expect(field().disabled).toBe(true);
    send();
    await drawn();
    expect([asked('update_run'), dialog()]).not.toContain(null);
    expect(asked('update_run')).toEqual([]);
  });

  it('that come after the form was left are of no use', async () => {
    let answer: (run: { description: string }) => void = () => undefined;
    mount(tableOf([row(1)]));
    host.says = { run: new Promise(resolve => (answer = resolve)) };
    await edit('Notes…');
    button('Leave it').click();
    await drawn();
    answer({ description: 'late' });
    await drawn();
    expect(dialog()).toBeNull();
  });
});

describe('tags', () => {
  it('are lines, of which those that are taken out are removed', async () => {
    mount(tableOf([row(1, { tags: { stage: 'final', keep: '', old: 'x' } })]));
    host.says = { update_run: {} };
    await edit('Tags…');
    expect(field().value).toBe('stage = final\nkeep\nold = x');
    expect(dialog().textContent).toContain('A tag in each line: name, or name = value');
    type('stage = done\nkeep\n\nnew = 1 = 2\n = nothing');
    await drawn();
    send();
    await until(() => expect(dialog()).toBeNull());
    expect(asked('update_run')).toEqual([
      { run: 'run-1', tags: { stage: 'done', keep: '', new: '1 = 2', old: null } }
    ]);
  });
});

describe('a form of a run', () => {
  it('is named by its run, on one line and as text', async () => {
    mount(tableOf([row(1, { name: '<i>a</i>\n\u202eb' })]));
    await edit('Rename…');
    expect(dialog().getAttribute('aria-label')).toBe('Name of <i>a</i> \ufffdb');
    expect(dialog().querySelector('i')).toBeNull();
    expect(field().labels![0]!.textContent).toContain('Name of');
  });

  it('gives up by Escape and by a click elsewhere, and asks nothing', async () => {
    mount(tableOf([row(1)]));
    await edit('Rename…');
    type('half a na');
    press(focused(), 'Escape');
    await drawn();
    expect(dialog()).toBeNull();
    await edit('Rename…');
    expect(field().value).toBe('name 1');
    // It listens once it is painted.
    await until(() => {
      document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
      expect(dialog()).toBeNull();
    });
    expect(asked('update_run')).toEqual([]);
  });

  it('keeps what is typed while the table changes below it', async () => {
    mount(tableOf([row(1, { status: 'Running' })]));
    await edit('Rename…');
    type('better');
    await drawn();
    host.to('runs').event({
      ...{ type: 'rows', token: '1', removed: [], order: null, more: 0 },
      rows: [row(1, { status: 'Completed', name: 'told anew' })]
    });
    await until(() => expect(cell(1, 1).textContent).toContain('Completed'));
    expect(field().value).toBe('better');
  });
});
