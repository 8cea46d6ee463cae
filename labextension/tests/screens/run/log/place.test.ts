import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount } from '../../../../src/screens/run/screen';
import type { Mounted } from '../../../../src/ui/screen';
import { done, page, settle, snapshot, START, TestHost } from '../scene';

let parent: HTMLElement;
let mounted: Mounted;
let resized: () => void;
let isNarrow: boolean;

const box = (): HTMLElement => parent.querySelector('.aml-log')!;

/** How high a line is drawn; there is no layout here. */
function height(): number {
  return isNarrow || /aml-log-(timed|long)/.test(box().className) ? 20 : 10;
}

function layOut(): void {
  Object.defineProperties(box(), {
    scrollHeight: { get: () => 100 * height(), configurable: true },
    clientHeight: { value: 100, configurable: true }
  });
  box()
    .querySelectorAll('.aml-log-line')
    .forEach((line, place) => {
      Object.defineProperty(line, 'offsetTop', { get: () => place * height(), configurable: true });
    });
}

beforeEach(async () => {
  localStorage.clear();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(told: () => void) {
        resized = told;
      }
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    }
  );
  vi.useFakeTimers({ now: START + 5_000 });
  parent = document.body.appendChild(document.createElement('div'));
  const lines = Array.from({ length: 100 }, (_, place) => `line ${place}`);
  const host = new TestHost({ log: () => page({ lines, times: lines.map(() => START) }) });
  mounted = mount(parent, snapshot(done()), host);
  host.link('ended');
  parent.querySelector<HTMLElement>('[data-tab=log]')!.click();
  await settle();
  isNarrow = false;
  layOut();
});
afterEach(async () => {
  mounted.dispose();
  await settle();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  parent.remove();
  localStorage.clear();
});

async function tick(words: string): Promise<void> {
  const label = [...parent.querySelectorAll('label')].find(one => one.textContent === words)!;
  label.querySelector('input')!.click();
  await settle();
}

describe('the place in a log', () => {
  it('stays at its end where lines are drawn otherwise', async () => {
    box().scrollTop = 1_000;
    await tick('timestamps');
    expect(box().scrollTop).toBe(2_000);
  });

  it('stays at the line that is read', async () => {
    box().scrollTop = 300;
    box().dispatchEvent(new Event('scroll'));
    await settle();
    await tick('wrap');
    expect(box().scrollTop).toBe(600);
  });

  it('stays at its end in a box of another width, unless the reader scrolled up', async () => {
    isNarrow = true;
    resized();
    expect(box().scrollTop).toBe(2_000);
    box().scrollTop = 300;
    box().dispatchEvent(new Event('scroll'));
    await settle();
    resized();
    expect(box().scrollTop).toBe(300);
  });
});
