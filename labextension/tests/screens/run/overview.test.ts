import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { RunSnapshot } from '../../../src/screens/run/state';
import type { Mounted } from '../../../src/ui/screen';
import type { RunView } from '../../../src/contract.gen';
import { button, done, metric, run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

async function open(
  tab: string,
  answers: TestHost['answers'],
  view: RunView = done(),
  more: Partial<TestHost> & Record<string, unknown> = {},
  isInCell = false
): Promise<void> {
  host = Object.assign(new TestHost(answers), more);
  const output: RunSnapshot = { ...snapshot(view), in_cell: isInCell };
  mounted = mountRun(parent, output, host);
  parent.querySelector<HTMLElement>(`[data-tab=${tab}]`)!.click();
  await settle();
}

const shown = (): HTMLElement => parent.querySelector('[role=tabpanel]:not([hidden])')!;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  vi.useRealTimers();
  parent.remove();
});

describe('overview', () => {
  it('opens child runs where the host can, and updates them in place', async () => {
    const openScreen = vi.fn();
    const child = {
      id: 'c1',
      short_id: 'c1',
      number: 8,
      name: 'child',
      status: 'Running',
      elapsed: 1
    };
    await open('overview', {}, run({ children: [child] }), { open: openScreen });
    const name = button(shown(), '8 · child');
    name.click();
    expect(openScreen).toHaveBeenCalledWith({ kind: 'run', run: 'c1' });
    host.tell({
      type: 'update',
      token: '',
      update: { children: [{ ...child, status: 'Failed' }] }
    });
    await settle();
    expect(name.isConnected).toBe(true);
    expect(shown().textContent).toContain('✗ Failed');
  });

  it('tells an error, with the traceback folded', async () => {
    await open(
      'overview',
      {},
      done({ error: { code: 'ValueError', message: 'no', traceback: 'Traceback…' } })
    );
    const error = shown().querySelector('[aria-label=Error]')!;
    expect(parent.querySelector('.aml-run-reason')!.textContent).toBe('ValueError: no');
    expect(parent.textContent.match(/ValueError/g)).toHaveLength(1);
    expect(error.querySelector('details')!.open).toBe(false);
  });

  it('copies the id of the run', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    await open('overview', {});
    const copy = button(parent, 'Copy the id of the run');
    copy.click();
    await settle();
    expect(writeText).toHaveBeenCalledWith('run-1-long-id');
    expect(copy.textContent).toBe('copied');
    copy.dispatchEvent(new Event('blur'));
    await settle();
    expect(copy.textContent).toBe('run-1');
  });

  it('says that nothing is logged yet', async () => {
    await open('overview', {}, run({ metrics: [], log_tail: [] }));
    expect(shown().textContent).toContain('Nothing is logged yet.');
  });

  it('shows nothing twice below the cell of the run, which prints it itself', async () => {
    const error = { code: 'ValueError', message: 'no', traceback: 'Traceback…' };
    await open('overview', {}, done({ error }), {}, true);
    expect(parent.querySelector('.aml-run-reason')!.textContent).toBe('ValueError: no');
    expect(shown().textContent).not.toContain('Traceback');
    expect(shown().textContent).not.toContain('hello');
    expect(parent.querySelector('[data-tab=log]')).not.toBeNull();
  });

  it('has numbers as they would be written', async () => {
    const params = { seed: 1_234_567, rate: 0.123456789, tiny: 1e-7, on: true };
    const tags = { build: '20260101' };
    const metrics = [metric('seen', [1, 7_654_321])];
    await open('overview', {}, done({ params, tags, metrics }));
    const cells = [...shown().querySelectorAll('td')].map(cell => cell.textContent);
    expect(cells.slice(0, 6)).toEqual([
      ...['1234567', '0.123456789', '1e-7', 'True', '20260101', '7654321']
    ]);
  });

  it('calls best what is known to be better, and the rest a range', async () => {
    const metrics = [
      metric('system/cpu', [5, 9], { low: 5, high: 9 }),
      metric('loss', [2, 1], { low: 1, high: 2 }),
      metric('auc', [1, 2], { low: 1, high: 2 }),
      metric('rate', [1, 2], { low: 1, high: 2 })
    ];
    const rows = (): (string | null)[][] =>
      [...shown().querySelectorAll('table[aria-label=Metrics] tr')].map(row =>
        [...row.children].map(cell => cell.textContent)
      );
    await open('overview', {}, run({ params: {}, tags: {}, metrics }));
    expect(rows()).toEqual([
      ['Metric', 'Last', 'Best / Min … max', 'Count'],
      ['loss', '1', '↓ 1', '2'],
      ['auc', '2', '↑ 2', '2'],
      ['rate', '2', '1 … 2', '2'],
      ['system/cpu', '9', '5 … 9', '2']
    ]);
    host.tell({ type: 'update', token: '', update: { metrics: [] } });
    host.tell({ type: 'view', token: '', view: run({ metrics: [metrics[3]!] }) });
    await settle();
    expect(rows()[0]).toEqual(['Metric', 'Last', 'Min … max', 'Count']);
  });
});
