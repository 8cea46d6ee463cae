import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted } from '../../../src/ui/screen';
import type { RunView } from '../../../src/contract.gen';
import { button, done, run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

function mount(view: RunView = run(), answers: TestHost['answers'] = {}, more = {}): void {
  host = Object.assign(new TestHost(answers), more);
  mounted = mountRun(parent, snapshot(view), host);
}

const banner = (): string => parent.querySelector('header')?.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  parent.remove();
});

describe('cancel', () => {
  it('is said at once, asked once, and told', async () => {
    mount(run(), { cancel: () => ({ status: 'CancelRequested', reason: 'You asked for it.' }) });
    host.link('live');
    await settle();
    const cancel = button(parent, 'Cancel run 7');
    cancel.focus();
    cancel.click();
    await Promise.resolve();
    expect(cancel.textContent).toBe('Canceling…');
    cancel.click();
    await settle();
    expect(host.questions('cancel')).toEqual([{ run: 'run-1-long-id' }]);
    expect(banner()).toContain('You asked for it.');
    expect(document.activeElement).toBe(cancel);
    host.tell({ type: 'update', token: '', update: { status: 'Canceled', is_terminal: true } });
    await settle();
    expect(cancel.isConnected).toBe(false);
    expect(document.activeElement?.textContent).toBe('⊘ Canceled');
  });

  it('says in words why it failed, and can be tried again', async () => {
    mount(run(), { cancel: () => Promise.reject(new Error('The run has ended.')) });
    host.link('live');
    const cancel = button(parent, 'Cancel run 7');
    cancel.click();
    await settle();
    expect(parent.querySelector('[role=alert]')!.textContent).toBe(
      'The run could not be canceled: The run has ended.'
    );
    expect(cancel.textContent).toBe('Cancel');
  });

  it('is not there for a run that ended', () => {
    mount(done());
    expect(() => button(parent, 'Cancel run 7')).toThrow();
  });

  it('asks once where more than a minute would be lost', async () => {
    const cancelled = { status: 'Canceled', reason: 'You asked for it.' };
    mount(run({ elapsed: 65 }), { cancel: () => cancelled });
    host.link('live');
    host.tell({ type: 'view', token: '', view: run({ elapsed: 65 }) });
    await settle();
    const cancel = button(parent, 'Cancel run 7');
    cancel.click();
    await settle();
    expect(host.questions('cancel')).toEqual([]);
    expect(cancel.getAttribute('aria-expanded')).toBe('true');
    expect(banner()).toContain('End it after 1 min 05 s?');
    expect(document.activeElement).toBe(button(parent, 'Yes, cancel'));
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
    );
    await settle();
    expect(banner()).not.toContain('End it after');
    expect(document.activeElement).toBe(cancel);
    cancel.click();
    await settle();
    button(parent, 'Yes, cancel').click();
    await settle();
    expect(host.questions('cancel')).toHaveLength(1);
    expect(banner()).toContain('⊘ Canceled');
  });
});

describe('code of a run', () => {
  const code = { handle: 'run = ws.get_run("r")', again: '%%aml_run\nx = 1', resume: '' };

  it('is written into the notebook, and never run', async () => {
    const insert = vi.fn();
    mount(done({ status: 'Failed' }), { run_code: () => code }, { insert });
    button(parent, /^Code/).click();
    await settle();
    button(parent, 'Get this run').click();
    await settle();
    button(parent, /^Code/).click();
    await settle();
    button(parent, 'Run again').click();
    await settle();
    expect(insert.mock.calls).toEqual([
      [code.handle, false],
      [code.again, false]
    ]);
    expect(host.questions('run_code')).toHaveLength(1);
    button(parent, /^Code/).click();
    await settle();
    button(parent, 'Resume').click();
    await settle();
    expect(banner()).toContain('This run keeps no code');
  });

  it('is not offered where there is no notebook', () => {
    mount(done());
    expect(() => button(parent, /^Code/)).toThrow();
  });

  it('says why it cannot be inserted', async () => {
    const insert = (): never => {
      throw new Error('no notebook is open');
    };
    mount(done(), { run_code: () => code }, { insert });
    button(parent, /^Code/).click();
    await settle();
    button(parent, 'Run again').click();
    await settle();
    expect(banner()).toContain('The code cannot be inserted: no notebook is open');
  });
});

describe('why a run is as it is', () => {
  const error = (code: string, message: string): RunView['error'] => ({
    ...{ code, message, traceback: 'Traceback…' }
  });
  const reason = (): string => parent.querySelector('.aml-run-reason')?.textContent ?? '';

  it.each([
    ['ValueError: no', error('ValueError', 'no'), 'ValueError: no'],
    [
      'The process was killed.',
      error('Killed', 'The process was killed.'),
      'Killed: The process was killed.'
    ],
    ['no', error('ValueError', 'no'), 'ValueError: no'],
    ['', error('ValueError', ''), 'ValueError'],
    [
      'The machine went away.',
      error('Lost', 'no heartbeat'),
      'Lost: no heartbeat\nThe machine went away.'
    ],
    ['You asked for it.', null, 'You asked for it.'],
    ['', null, '']
  ])('is said once: %s', (why, found, said) => {
    mount(done({ status: 'Failed', reason: why, error: found }));
    expect(reason()).toBe(said);
  });
});

describe('an output of an attempt', () => {
  const failed = done({ status: 'Failed', reason: 'out of memory', attempt: 1 });

  it('goes on to say how that attempt ended, with the way to the newest', async () => {
    mount(failed);
    host.tell({ type: 'view', token: '', view: run({ attempt: 2, elapsed: 3 }) });
    await settle();
    expect(banner()).toContain('✗ Failed');
    expect(banner()).toContain('out of memory');
    expect(banner()).toContain('attempt 1');
    expect(banner()).toContain('Attempt 2 of this run came later: ● Running');
    host.tell({ type: 'update', token: '', update: { status: 'Completed', is_terminal: true } });
    host.tell({ type: 'end', token: '' });
    await settle();
    expect(banner()).toContain('Attempt 2 of this run came later: ✓ Completed');
    button(parent, 'Show attempt 2').click();
    expect(banner()).toContain('✓ Completed');
    expect(banner()).not.toContain('out of memory');
    expect(banner()).not.toContain('came later');
  });

  it('shows the newest where it saw the attempt go on', async () => {
    mount(run());
    host.tell({ type: 'view', token: '', view: run({ attempt: 2 }) });
    await settle();
    expect(banner()).toContain('attempt 2');
    expect(banner()).not.toContain('came later');
  });
});

describe('a panel that is gone', () => {
  it('does nothing with answers that come late', async () => {
    let answer = (): void => undefined;
    const late =
      <T>(value: T) =>
      (): Promise<T> =>
        new Promise(resolve => (answer = () => resolve(value)));
    mount(run(), { cancel: late({ status: 'Running', reason: '' }) });
    host.link('live');
    await settle();
    button(parent, 'Cancel run 7').click();
    mounted.dispose();
    answer();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the run of a sweep', () => {
  it('leads to its trials where the host has a place for them', async () => {
    const open = vi.fn();
    mount(run({ type: 'hyperdrive' }), {}, { open });
    await settle();
    button(parent, 'Show the trials').click();
    expect(open).toHaveBeenCalledWith({ kind: 'sweep', run: run().id });
  });

  it('is the only one that does', async () => {
    mount(run(), {}, { open: vi.fn() });
    await settle();
    expect(banner()).not.toContain('trials');
  });
});
