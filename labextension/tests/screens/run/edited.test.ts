import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunStateView } from '../../../src/contract.gen';
import { mount as mountRun } from '../../../src/screens/run/screen';
import { Refusal } from '../../../src/ui/place/retry';
import type { Mounted } from '../../../src/ui/screen';
import { run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const text = (): string => parent.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  vi.useRealTimers();
  parent.remove();
});

describe('an ended run', () => {
  const isOver = { status: 'Completed', is_terminal: true };
  const ended = (name: string): RunStateView => ({ ...run({ ...isOver, name }), token: name });

  it('shows what others make of it, its deletion, and its return', async () => {
    let now: () => RunStateView = () => ended('renamed');
    host = new TestHost({ run: () => now() });
    mounted = mountRun(parent, snapshot(run(isOver)), host);
    expect(host.edited.size).toBe(0);
    host.link('live');
    host.tell({ type: 'end', token: '' });
    const edit = async (): Promise<void> => {
      host.edited.forEach(edited => edited());
      await settle();
    };
    expect(host.edited.size).toBe(1);
    await edit();
    expect(text()).toContain('renamed');
    expect(text()).not.toContain('connecting');
    now = () => {
      throw new Refusal('gone', 'Run renamed was deleted.');
    };
    await edit();
    expect(text()).toContain('Run renamed was deleted.');
    now = () => {
      throw new Refusal('away', 'The server does not answer.');
    };
    await edit();
    expect(text()).not.toContain('does not answer');
    now = () => ended('back');
    await edit();
    expect(text()).toContain('back');
    expect(text()).not.toContain('was deleted');
    expect(host.listeners).toHaveLength(1);
    mounted.dispose();
    expect(host.edited.size).toBe(0);
  });
});
