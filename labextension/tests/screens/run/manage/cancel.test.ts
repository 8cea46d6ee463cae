import { describe, expect, it, vi } from 'vitest';
import {
  button,
  done,
  find,
  findAll,
  host,
  open,
  parent,
  press,
  run,
  settle,
  update
} from '../run_page';

vi.mock('../../../../src/ui/chart/chart', () => ({ Chart: () => null }));

const cancel = (): HTMLButtonElement => button(parent, 'Cancel run 7');
const canceled = () => ({ status: 'Canceled', reason: 'You asked for it.' });

/** A run that is asked about, since it took more than a minute. */
async function question(answers: Parameters<typeof open>[1] = { cancel: canceled }): Promise<void> {
  const old = run({ elapsed: 61 });
  await open(old, answers);
  host.tell({ type: 'view', token: '', view: old });
  await settle();
  cancel().click();
  await settle();
}

describe('the button that cancels a run', () => {
  it.each(['still', 'gone', 'ended'] as const)('is not there where the link is %s', async link => {
    await open(run(), {}, { link });
    expect(() => cancel()).toThrow();
  });

  it('is there while the host is away for a while', async () => {
    await open(run(), {}, { link: 'detached' });
    expect(cancel().textContent).toBe('Cancel');
  });

  it('waits for what another has asked for already', async () => {
    await open(run({ status: 'CancelRequested' }));
    expect(cancel().textContent).toBe('Canceling…');
    expect(cancel().getAttribute('aria-disabled')).toBe('true');
    cancel().click();
    await settle();
    expect(host.questions('cancel')).toEqual([]);
  });

  it('asks nothing of a run that is a minute old, and asks of one that is older', async () => {
    await open(run(), { cancel: canceled });
    host.tell({ type: 'view', token: '', view: run({ elapsed: 60 }) });
    await settle();
    cancel().click();
    await settle();
    expect(host.questions('cancel')).toHaveLength(1);
  });
});

describe('the question before a run is canceled', () => {
  it('is a group that says what it asks, and leaves the run with a no', async () => {
    await question();
    const group = find('.aml-run-cancel [role=group]');
    expect(group.getAttribute('aria-label')).toMatch(/^End it after 1 min 0\d s\?$/);
    button(group, 'No').click();
    await settle();
    expect(group.isConnected).toBe(false);
    expect(document.activeElement).toBe(cancel());
    expect(cancel().hasAttribute('aria-expanded')).toBe(false);
    expect(host.questions('cancel')).toEqual([]);
  });

  it('keeps its Escape for itself, and leaves others to the page', async () => {
    await question();
    const heard: string[] = [];
    parent.addEventListener('keydown', ({ key }) => heard.push(key));
    await press(button(parent, 'No'), 'Escape');
    await press(cancel(), 'Escape');
    await press(cancel(), 'a');
    expect(heard).toEqual(['Escape', 'a']);
  });

  it('goes where the run ends by itself, and the focus goes to how it ended', async () => {
    await question();
    expect(document.activeElement).toBe(button(parent, 'Yes, cancel'));
    await update({ status: 'Completed', is_terminal: true });
    expect(find('.aml-run-cancel')).toBeNull();
    expect(document.activeElement).toBe(find('[role=status]'));
  });

  it('does not come again after a refusal by itself', async () => {
    await question({ cancel: () => Promise.reject(new Error('Not yours.')) });
    button(parent, 'Yes, cancel').click();
    await settle();
    expect(find('[role=alert]').textContent).toBe('The run could not be canceled: Not yours.');
    expect(find('.aml-run-cancel [role=group]')).toBeNull();
    expect(cancel().textContent).toBe('Cancel');
    cancel().click();
    await settle();
    expect(find('.aml-run-cancel [role=group]')).not.toBeNull();
  });

  it('takes no answer for the run that has ended meanwhile', async () => {
    let arrive = (): void => undefined;
    await question({ cancel: () => new Promise(resolve => (arrive = () => resolve(canceled()))) });
    button(parent, 'Yes, cancel').click();
    await settle();
    await update({ status: 'Completed', is_terminal: true, reason: '' });
    arrive();
    await settle();
    expect(find('[role=status]').textContent).toBe('✓ Completed');
    expect(parent.textContent).not.toContain('You asked for it.');
  });
});

describe('the code of a run', () => {
  const code = { handle: 'h', again: 'a', resume: 'r' };
  const toggle = (): HTMLButtonElement => button(parent, /^Code: /);
  const entries = (): string[] => findAll('[role=menuitem]').map(one => one.textContent.trim());

  async function choose(entry: string): Promise<void> {
    toggle().click();
    await settle();
    findAll('[role=menuitem]')
      .find(one => one.textContent.trim() === entry)!
      .click();
    await settle();
  }

  it('is a menu that is asked for nothing before one is chosen', async () => {
    await open(done(), { run_code: () => code }, { insert: vi.fn() });
    expect(toggle().getAttribute('aria-expanded')).toBe('false');
    expect(toggle().querySelector('[aria-hidden]')!.textContent).toBe('▾');
    toggle().click();
    await settle();
    expect(toggle().getAttribute('aria-expanded')).toBe('true');
    expect(entries()).toEqual(['Get this run', 'Run again']);
    expect(host.questions('run_code')).toEqual([]);
  });

  it.each([
    ['Failed', true],
    ['Canceled', true],
    ['Completed', false],
    ['Running', false]
  ])('goes on with a run that is %s: %s', async (status, isOffered) => {
    const insert = vi.fn();
    const view = status === 'Running' ? run() : done({ status });
    await open(view, { run_code: () => code }, { insert });
    toggle().click();
    await settle();
    expect(entries().includes('Resume')).toBe(isOffered);
    toggle().click();
    await settle();
    if (isOffered) {
      await choose('Resume');
      expect(insert).toHaveBeenCalledExactlyOnceWith('r', false);
    }
  });

  it('is asked for again after a failure, which is told no longer then', async () => {
    let isAway = true;
    const insert = vi.fn();
    await open(
      done(),
      { run_code: () => (isAway ? Promise.reject(new Error('away')) : code) },
      { insert }
    );
    await choose('Get this run');
    expect(find('[role=alert]').textContent).toBe('The code cannot be inserted: away');
    isAway = false;
    await choose('Get this run');
    expect(find('[role=alert]')).toBeNull();
    expect(insert).toHaveBeenCalledExactlyOnceWith('h', false);
  });
});
