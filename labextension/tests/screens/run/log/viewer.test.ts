import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../../src/screens/run/screen';
import type { Mounted } from '../../../../src/ui/screen';
import type { LogPageView, RunView } from '../../../../src/contract.gen';
import type { Questions } from '../../../../src/contract.gen';
import { button, done, page, run, settle, snapshot, START, TestHost } from '../scene';

vi.mock('../../../../src/ui/chart/chart', () => ({ Chart: () => null }));

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

async function open(
  answer: (question: Questions['log']) => LogPageView | Promise<LogPageView>,
  view: RunView = run()
): Promise<void> {
  host = new TestHost({ log: answer });
  mounted = mountRun(parent, snapshot(view), host);
  host.link(view.is_terminal ? 'ended' : 'live');
  await settle();
  expect(host.questions('log')).toEqual([]);
  button(parent, 'Open log').click();
  await settle();
}

const box = (): HTMLElement => parent.querySelector('.aml-log')!;
const lines = (): string[] =>
  [...box().querySelectorAll('.aml-log-line')].map(line => line.textContent.trimEnd());

async function grow(size: number): Promise<void> {
  host.tell({ type: 'update', token: '', update: { log_size: size } });
  await settle();
}

/** Give the box, which has no layout here, a height, and say where it stands. */
function scrollTo(top: number): void {
  Object.defineProperties(box(), {
    scrollHeight: { value: 1_000, configurable: true },
    clientHeight: { value: 100, configurable: true }
  });
  box().scrollTop = top;
  box().dispatchEvent(new Event('scroll'));
}

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle(); // what is put off must not wait for timers that are gone
  vi.useRealTimers();
  parent.remove();
});

