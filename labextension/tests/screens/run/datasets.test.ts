import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Host } from '../../../src/ui/host';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted } from '../../../src/ui/screen';
import type { RunDatasetView, RunView } from '../../../src/contract.gen';
import { button, run, settle, snapshot, START, TestHost } from './scene';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const RAW: RunDatasetView = {
  role: 'input',
  label: 'raw',
  mechanism: 'Mount',
  id: '0123456789abcdef',
  name: 'diabetes',
  version: 2,
  kind: 'file'
};
const MADE: RunDatasetView = {
  role: 'output',
  label: 'made',
  mechanism: 'Upload',
  id: 'fedcba9876543210',
  name: null,
  version: 0,
  kind: 'file'
};

function mount(view: RunView, more: Partial<Host> = {}): void {
  host = Object.assign(new TestHost(), more);
  mounted = mountRun(parent, snapshot(view), host);
}

const section = (): HTMLElement | undefined =>
  [...parent.querySelectorAll<HTMLElement>('section')].find(
    each => each.querySelector(':scope > h3')?.textContent === 'Data'
  );
const lines = (): string[][] =>
  [...section()!.querySelectorAll('tbody tr')].map(row =>
    [...row.children].map(cell => cell.textContent ?? '')
  );

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  mounted.dispose();
  vi.useRealTimers();
  parent.remove();
});

it('lists what a run read and wrote, each a button where the host can show it', () => {
  const open = vi.fn();
  mount(run({ datasets: [RAW, MADE] }), { open });
  expect(lines()).toEqual([
    ['diabetes, version 2', 'input raw', 'mount'],
    ['fedcba98', 'output made', 'upload']
  ]);
  button(section()!, 'diabetes, version 2').click();
  button(section()!, 'fedcba98').click();
  expect(open.mock.calls).toEqual([
    [{ kind: 'dataset', dataset: 'diabetes', version: 2 }],
    [{ kind: 'dataset', dataset: 'fedcba9876543210', version: undefined }]
  ]);
});

it('is plain text where the host has no place for a dataset', () => {
  mount(run({ datasets: [RAW] }));
  expect(section()!.querySelectorAll('button:not([hidden])')).toHaveLength(0);
  expect(lines()[0]![0]).toBe('diabetes, version 2');
});

it('draws an output of an earlier version, which knows no data', () => {
  expect(run()).not.toHaveProperty('datasets');
  mount(run());
  expect(parent.textContent).toContain('quick fox');
  expect(section()).toBeUndefined();
});

it('shows what a live run uses from now on', async () => {
  mount(run());
  host.link('live');
  host.tell({ type: 'update', token: '', update: { datasets: [RAW] } });
  await settle();
  const [line] = section()!.querySelectorAll('tbody tr');
  host.tell({
    type: 'update',
    token: '',
    update: { datasets: [RAW, { ...MADE, label: '<b>\u202Ex\n' }] }
  });
  await settle();
  expect(section()!.querySelector('tbody tr')).toBe(line);
  expect(section()!.querySelector('b')).toBeNull();
  expect(lines()).toHaveLength(2);
});
