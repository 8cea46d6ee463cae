import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceRowView, ServicesView, ViewEvent } from '../../../src/contract.gen';
import entry from '../../../src/screens/services';
import { mount } from '../../../src/screens/services/screen';
import { plainly, type Host, type Listener } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { service } from './sample';

let parent: HTMLElement;
let mounted: Mounted;
let listener: Listener<ViewEvent<ServicesView>>;
const opened = vi.fn();

const row = (name: string, fields: Partial<ServiceRowView> = {}): ServiceRowView =>
  service(name, {
    ...{ load: { rate: 1.5, p95: 4.2, errors: 0 }, recent: [0, 3, 1] },
    ...fields
  });

const host = {
  ...{ t: plainly, workspace: 'ws', open: opened },
  follow: (_kind: string, _subject: object, _token: unknown, told: typeof listener) => {
    listener = told;
    return { stop: () => undefined };
  }
} as unknown as Host;

function show(...rows: ServiceRowView[]): void {
  showIn(host, ...rows);
}

function showIn(place: Host, ...rows: ServiceRowView[]): void {
  mounted = mount(parent, { version: 1, workspace: 'ws', view: { workspace: 'ws', rows } }, place);
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(500);
const names = (): string[] =>
  [...parent.querySelectorAll('.aml-open')].map(one => one.textContent ?? '');

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe('the table of services', () => {
  it('says how each is', async () => {
    show(
      row('a', { state: 'Failed', problem: 'no run()', load: { rate: 0, p95: null, errors: 7 } })
    );
    await settle();
    const words = parent.textContent ?? '';
    expect(words).toContain('✗ Failed');
    expect(words).toContain('1 of 2');
    expect(words).toContain('digits:3');
    expect(parent.querySelector('[title="no run()"]')).toBeTruthy();
    expect(parent.querySelector('.aml-bad.aml-status')).toBeTruthy();
    expect(parent.querySelector('.aml-spark')).toBeTruthy();
  });

  it('says how to make the first', () => {
    show();
    expect(parent.textContent).toContain('%aml deploy MODEL --entry score.py');
  });

  it('opens a service', async () => {
    show(row('a'));
    await settle();
    parent.querySelector<HTMLElement>('.aml-open')!.click();
    expect(opened).toHaveBeenCalledWith({ kind: 'service', service: 'a' });
  });

  it('shows a service below where there are no tabs, and closes it', async () => {
    const dispose = vi.fn();
    const embed = vi.fn(() => ({ dispose }));
    showIn({ ...host, open: undefined, embed }, row('a'));
    await settle();
    parent.querySelector<HTMLElement>('.aml-open')!.click();
    await settle();
    expect(embed).toHaveBeenCalledWith(
      expect.anything(),
      { kind: 'service', service: 'a' },
      undefined
    );
    parent.querySelector<HTMLElement>('[aria-label="Close Service a"]')!.click();
    await settle();
    expect(dispose).toHaveBeenCalled();
  });

  it.each([
    ['Service', ['a', 'b', 'c'], ['c', 'b', 'a']],
    ['Requests/s', ['b', 'a', 'c'], ['c', 'a', 'b']],
    ['State', ['a', 'c', 'b'], ['b', 'a', 'c']],
    ['p95', ['b', 'c', 'a'], ['a', 'c', 'b']]
  ])('is sorted by %s, and the other way round', async (title, up, down) => {
    const load = (rate: number, p95: number | null): ServiceRowView['load'] => ({
      rate,
      p95,
      errors: 0
    });
    show(
      row('a', { load: load(2, 9) }),
      row('b', { load: load(0, null), state: 'Stopped' }),
      row('c', { load: load(5, 3) })
    );
    await settle();
    const head = (): HTMLElement =>
      [...parent.querySelectorAll<HTMLElement>('[role=columnheader]')].find(one =>
        one.textContent.startsWith(title)
      )!;
    const orders = new Set<string>();
    for (let turn = 0; turn < 2; turn += 1) {
      (head().querySelector<HTMLElement>('.aml-head-title') ?? head()).click();
      await settle();
      orders.add(names().join());
    }
    expect(orders).toEqual(new Set([up.join(), down.join()]));
  });

  it('goes on with what it is told', async () => {
    show(row('a'));
    listener.event({
      type: 'view',
      token: '',
      view: { workspace: 'ws', rows: [row('a'), row('b')] }
    });
    await settle();
    expect(names()).toEqual(['a', 'b']);
    mounted.update({ version: 1, workspace: 'ws', view: { workspace: 'ws', rows: [] } });
    await settle();
    expect(names()).toEqual(['a', 'b']);
  });

  it('says that nobody answers, and keeps what it has', async () => {
    show(row('a'));
    listener.link('detached', 'away');
    await settle();
    expect(parent.textContent).toContain('detached');
    expect(names()).toEqual(['a']);
  });

  it('is opened by its command', () => {
    show();
    expect(entry.command!.subjectOf({})).toEqual({ kind: 'services' });
  });
});
