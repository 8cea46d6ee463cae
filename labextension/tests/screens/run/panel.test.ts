import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted } from '../../../src/ui/screen';
import type { RunView } from '../../../src/contract.gen';
import { button, done, metric, points, run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

function mount(view: RunView = run(), answers: TestHost['answers'] = {}): void {
  host = new TestHost(answers);
  mounted = mountRun(parent, snapshot(view), host);
}

const text = (): string => parent.textContent ?? '';
const banner = (): string => parent.querySelector('header')?.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle();
  expect(parent.childElementCount).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  parent.remove();
});

describe('panel of a run', () => {
  it('shows the snapshot at once', () => {
    mount();
    for (const words of [
      '● Running',
      'quick fox',
      'run 7 of digits',
      '5.0 s',
      'connecting…',
      'lr',
      '0.1',
      'team',
      'blue',
      'loss',
      'hello'
    ]) {
      expect(text()).toContain(words);
    }
  });

  it('applies events in place, at most ten times a second', async () => {
    mount();
    host.link('live');
    await settle();
    const last = parent.querySelector('table[aria-label=Metrics] td')!;
    const seen = vi.fn();
    const observer = new MutationObserver(seen);
    observer.observe(last, { characterData: true, childList: true, subtree: true });
    for (let step = 0; step < 50; step += 1) {
      const change = { ...metric('loss', null, { last: step }), more: points([step], 3 + step) };
      host.tell({ type: 'update', token: '', update: { metrics: [change] } });
      await vi.advanceTimersByTimeAsync(10);
    }
    await settle();
    observer.disconnect();
    expect(seen.mock.calls.length).toBeGreaterThan(2);
    expect(seen.mock.calls.length).toBeLessThanOrEqual(7);
    expect(last.isConnected).toBe(true);
    expect(last.textContent).toBe('49');
  });

  it('draws nothing while the page is hidden, and all when it is seen again', async () => {
    mount();
    host.link('live');
    await settle();
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    host.tell({ type: 'update', token: '', update: { reason: 'waiting for data' } });
    await settle();
    expect(text()).not.toContain('waiting for data');
    hidden.mockRestore();
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(text()).toContain('waiting for data');
  });

  it('counts the time by itself and stops with the run', async () => {
    mount(run({ params: { epochs: 30 } }));
    host.link('live');
    await settle();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(banner()).toContain('15 s');
    expect(banner()).toContain('about 15 s left');
    host.tell({ type: 'view', token: '', view: done() });
    host.tell({ type: 'end', token: '' });
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    expect(banner()).toContain('9.0 s');
    expect(host.stop).toHaveBeenCalled();
  });

  it('counts by the clock of the run where this one differs', async () => {
    mount();
    host.link('live');
    host.tell({ type: 'view', token: '', view: run({ elapsed: 65 }) });
    await settle();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(banner()).toContain('1 min 07 s');
  });

  it('leaves nothing that works after the end', async () => {
    mount();
    host.link('live');
    host.tell({ type: 'view', token: '', view: done() });
    host.tell({ type: 'end', token: '' });
    await settle();
    const shown = text();
    host.tell({ type: 'update', token: '', update: { status: 'Running', is_terminal: false } });
    host.link('detached');
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(text()).toBe(shown);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says that it is detached, keeps the data and stops to count', async () => {
    mount();
    host.link('live');
    await settle();
    host.link('detached', 'the kernel is away');
    await settle();
    expect(banner()).toContain('detached: showing the last data, trying again');
    expect(text()).toContain('hello');
    expect(vi.getTimerCount()).toBe(0);
    host.link('live');
    await settle();
    expect(banner()).not.toContain('detached');
  });

  it('says that the run was deleted', async () => {
    mount();
    host.tell({ type: 'gone', token: '', message: 'There is no such run.' });
    await settle();
    expect(banner()).toContain('deleted: There is no such run.');
    expect(() => button(parent, 'Cancel run 7')).toThrow();
    expect(host.stop).toHaveBeenCalled();
  });

  it('says of a saved run that it was so when it was saved', async () => {
    mount();
    host.link('still');
    await settle();
    expect(banner()).toContain('as it was when it was saved');
  });

  it('takes a newer snapshot only while the host is away, and another run at once', async () => {
    mount();
    mounted.update(snapshot(run({ elapsed: 7, reason: 'newer' })));
    await settle();
    expect(text()).toContain('newer');
    mounted.update(snapshot(run({ elapsed: 3, reason: 'stale' })));
    host.link('live');
    mounted.update(snapshot(run({ elapsed: 99, reason: 'ignored' })));
    await settle();
    expect(text()).toContain('newer');
    mounted.update(snapshot(done({ id: 'run-2', name: 'other one', log_tail: [] })));
    expect(text()).toContain('other one');
    expect(text()).not.toContain('quick fox');
    expect(host.listeners).toHaveLength(2);
  });

  it('follows again when a run that ended is resumed', async () => {
    mount(done());
    host.tell({ type: 'end', token: '' });
    await settle();
    mounted.update(snapshot(run({ attempt: 2 })));
    host.link('live');
    await settle();
    expect(host.listeners).toHaveLength(2);
    expect(banner()).toContain('attempt 2');
  });

  it('ends even where the host tells the end while it is followed', async () => {
    host = new TestHost();
    vi.spyOn(host, 'follow').mockImplementation((...args: unknown[]) => {
      (args[3] as TestHost['listeners'][number]).event({ type: 'end', token: '' });
      return { stop: host.stop };
    });
    mounted = mountRun(parent, snapshot(done()), host);
    await settle();
    expect(host.stop).toHaveBeenCalledTimes(1);
  });
});

