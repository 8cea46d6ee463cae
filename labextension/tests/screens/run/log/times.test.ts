import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount } from '../../../../src/screens/run/screen';
import type { LogPageView, Questions, RunView } from '../../../../src/contract.gen';
import type { Mounted } from '../../../../src/ui/screen';
import { button, done, page, run, settle, snapshot, START, TestHost } from '../scene';

const KEY = 'aml-magics:log';
// The zone of the machine that tests is not known: local times are made as a browser makes them.
const AT = new Date(2026, 0, 31, 9, 5, 7, 42).getTime();

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted | undefined;

async function open(
  answer: (question: Questions['log']) => LogPageView,
  view: RunView = done()
): Promise<void> {
  mounted?.dispose();
  host = new TestHost({ log: answer });
  mounted = mount(parent, snapshot(view), host);
  host.link(view.is_terminal ? 'ended' : 'live');
  parent.querySelector<HTMLElement>('[data-tab=log]')!.click();
  await settle();
}

const box = (words: string): HTMLInputElement =>
  [...parent.querySelectorAll('label')]
    .find(label => label.textContent === words)!
    .querySelector('input')!;

async function tick(words: string): Promise<void> {
  box(words).click();
  await settle();
}

const lines = (): string[] =>
  [...parent.querySelectorAll('.aml-log-line')].map(line => line.textContent.trimEnd());
const times = (): HTMLTimeElement[] => [...parent.querySelectorAll('time')];

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted?.dispose();
  mounted = undefined;
  await settle();
  vi.useRealTimers();
  vi.restoreAllMocks();
  parent.remove();
  localStorage.clear();
});

describe('the times of a log', () => {
  it('are shown at will: the time of day, and all of it on hover', async () => {
    await open(() => page({ lines: ['one', 'two'], times: [AT, AT + 61_000] }));
    expect(times()).toEqual([]);
    await tick('timestamps');
    expect(lines()).toEqual(['09:05:07 one', '09:06:08 two']);
    expect(times()[0]!.title).toMatch(/^2026-01-31 09:05:07\.042 UTC([+-]\d\d:\d\d)?$/);
    expect(times()[0]!.dateTime).toBe(new Date(AT).toISOString());
    expect(parent.querySelector('.aml-log')!.classList.contains('aml-log-timed')).toBe(true);
    await tick('timestamps');
    expect(lines()).toEqual(['one', 'two']);
    expect(host.questions('log')).toHaveLength(1); // They were there all the time.
  });

  it('name the zone of the reader', async () => {
    const zone = vi.spyOn(Date.prototype, 'getTimezoneOffset');
    for (const [offset, words] of [
      [0, 'UTC'],
      [-330, 'UTC+05:30'],
      [480, 'UTC-08:00']
    ] as const) {
      localStorage.setItem(KEY, '{"isTimed":true}');
      zone.mockReturnValue(offset);
      await open(() => page({ times: [AT] }));
      expect(times()[0]!.title.split(' ')[2]).toBe(words);
    }
  });

  it('are missing where they are not known, and lines stay below each other', async () => {
    await open(() => page({ lines: ['old', 'new', 'more'], times: [null, AT] }));
    await tick('timestamps');
    expect(lines()).toEqual(['old', '09:05:07 new', 'more']);
    expect(parent.querySelectorAll('.aml-log-time')).toHaveLength(3);
  });

  it('say so where none is known', async () => {
    await open(() => page());
    await tick('timestamps');
    expect(parent.textContent).toContain('When these lines were printed is not known.');
    expect(parent.querySelector('.aml-log-time')).toBeNull();
    await open(() => page({ lines: [] }), run());
    expect(parent.textContent).not.toContain('is not known');
  });

  it('come with what a live run prints, with earlier lines and with what is found', async () => {
    await open(({ start, end }) => {
      const first = start ?? (end === undefined ? 50 : 0);
      const more = { start: first, end: first + 10, size: 60, lines: [`from ${first}`] };
      return page({ ...more, times: [AT + first * 1_000] });
    }, run());
    await tick('timestamps');
    host.tell({ type: 'update', token: '', update: { log_size: 70 } });
    await settle();
    expect(lines()).toEqual(['09:05:57 from 50', '09:06:07 from 60']);
    button(parent, 'Load earlier lines').click();
    await settle();
    expect(lines()[0]).toBe('09:05:07 from 0');
  });

  it('stand beside the sign of an error', async () => {
    await open(() => page({ lines: ['ValueError: x'], errors: [0], times: [AT] }));
    await tick('timestamps');
    expect(lines()).toEqual(['09:05:07 !ValueError: x']);
    expect(parent.querySelector('.aml-log-error > time + .aml-log-mark')).not.toBeNull();
  });

  it('and the wrapping are remembered in this browser', async () => {
    await open(() => page({ times: [AT] }));
    await tick('timestamps');
    await tick('wrap');
    await open(() => page({ times: [AT] }));
    expect([box('timestamps').checked, box('wrap').checked]).toEqual([true, false]);
    expect(lines()).toEqual(['09:05:07 hello']);
  });

  it.each(['{"isTimed":', '7', '[]', '{"isTimed":"yes","isWrapped":0}'])(
    'are off where what was remembered is %s',
    async kept => {
      localStorage.setItem(KEY, kept);
      await open(() => page({ times: [AT] }));
      expect([box('timestamps').checked, box('wrap').checked]).toEqual([false, true]);
    }
  );

  it('are shown where the browser remembers nothing', async () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('no storage');
    });
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new Error('no storage');
    });
    await open(() => page({ times: [AT] }));
    await tick('timestamps');
    expect(lines()).toEqual(['09:05:07 hello']);
  });
});