describe('log viewer', () => {
  it('loads the end when it is opened, and reads on from there', async () => {
    await open(({ start }) =>
      start === undefined ? page() : page({ start, end: 12, size: 12, lines: ['world'] })
    );
    expect(document.activeElement?.getAttribute('data-tab')).toBe('log');
    expect(lines()).toEqual(['hello']);
    await grow(12);
    expect(lines()).toEqual(['hello', 'world']);
    expect(host.questions('log')).toEqual([
      { run: 'run-1-long-id', has_times: true },
      { run: 'run-1-long-id', has_times: true, start: 6 }
    ]);
  });

  it('follows to the end unless the reader scrolled up, and again on request', async () => {
    await open(({ start }) =>
      start === undefined ? page() : page({ start, end: 12, size: 12, lines: ['world'] })
    );
    scrollTo(300);
    await settle();
    const follow = button(parent, /^follow/);
    await grow(12);
    expect(lines()).toEqual(['hello']);
    expect(box().scrollTop).toBe(300);
    expect(follow.textContent).toBe('follow ↓ (new lines)');
    follow.click();
    await settle();
    expect(lines()).toEqual(['hello', 'world']);
    expect(box().scrollTop).toBe(1_000);
    expect(follow.isConnected).toBe(false);
  });

  it('asks again where it got only a part, and not where it got nothing', async () => {
    await open(({ start }) => {
      if (start === undefined) {
        return page();
      }
      const end = Math.min(start + 4, 14);
      return page({ start, end, size: 15, lines: start < 14 ? [`from ${start}`] : [] });
    });
    await grow(15);
    expect(lines()).toEqual(['hello', 'from 6', 'from 10']);
    expect(host.questions('log')).toHaveLength(4);
  });

  it('reads earlier pages, and keeps what is read in its place', async () => {
    await open(({ end }) =>
      end === undefined
        ? page({ start: 50, end: 60, size: 60 })
        : page({ start: 0, end, size: 60, lines: ['first', 'second'] })
    );
    const earlier = button(parent, 'Load earlier lines');
    earlier.click();
    await settle();
    expect(host.questions('log').at(-1)).toMatchObject({ run: 'run-1-long-id', end: 50 });
    expect(lines()).toEqual(['first', 'second', 'hello']);
    expect(earlier.isConnected).toBe(false);
  });

  it('shows colours by classes of the theme, and nothing else of what a terminal is told', async () => {
    const coloured =
      '\u001b[1;31mred\u001b[m plain \u001b[36mcyan <b>\u001b[m\u001b[2J\u001b[31"onclick="x\u001b]8;;http://x\u0007';
    await open(() => page({ lines: [coloured, 'other'], errors: [0] }));
    const spans = [...box().querySelectorAll<HTMLElement>('.aml-log-line span:not(.aml-log-mark)')];
    expect(spans.map(one => [one.className, one.textContent])).toEqual([
      ['aml-sgr-1 aml-sgr-31', 'red'],
      ['aml-sgr-36', 'cyan <b>']
    ]);
    expect(lines()).toEqual([
      `!red plain cyan <b>${'\ufffd'}[2J${'\ufffd'}[31"onclick="x${'\ufffd'}]8;;http://x${'\ufffd'}`,
      'other'
    ]);
  });

  it('keeps at most 5,000 lines', async () => {
    const many = Array.from({ length: 400 }, (_, place) => `line ${place}`);
    await open(({ end = 10_000 }) => page({ start: end - 400, end, size: 10_000, lines: many }));
    for (let time = 0; time < 15; time += 1) {
      button(parent, 'Load earlier lines').click();
      await settle();
      scrollTo(300);
    }
    expect(lines().length).toBeLessThanOrEqual(5_000);
    await settle();
    expect(button(parent, /^follow/).isConnected).toBe(true);
  });

  it('begins anew where the file did', async () => {
    await open(({ start }) =>
      start === undefined ? page() : page({ start: 0, end: 3, size: 3, lines: ['new'] })
    );
    await grow(3);
    expect(lines()).toEqual(['new']);
  });

  it('marks errors and goes from one to the next', async () => {
    await open(
      () => page({ lines: ['a', 'ValueError: x', 'b', 'ERROR y'], errors: [1, 3] }),
      done()
    );
    const marks = box().querySelectorAll('.aml-log-error');
    expect([...marks].map(mark => mark.textContent.trimEnd())).toEqual([
      '!ValueError: x',
      '!ERROR y'
    ]);
    expect(marks[0]!.querySelector('[aria-label=error]')).not.toBeNull();
    const next = button(parent, 'next error (2)');
    for (const place of [0, 1, 0]) {
      next.click();
      await settle();
      expect(marks[place]!.classList.contains('aml-log-at')).toBe(true);
    }
  });

  it('shows another file on request', async () => {
    await open(
      ({ file = 'std.txt' }) => page({ file, files: ['std.txt', 'driver.txt'], lines: [file] }),
      done()
    );
    const files = parent.querySelector<HTMLSelectElement>('select[aria-label=File]')!;
    expect(files.hidden).toBe(false);
    files.value = 'driver.txt';
    files.dispatchEvent(new Event('change'));
    await settle();
    expect(lines()).toEqual(['driver.txt']);
  });

  it('offers the logs of other processes as they come, and reads on in the one that is shown', async () => {
    await open(({ file = 'std.txt', start }) =>
      start === undefined
        ? page({ file, lines: [file] })
        : page({ file, start, end: 9, size: 9, lines: [`more of ${file}`] })
    );
    expect(parent.querySelector('select[aria-label=File]')).toBeNull();
    const told = async (logs: Record<string, number>): Promise<void> => {
      host.tell({ type: 'update', token: '', update: { logs } });
      await settle();
    };
    await told({ 'log_1.txt': 6, 'log_2.txt': 6 });
    const files = parent.querySelector<HTMLSelectElement>('select[aria-label=File]')!;
    expect([...files.options].map(one => one.value)).toEqual(['std.txt', 'log_1.txt', 'log_2.txt']);
    files.value = 'log_1.txt';
    files.dispatchEvent(new Event('change'));
    await settle();
    const asked = host.questions('log').length;
    await told({ 'log_1.txt': 6, 'log_2.txt': 9 }); // Another one grows.
    expect(host.questions('log')).toHaveLength(asked);
    await told({ 'log_1.txt': 9, 'log_2.txt': 9 });
    expect(host.questions('log')).toHaveLength(asked + 1);
    expect(lines()).toEqual(['log_1.txt', 'more of log_1.txt']);
    await told({}); // The run has ended; its logs are files.
    expect(lines()).toEqual(['log_1.txt', 'more of log_1.txt']);
  });

  it('shows the last lines of the snapshot where the log cannot be read, and tries again', async () => {
    let isAway = true;
    await open(
      () => (isAway ? Promise.reject(new Error('away')) : page({ lines: ['all of it'] })),
      done()
    );
    expect(
      parent.querySelector('[role=tabpanel]:not([hidden]) [role=alert]')!.textContent
    ).toContain('The log cannot be read: away');
    expect(lines()).toEqual(['hello']);
    isAway = false;
    button(parent, 'Try again').click();
    await settle();
    expect(lines()).toEqual(['all of it']);
  });

  it('can leave long lines as they are', async () => {
    await open(() => page(), done());
    const wrap = [...parent.querySelectorAll('label')]
      .find(label => label.textContent === 'wrap')!
      .querySelector('input')!;
    wrap.click();
    await settle();
    expect(box().classList.contains('aml-log-long')).toBe(true);
  });
});
