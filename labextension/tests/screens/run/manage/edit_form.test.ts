import { describe, expect, it, vi } from 'vitest';
import type { Answers, Questions } from '../../../../src/contract.gen';
import {
  button,
  done,
  find,
  host,
  open,
  parent,
  press,
  run,
  settle,
  type,
  update
} from '../run_page';

vi.mock('../../../../src/ui/chart/chart', () => ({ Chart: () => null }));

type Change = Questions['update_run'];
type Changed = Answers['update_run'];

const form = (): HTMLFormElement | null => find<HTMLFormElement>('form.aml-run-edit');
const boxes = (): [HTMLInputElement, HTMLTextAreaElement, HTMLTextAreaElement] =>
  [...form()!.querySelectorAll('input, textarea')] as never;

/** Saves, and answers with what was sent. */
const saved = (change: Change): Changed => ({
  ...{ id: change.run, name: change.name ?? 'quick fox', description: change.description ?? '' },
  ...{ tags: {}, starred: false, archived: false }
});

async function edit(
  tags: Record<string, string | null> = {},
  answer: (change: Change) => Changed | Promise<Changed> = saved
): Promise<void> {
  await open(done({ tags }), { update_run: answer });
  button(parent, 'Edit').click();
  await settle();
}

async function save(): Promise<void> {
  button(form()!, 'Save').click();
  await settle();
}

const sent = (): Change => host.questions('update_run').at(-1) as Change;

describe('the tags in the form of a run', () => {
  it('are lines, of which one without a value is a name', async () => {
    await edit({ team: 'blue', bare: null, empty: '' });
    expect(boxes()[2].value).toBe('team=blue\nbare\nempty');
  });

  it.each([
    ['a new one', 'team=blue\nstage = final ', { stage: 'final' }],
    ['one with a sign of its own', 'team=blue\nq=a=b', { q: 'a=b' }],
    ['one that is gone', '', { team: null }],
    ['one of a name that every object has', 'team=blue\nconstructor=1', { constructor: '1' }],
    ['none of an empty line', 'team=blue\n  \n', undefined]
  ])('are saved as they are typed: %s', async (_, typed, tags) => {
    await edit({ team: 'blue' });
    await type(boxes()[2], typed);
    await save();
    expect(host.questions('update_run').map(change => (change as Change).tags)).toEqual(
      tags === undefined ? [] : [tags]
    );
    expect(form()).toBeNull();
  });

  it.each([
    ['several lines', { note: 'one\ntwo' }],
    ['a sign in the name', { 'a=b': 'c' }],
    ['blanks around it', { note: ' x ' }],
    ['a name of two lines', { 'a\nb': 'c' }],
    ['the line end of another system', { note: 'x\r' }]
  ])('stay as they are where a line cannot hold them: %s', async (_, odd) => {
    await edit({ ...odd, team: 'blue' });
    expect(boxes()[2].value).toBe('team=blue');
    await type(boxes()[0], 'slow fox');
    await save();
    expect(sent()).toMatchObject({ name: 'slow fox', tags: {} });
  });
});

describe('the form of a run', () => {
  it('takes the focus, and gives it back when it is left by Escape without a word to the host', async () => {
    await edit();
    expect(document.activeElement).toBe(boxes()[0]);
    await type(boxes()[0], 'other');
    await press(boxes()[1], 'Escape');
    expect(form()).toBeNull();
    expect(document.activeElement).toBe(button(parent, 'Edit'));
    expect(host.questions('update_run')).toEqual([]);
    button(parent, 'Edit').click();
    await settle();
    expect(boxes()[0].value).toBe('quick fox');
  });

  it('says at its button whether it is open', async () => {
    await edit();
    const toggle = button(parent, 'Edit');
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    toggle.click();
    await settle();
    expect([toggle.getAttribute('aria-expanded'), form()]).toEqual(['false', null]);
    toggle.click();
    await settle();
    button(form()!, 'Leave as it was').click();
    await settle();
    expect(form()).toBeNull();
  });

  it('is saved once, however often it is sent', async () => {
    let arrive = (): void => undefined;
    await edit({}, change => new Promise(resolve => (arrive = () => resolve(saved(change)))));
    await type(boxes()[0], 'slow fox');
    await save();
    const busy = button(form()!, 'Saving…');
    expect(busy.getAttribute('aria-disabled')).toBe('true');
    form()!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    expect(host.questions('update_run')).toHaveLength(1);
    arrive();
    await settle();
    expect(form()).toBeNull();
    expect(find('h2').textContent).toBe('slow fox');
  });

  it('keeps what is typed while the run goes on, and says what the run was when it was opened', async () => {
    await open(run({ description: 'first' }), { update_run: saved });
    button(parent, 'Edit').click();
    await settle();
    await type(boxes()[1], 'second');
    await update({ description: 'of another', elapsed: 6 });
    expect(boxes()[1].value).toBe('second');
    await save();
    expect(sent()).toMatchObject({
      description: 'second',
      was: { name: 'quick fox', description: 'first' }
    });
  });

  it('can be sent again after it was refused, and takes the refusal away', async () => {
    let isAway = true;
    await edit({}, change => {
      if (isAway) {
        throw new Error('<b>away</b>');
      }
      return saved(change);
    });
    await type(boxes()[0], 'slow fox');
    await save();
    const alert = form()!.querySelector('[role=alert]')!;
    expect(alert.textContent).toBe('The run could not be changed: <b>away</b>');
    expect(alert.children).toHaveLength(0);
    isAway = false;
    await save();
    expect([form(), host.questions('update_run').length]).toEqual([null, 2]);
  });

  it('goes when the run is deleted by another, who leaves nothing to change', async () => {
    await open(run());
    host.link('gone', 'It was deleted.');
    await settle();
    expect(() => button(parent, 'Edit')).toThrow();
  });
});
