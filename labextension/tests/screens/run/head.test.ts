import { describe, expect, it, vi } from 'vitest';
import {
  button,
  done,
  find,
  findAll,
  host,
  mounted,
  open,
  parent,
  run,
  settle,
  snapshot,
  update
} from './run_page';

vi.mock('../../../src/ui/chart/chart', () => ({ Chart: () => null }));

const head = (): string => find('header').textContent;
const copy = (): HTMLButtonElement => button(parent, 'Copy the id of the run');

function clipboard(writeText: () => Promise<void>): void {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
}

describe('the id of a run', () => {
  it('is shown whole to be copied by hand where the page may not copy', async () => {
    clipboard(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    await open();
    copy().click();
    await settle();
    expect(copy().textContent).toBe('run-1-long-id');
    copy().dispatchEvent(new MouseEvent('pointerleave'));
    await settle();
    expect(copy().textContent).toBe('run-1');
  });

  it('is what the pointer says, without what could turn it around', async () => {
    await open(run({ id: 'a\u202eb', short_id: 'a\nb' }));
    expect([copy().title, copy().textContent]).toEqual(['a\ufffdb', 'a b']);
  });
});

describe('the head of a run', () => {
  it('has the number where a name is missing', async () => {
    await open(run({ name: ' ' }));
    expect(find('h2').textContent).toBe('Run 7');
  });

  it('names the experiment, the time and the attempt only where there is more than one', async () => {
    await open(done({ experiment: 'a\nb' }));
    expect(head()).toContain('run 7 of a b');
    expect(head()).toContain('9');
    expect(head()).not.toContain('attempt');
    mounted.update(snapshot(run({ id: 'other', attempt: 2 })));
    await settle();
    expect(head()).toContain('attempt 2');
  });

  it('says when the run started to the pointer, and nothing where it did not', async () => {
    await open(run());
    expect(findAll('header span[title]').some(one => /^started /.test(one.title))).toBe(true);
    mounted.update(snapshot(run({ id: 'other', started: null, elapsed: null, status: 'Queued' })));
    await settle();
    expect(findAll('header span[title]').some(one => /^started /.test(one.title))).toBe(false);
  });

  it('tells how much is left where a parameter says how far it goes', async () => {
    await open(run({ params: { epochs: 12 } }));
    expect(head()).toMatch(/about \d+ s left/);
    await update({ params: { epochs: 0 } });
    expect(head()).not.toContain('left');
    vi.spyOn(console, 'error').mockReturnValue();
    await update({ params: null });
    expect(head()).toContain('quick fox');
  });

  it('opens the run elsewhere where the host can', async () => {
    const openScreen = vi.fn();
    await open(run(), {}, { open: openScreen });
    button(parent, 'Open').click();
    expect(openScreen).toHaveBeenCalledExactlyOnceWith({ kind: 'run', run: 'run-1-long-id' });
  });

  it('says what the link is, and is quiet of one that ended', async () => {
    await open(run(), {}, { link: 'connecting' });
    const link = (): HTMLElement => find('.aml-link');
    expect([link().textContent, link().hidden]).toEqual(['connecting…', false]);
    host.link('detached', 'The server is away.');
    await settle();
    expect(link().textContent).toBe(
      'detached: showing the last data, trying again: The server is away.'
    );
    host.link('live');
    await settle();
    expect(link().hidden).toBe(true);
    host.link('ended');
    await settle();
    expect(link().hidden).toBe(true);
  });

  it('stops to say that a host answers once it is gone', async () => {
    await open(run());
    mounted.dispose();
    host.link('detached', 'late');
    host.tell({ type: 'update', token: '', update: { status: 'Failed' } });
    await settle();
    expect(parent.textContent).toBe('');
    expect(host.stop).toHaveBeenCalled();
  });
});

describe('the reason of a run', () => {
  const reason = (): string | undefined => find('.aml-run-reason')?.textContent;

  it('is text, whatever is in it, and keeps its lines', async () => {
    await open(done({ status: 'Failed', reason: '<b>one</b>\ntwo\u0007' }));
    expect(reason()).toBe('<b>one</b>\ntwo\ufffd');
    expect(find('.aml-run-reason').children).toHaveLength(0);
  });

  it('is said once where the error says it, and beside an error that has no words', async () => {
    const error = { code: 'ValueError', message: 'no', traceback: '' };
    await open(done({ status: 'Failed', reason: 'ValueError: no\nin cell 3', error }));
    expect(reason()).toBe('ValueError: no\nin cell 3');
    mounted.update(
      snapshot(done({ id: 'other', reason: 'one\ntwo', error: { ...error, message: '' } }))
    );
    await settle();
    expect(reason()).toBe('ValueError\none\ntwo');
  });

  it('goes with the next attempt, which has none', async () => {
    await open(run({ reason: 'Waiting for a worker.' }));
    expect(reason()).toBe('Waiting for a worker.');
    await update({ reason: '' });
    expect(reason()).toBeUndefined();
  });
});
