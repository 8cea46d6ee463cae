import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Answers, Questions } from '../../../src/contract.gen';
import type { Mounted } from '../../../src/ui/screen';
import { button, done, run, settle, snapshot, START, TestHost } from './scene';

type Change = Questions['update_run'];

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const form = (): HTMLFormElement | null => parent.querySelector('form.aml-run-edit');

async function open(answer: (change: Change) => Answers['update_run']): Promise<void> {
  host = new TestHost({ update_run: answer });
  const tags = { team: 'blue', old: 'x', bare: null };
  mounted = mountRun(parent, snapshot(done({ tags, description: 'first' })), host);
  host.link('ended');
  await settle();
  button(parent, 'Edit').click();
  await settle();
}

async function save(fields: Record<number, string>): Promise<void> {
  const inputs = form()!.querySelectorAll<HTMLInputElement>('input, textarea');
  for (const [place, text] of Object.entries(fields)) {
    const input = inputs[Number(place)]!;
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  await settle();
  button(form()!, 'Save').click();
  await settle();
}

const marks = (fields: Partial<Answers['update_run']>): Answers['update_run'] => ({
  ...{ id: 'run-1-long-id', name: 'quick fox', description: 'first', tags: {} },
  ...{ starred: false, archived: false, ...fields }
});

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  vi.useRealTimers();
  parent.remove();
});

describe('the form of a run', () => {
  it('saves what differs and shows it, with the focus on the button again', async () => {
    await open(() => marks({ name: 'slow fox', tags: { team: 'red', a: 'b=c' } }));
    expect(document.activeElement).toBe(form()!.querySelector('input'));
    await save({ 0: 'slow fox', 2: 'team = red\nbare\na=b=c\n\n' });
    expect(host.questions('update_run')).toEqual([
      {
        ...{ run: 'run-1-long-id', name: 'slow fox' },
        tags: { old: null, team: 'red', a: 'b=c' },
        was: { name: 'quick fox', description: 'first' }
      }
    ]);
    expect(form()).toBeNull();
    expect(parent.querySelector('h2')!.textContent).toBe('slow fox');
    expect(parent.querySelector('table[aria-label=Tags]')!.textContent).toContain('teamred');
    expect(document.activeElement).toBe(button(parent, 'Edit'));
  });

  it('asks nothing where nothing differs', async () => {
    await open(() => marks({}));
    await save({});
    expect(host.questions('update_run')).toEqual([]);
    expect(form()).toBeNull();
  });

  it('keeps what was typed where it cannot be saved, and says why', async () => {
    await open(() => {
      throw new Error('Another has renamed it.');
    });
    await save({ 1: 'second' });
    expect(form()!.querySelector('[role=alert]')!.textContent).toBe(
      'The run could not be changed: Another has renamed it.'
    );
    expect(form()!.querySelector('textarea')!.value).toBe('second');
    form()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(form()).toBeNull();
  });

  it.each([
    ['=final', '“=final” has no name before the “=”: a tag is name=value, such as stage=final.'],
    ['a=1\n a = 2', 'The tag “a” stands in two lines: leave one of them.']
  ])('takes no tags that say nothing, and says why: %j', async (tags, words) => {
    await open(() => marks({}));
    await save({ 2: tags });
    expect(form()!.querySelector('[role=alert]')!.textContent).toBe(
      `The run could not be changed: ${words}`
    );
    expect(host.questions('update_run')).toEqual([]);
    await save({ 2: 'a=1' });
    expect(form()).toBeNull();
  });

  it('leaves it to the host what a name is', async () => {
    await open(() => {
      throw new Error('The name of a run is empty; give it 1 to 255 characters.');
    });
    await save({ 0: '' });
    expect(form()!.querySelector('[role=alert]')!.textContent).toContain('1 to 255 characters');
  });

  it('is not offered where nobody could take it', async () => {
    host = new TestHost();
    mounted = mountRun(parent, snapshot(run()), host);
    host.link('still');
    await settle();
    expect(() => button(parent, 'Edit')).toThrow();
  });
});
