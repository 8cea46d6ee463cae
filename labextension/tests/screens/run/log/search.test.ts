import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount } from '../../../../src/screens/run/screen';
import type { Answers, Questions } from '../../../../src/contract.gen';
import type { Mounted } from '../../../../src/ui/screen';
import { button, done, page, run, settle, snapshot, START, TestHost } from '../scene';

type Question = Questions['log_search'];
type Answer = Answers['log_search'];

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const SIZE = 300;

/** A log of lines of ten bytes; each line tells where it begins. */
function lines(start: number, end: number): string[] {
  const count = Math.floor((end - start) / 10);
  return Array.from({ length: count }, (_, place) => `from ${start + place * 10}`);
}

async function open(
  search: (question: Question) => Answer | Promise<Answer>,
  view = done()
): Promise<void> {
  host = new TestHost({
    log: ({ start, end }) => {
      const from = start ?? Math.max(0, (end ?? SIZE) - 100);
      const to = Math.min(end ?? SIZE, from + 100);
      return page({ start: from, end: to, size: SIZE, lines: lines(from, to) });
    },
    log_search: search
  });
  mounted = mount(parent, snapshot(view), host);
  host.link(view.is_terminal ? 'ended' : 'live');
  parent.querySelector<HTMLElement>('[data-tab=log]')!.click();
  await settle();
}

const input = (): HTMLInputElement => parent.querySelector('input[type=search]')!;
const said = (): string => parent.querySelector('[role=search] [role=status]')!.textContent;
const marked = (): string | undefined => parent.querySelector('.aml-log-at')?.textContent.trim();

async function type(words: string): Promise<void> {
  input().value = words;
  input().dispatchEvent(new Event('input'));
  await settle();
  await settle();
}

async function press(key: string, shiftKey = false): Promise<void> {
  input().dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
  await settle();
}

const hit = (offset: number): Answer['hits'][number] => ({
  offset,
  line: offset / 10 + 1,
  time: null
});

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  parent.remove();
});

describe('the search of a log', () => {
  it('asks the server for all of it, page by page, and says what is found', async () => {
    await open(({ start = 0 }) => ({
      ...{ hits: [hit(start + 20)], end: start + 100, line: start / 10 + 10, size: SIZE }
    }));
    await type('from');
    expect(host.questions('log_search')).toEqual(
      [0, 100, 200].map(start => ({
        ...{ run: 'run-1-long-id', text: 'from', is_regex: false, file: 'std.txt' },
        ...{ start, line: start / 10 }
      }))
    );
    expect(said()).toBe('3 found');
  });

  it('goes from line to line, round and round, with what stands before each', async () => {
    await open(() => ({ hits: [hit(20), hit(150)], end: SIZE, line: 30, size: SIZE }));
    await type('from');
    await press('Enter');
    expect([marked(), said()]).toEqual(['from 20', '1 of 2, line 3']);
    expect(parent.querySelector('.aml-log')!.textContent).toContain('from 0');
    await press('Enter');
    expect([marked(), said()]).toEqual(['from 150', '2 of 2, line 16']);
    await press('Enter');
    expect(marked()).toBe('from 20');
    await press('Enter', true);
    expect(marked()).toBe('from 150');
    button(parent, 'Previous line found').click();
    await settle();
    expect(marked()).toBe('from 20');
  });

  it('can be stopped, and says how far it came', async () => {
    let answer = (): void => undefined;
    await open(
      ({ start = 0 }) =>
        new Promise(resolve => {
          answer = () => resolve({ hits: [hit(20)], end: start + 150, line: 15, size: SIZE });
        })
    );
    await type('from');
    answer();
    await settle();
    expect(said()).toBe('1 found in 50 % of the log');
    button(parent, 'Stop').click();
    answer();
    await settle();
    expect(said()).toBe('1 found in 50 % of the log');
    expect(host.questions('log_search')).toHaveLength(2);
  });

  it('makes an earlier search void, and asks for expressions only on request', async () => {
    await open(({ text }) => ({
      ...{ hits: text === 'b' ? [] : [hit(20)], end: SIZE, line: 30, size: SIZE }
    }));
    await type('a');
    await type('b');
    expect(said()).toBe('0 found');
    const box = parent.querySelector<HTMLInputElement>('[role=search] input[type=checkbox]')!;
    box.click();
    await settle();
    await settle();
    expect(host.questions('log_search').at(-1)).toMatchObject({ text: 'b', is_regex: true });
    await type('');
    expect(said()).toBe('');
  });

  it('goes on where the log grew', async () => {
    let size = 100;
    await open(
      ({ start = 0 }) => ({ hits: [hit(start)], end: size, line: size / 10, size }),
      run()
    );
    await type('from');
    expect(said()).toBe('1 found');
    size = 200;
    host.tell({ type: 'update', token: '', update: { log_size: size } });
    await settle();
    await settle();
    await settle();
    expect(said()).toBe('2 found');
    expect(host.questions('log_search').at(-1)).toMatchObject({ start: 100, line: 10 });
  });

  it('comes to its end in a log that grows all the time', async () => {
    let size = 100;
    await open(
      ({ start = 0 }) => ({ hits: [hit(start)], end: size, line: size / 10, size }),
      run()
    );
    input().value = 'from';
    input().dispatchEvent(new Event('input'));
    for (let time = 0; time < 20; time += 1) {
      size += 100;
      host.tell({ type: 'update', token: '', update: { log_size: size } });
      await vi.advanceTimersByTimeAsync(100);
    }
    const { length } = host.questions('log_search');
    expect(length).toBeGreaterThan(2);
    expect(length).toBeLessThan(9);
    expect(said()).toMatch(/^[3-8] found$/);
    await settle();
    await settle();
  });

  it('says why it cannot be done', async () => {
    await open(() => Promise.reject(new Error('unbalanced parenthesis')));
    await type('(');
    expect(said()).toBe('The log cannot be searched: unbalanced parenthesis');
  });
});
