import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pathsOf, Registration } from '../../../src/screens/run/snapshot/registration';
import type { PanelProps } from '../../../src/screens/run/panel';
import { button, done, settle, TestHost } from './scene';

let parent: HTMLElement;
beforeEach(() => {
  vi.useFakeTimers();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(async () => {
  await settle();
  render(null, parent);
  parent.remove();
  vi.useRealTimers();
});

const files = [
  { name: 'user_logs/std_log.txt', size: 1 },
  { name: 'outputs/model/weights.bin', size: 1 },
  { name: 'notes.txt', size: 1 }
];

function show(host: TestHost, link = 'ended'): void {
  const props = {
    scene: { host, t: host.t, run: 'r' },
    state: { view: done({ files }), link, later: null }
  } as unknown as PanelProps;
  render(<Registration {...props} />, parent);
}

async function submit(name: string): Promise<void> {
  const box = parent.querySelector('input')!;
  box.value = name;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
  parent.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
}

it('outputs and their folders come first, logs are left out', () => {
  expect(pathsOf(files as never)).toEqual([
    'outputs/',
    'outputs/model/',
    'outputs/model/weights.bin',
    'notes.txt'
  ]);
});

it('a file is registered, and opened', async () => {
  const open = vi.fn();
  const made = { id: 'm:1', name: 'm', version: 1 };
  const host = Object.assign(new TestHost({ register_model: () => made }), { open });
  show(host);
  button(parent, 'Register as model…').click();
  await settle();
  await submit('m');
  expect(host.questions('register_model')).toEqual([
    { run: 'r', path: 'outputs/model/weights.bin', name: 'm' }
  ]);
  expect(parent.textContent).toContain('Registered as m:1.');
  button(parent, 'Open').click();
  expect(open).toHaveBeenCalledWith({ kind: 'model', model: 'm:1' });
});

it('what is refused is said, and nothing is offered where nothing can be changed', async () => {
  const refuse = (): never => {
    throw new Error('a bad name');
  };
  show(new TestHost({ register_model: refuse }));
  button(parent, 'Register as model…').click();
  await settle();
  await submit('a/b');
  expect(parent.textContent).toContain('a bad name');
  show(new TestHost(), 'still');
  expect(parent.querySelector('button')).toBeNull();
});
