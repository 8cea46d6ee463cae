import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Answers, RunView } from '../../../src/contract.gen';
import type { Mounted } from '../../../src/ui/screen';
import { button, done, run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const marks = (fields: Partial<Answers['update_run']>): Answers['update_run'] => ({
  ...{ id: 'run-1-long-id', name: 'quick fox', description: '', tags: {} },
  ...{ starred: false, archived: false, ...fields }
});
const notice = (): string => parent.querySelector('header .aml-message')?.textContent ?? '';
const star = (): HTMLElement => parent.querySelector('.aml-run-star')!;

async function open(view: RunView, answers: TestHost['answers']): Promise<void> {
  host = new TestHost(answers);
  mounted = mountRun(parent, snapshot(view), host);
  host.link(view.is_terminal ? 'ended' : 'live');
  await settle();
}

async function choose(entry: string): Promise<void> {
  button(parent, 'More').click();
  await settle();
  button(parent, entry).click();
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  vi.useRealTimers();
  parent.remove();
});

describe('a run in its panel', () => {
  it('gets a star, and loses it', async () => {
    await open(run(), { update_run: ({ starred }) => marks({ starred: !!starred }) });
    star().focus();
    star().click();
    await settle();
    expect([star().getAttribute('aria-pressed'), star().textContent]).toEqual(['true', '★']);
    star().click();
    await settle();
    expect(star().getAttribute('aria-pressed')).toBe('false');
    expect(host.questions('update_run')).toEqual([
      { run: 'run-1-long-id', starred: true },
      { run: 'run-1-long-id', starred: false }
    ]);
    expect(document.activeElement).toBe(star());
  });

  it('is archived, which is said and undone', async () => {
    await open(done(), { update_run: ({ archived }) => marks({ archived: !!archived }) });
    await choose('Archive');
    expect(notice()).toContain('quick fox is archived: lists leave it out.');
    expect(parent.querySelector('header')!.textContent).toContain('archived');
    expect(document.activeElement).toBe(button(parent, 'More'));
    button(parent, 'Undo').click();
    await settle();
    expect(notice()).toContain('quick fox is in lists again.');
    await choose('Archive');
    await choose('Bring back from the archive');
    expect(host.questions('update_run')).toHaveLength(4);
  });

  it('is deleted, with the focus on what undoes it', async () => {
    await open(done(), {
      delete_runs: ({ runs }) => ({ runs, count: 1, until: null }),
      restore_runs: () => ({ runs: [] })
    });
    await choose('Delete');
    expect(notice()).toContain('Deleted: quick fox');
    expect(parent.querySelector('.aml-link')!.textContent).toBe('deleted');
    expect(() => button(parent, 'Edit')).toThrow();
    expect(document.activeElement).toBe(button(parent, 'Undo'));
    button(parent, 'Undo').click();
    await settle();
    expect(notice()).toBe('quick fox is back.');
    expect(host.questions('restore_runs')).toEqual([{ runs: ['run-1-long-id'] }]);
    expect(button(parent, 'Edit')).toBeTruthy();
    expect(parent.querySelector('header')!.contains(document.activeElement)).toBe(true);
  });

  it('is not deleted while it goes on, and says what to do first', async () => {
    await open(run(), {});
    button(parent, 'More').click();
    await settle();
    const entry = button(parent, 'Delete');
    expect([entry.ariaDisabled ?? entry.getAttribute('aria-disabled'), entry.title]).toEqual([
      'true',
      'A run is deleted once it has ended: cancel it first.'
    ]);
    entry.click();
    await settle();
    expect(host.questions('delete_runs')).toEqual([]);
  });

  it.each([
    ['Archive', 'The run could not be changed: no space left'],
    ['Delete', 'The run could not be deleted: no space left']
  ])('says why it could not be done: %s', async (entry, words) => {
    const fail = (): never => {
      throw new Error('no space left');
    };
    await open(done(), { update_run: fail, delete_runs: fail });
    await choose(entry);
    expect(parent.querySelector('header [role=alert]')!.textContent.trim()).toBe(words);
    expect(button(parent, 'Edit')).toBeTruthy();
  });

  it('cannot be changed where the host cannot reach it', async () => {
    await open(done(), {});
    mounted.dispose();
    host = new TestHost();
    mounted = mountRun(parent, snapshot(done()), host);
    host.link('still');
    await settle();
    expect(() => button(parent, 'More')).toThrow();
    expect(star()).toBeNull();
  });
});

describe('much text', () => {
  const description = `${'word '.repeat(400)}end`;

  it('begins, and is whole by a click', async () => {
    await open(done({ description, status: 'Failed', reason: 'E'.repeat(5_000) }), {});
    const note = (): string => parent.querySelector('.aml-run-description')!.textContent;
    expect(note()).toMatch(/^word .*word… show all$/);
    expect(parent.querySelector('.aml-run-reason')!.textContent.length).toBeLessThan(700);
    const more = parent.querySelector<HTMLElement>('.aml-run-description button')!;
    expect(more.getAttribute('aria-expanded')).toBe('false');
    more.click();
    await settle();
    expect(note()).toContain('end');
    expect(more.textContent).toBe('show less');
  });

  it('of a parameter is cut as well', async () => {
    await open(done({ params: { prompt: 'v'.repeat(2_000), lr: 0.1 } }), {});
    const cells = [...parent.querySelectorAll('table[aria-label=Parameters] td')];
    expect(cells.map(cell => cell.textContent.length < 300)).toEqual([true, true]);
    cells[0]!.querySelector('button')!.click();
    await settle();
    expect(cells[0]!.textContent).toContain('v'.repeat(2_000));
  });
});
