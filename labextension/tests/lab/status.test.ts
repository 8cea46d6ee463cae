import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Widget } from '@lumino/widgets';
import { COMMAND } from '../../src/lab/commands/command';
import { active, LabPage } from './lab_page';
import { settle } from './server';

vi.mock('@jupyterlab/statusbar', () => ({ IStatusBar: 'bar' }));
vi.mock('../../src/lab/front_plugin', () => ({ IFront: 'front' }));

interface Registered {
  item: Widget;
  isActive: () => boolean;
  activeStateChanged: { connect(slot: () => void): void };
}

let page: LabPage;
let registered: Registered;
let changes: boolean[];

beforeEach(async () => {
  page = new LabPage();
  changes = [];
  const { status } = await import('../../src/lab/status');
  page.activate(status, null);
  expect(page.server.requests).toEqual([]);
  page.activate(status, {
    registerStatusItem: (_id: string, options: Registered) => {
      registered = options;
    }
  });
  registered.activeStateChanged.connect(() => changes.push(registered.isActive()));
});

const button = (): HTMLButtonElement => registered.item.node.querySelector('button')!;

describe('the item in the status bar', () => {
  it('is there as long as something runs, and says how much', async () => {
    expect(registered.isActive()).toBe(false);
    await page.running(active('a'), active('b'));
    expect(registered.isActive()).toBe(true);
    expect(button().textContent).toBe('● 2 running');
    expect(button().getAttribute('aria-label')).toBe('2 runs are running: show the panel of runs');
    await page.running(active('a'));
    expect(button().textContent).toBe('● 1 running');
    await page.running();
    expect(registered.isActive()).toBe(false);
    expect(changes).toEqual([true, false]);
  });

  it('names the first ten, each on a line of its own, whatever they are called', async () => {
    const runs = Array.from({ length: 12 }, (_, place) => active(`${place}`));
    await page.running(active('x', { name: '<b>a\nb</b>' }), ...runs);
    const lines = button().title.split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('<b>a b</b>');
    expect(button().children).toHaveLength(0);
  });

  it('opens the panel at the side, where there is one', async () => {
    await page.running(active('a'));
    button().click();
    const execute = vi.fn();
    page.commands.addCommand(COMMAND.showPanel, { execute });
    button().click();
    await settle();
    expect(execute).toHaveBeenCalledOnce();
  });

  it('asks for nothing more once it is away', async () => {
    await page.running(active('a'));
    registered.item.dispose();
    await settle();
    expect(page.request('activity').init.signal?.aborted).toBe(true);
  });
});