describe('tabs', () => {
  it('open by arrows, Home and End, and ask when first opened', async () => {
    mount(run(), {
      snapshot: () => ({ parts: [{ name: 'code', title: 'Code', text: 'print(1)' }] })
    });
    const tabs = [...parent.querySelectorAll<HTMLElement>('[role=tab]')];
    const press = (key: string): void =>
      void document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true })
      );
    tabs[0]!.focus();
    expect(host.asked).not.toHaveBeenCalled();
    press('ArrowLeft');
    expect(document.activeElement).toBe(tabs[4]);
    press('ArrowLeft');
    expect(tabs.map(tab => tab.getAttribute('aria-selected'))).toEqual([
      'false',
      'false',
      'false',
      'true',
      'false'
    ]);
    expect(tabs.map(tab => tab.tabIndex)).toEqual([-1, -1, -1, 0, -1]);
    await settle();
    expect(parent.querySelector('[role=tabpanel]:not([hidden])')!.textContent).toContain(
      'print(1)'
    );
    press('Home');
    press('End');
    press('ArrowRight');
    expect(document.activeElement).toBe(tabs[0]);
    press('ArrowLeft');
    press('ArrowLeft');
    await settle();
    expect(host.questions('snapshot')).toHaveLength(1);
  });
});

describe('an update', () => {
  it('keeps the focus, the selection and the elements', async () => {
    mount(run({ files: [{ name: 'outputs/a', size: 3 }] }));
    host.link('live');
    await settle();
    const cell = [...parent.querySelectorAll('th')].find(each => each.textContent === 'lr')!;
    const slider = parent.querySelector<HTMLElement>('input[type=range]')!;
    slider.focus();
    document.getSelection()!.selectAllChildren(cell);
    host.tell({
      type: 'update',
      token: '',
      update: {
        params: { first: 1, lr: 0.2 },
        log_tail: ['hello', 'world'],
        metrics: [{ ...metric('loss', null), more: null }]
      }
    });
    await settle();
    expect(document.activeElement).toBe(slider);
    expect(document.getSelection()!.toString()).toBe('lr');
    expect(cell.isConnected).toBe(true);
    expect(text()).toContain('world');
  });

  it('does not take the tail of the log from under a selection', async () => {
    mount();
    host.link('live');
    const tail = parent.querySelector('.aml-run-tail')!;
    document.getSelection()!.selectAllChildren(tail);
    host.tell({ type: 'update', token: '', update: { log_tail: ['other'] } });
    await settle();
    expect(tail.textContent).toBe('hello');
    document.getSelection()!.removeAllRanges();
    await settle();
  });
});
