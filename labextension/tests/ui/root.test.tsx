import { act } from 'preact/test-utils';
import { render, type JSX } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useNow } from '../../src/ui/clock';
import { makeRoot, type Root } from '../../src/ui/root';
import { watchVisible, whenSeen } from '../../src/ui/visibility';

/** What tells whether elements are on the screen: a test says so. */
class Sight {
  static all: Sight[] = [];
  readonly targets: Element[] = [];
  isOver = false;

  constructor(readonly told: IntersectionObserverCallback) {
    Sight.all.push(this);
  }

  observe(target: Element): void {
    this.targets.push(target);
  }

  disconnect(): void {
    this.isOver = true;
  }

  tell(...seen: boolean[]): void {
    const entries = seen.map(isIntersecting => ({ isIntersecting }) as IntersectionObserverEntry);
    this.told(entries, this as unknown as IntersectionObserver);
  }
}

function hide(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

let parent: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  Sight.all = [];
  vi.stubGlobal('IntersectionObserver', Sight);
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  void act(() => render(null, parent));
  parent.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the tree of a screen', () => {
  let draws: number;
  let root: Root;

  beforeEach(() => {
    draws = 0;
    root = makeRoot(parent, 'aml-thing', 'A thing', () => <p>{`drawing ${(draws += 1)}`}</p>);
  });
  afterEach(() => root.dispose());

  it('is drawn at once in a section with a name, in place of what was there', () => {
    parent.replaceChildren(document.createElement('hr'));
    const other = makeRoot(parent, 'aml-other', 'Another <b>', () => 'text');
    const section = parent.querySelector('section')!;
    expect([...parent.children]).toEqual([section]);
    expect([section.className, section.getAttribute('aria-label')]).toEqual([
      'aml-ui aml-other',
      'Another <b>'
    ]);
    other.dispose();
  });

  it('is drawn once for many requests, and not more than ten times a second', () => {
    for (let turn = 0; turn < 1_000; turn += 1) {
      root.request();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(200);
    expect(draws).toBeGreaterThan(5);
    expect(draws).toBeLessThanOrEqual(11);
    const before = draws;
    vi.advanceTimersByTime(5_000);
    expect(draws).toBe(before);
  });

  it('is drawn in the next frame where it was not drawn for long', () => {
    vi.advanceTimersByTime(5_000);
    root.request();
    expect(draws).toBe(1);
    vi.advanceTimersToNextFrame();
    expect(draws).toBe(2);
  });

  it('is drawn at once by a flush, and what was planned before then is not drawn again', () => {
    root.request();
    root.flush();
    expect(parent.textContent).toBe('drawing 2');
    vi.advanceTimersByTime(1_000);
    expect(draws).toBe(2);
  });

  it('waits while the page is hidden, and is drawn once when it is shown', () => {
    hide(true);
    root.request();
    root.request();
    vi.advanceTimersByTime(10_000);
    expect(draws).toBe(1);
    hide(false);
    vi.advanceTimersByTime(200);
    expect(draws).toBe(2);
  });

  it('waits while it is scrolled out of sight, by the last of what is told at once', () => {
    const [sight] = Sight.all;
    expect(sight!.targets).toEqual([root.node]);
    sight!.tell(true, false);
    root.request();
    vi.advanceTimersByTime(10_000);
    expect(draws).toBe(1);
    sight!.tell(false, true);
    vi.advanceTimersByTime(200);
    expect(draws).toBe(2);
  });

  it('is not drawn by coming into sight where nothing changed', () => {
    Sight.all[0]!.tell(false);
    Sight.all[0]!.tell(true);
    vi.advanceTimersByTime(1_000);
    expect(draws).toBe(1);
  });

  it('that is put away leaves nothing behind and is never drawn again', () => {
    root.request();
    root.dispose();
    root.request();
    root.flush();
    hide(true);
    hide(false);
    vi.advanceTimersByTime(1_000);
    expect([draws, parent.childElementCount, Sight.all[0]!.isOver]).toEqual([1, 0, true]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('who watches whether a part is seen', () => {
  it('is told at once, and then of changes alone', () => {
    const told: boolean[] = [];
    const end = watchVisible(parent, isSeen => told.push(isSeen));
    const [sight] = Sight.all;
    sight!.tell(true);
    sight!.tell(true);
    hide(true);
    sight!.tell(false);
    hide(false);
    sight!.tell(true);
    end();
    sight!.tell(false);
    hide(true);
    expect(told.slice(0, 4)).toEqual([false, true, false, true]);
    expect(sight!.isOver).toBe(true);
  });

  it('without a node is told of the page alone', () => {
    const told: boolean[] = [];
    const end = watchVisible(null, isSeen => told.push(isSeen));
    hide(true);
    hide(true);
    hide(false);
    end();
    hide(true);
    expect(told).toEqual([true, false, true]);
    expect(Sight.all).toEqual([]);
  });

  it('takes all as seen in a browser that cannot tell', () => {
    vi.stubGlobal('IntersectionObserver', undefined);
    const told: boolean[] = [];
    watchVisible(parent, isSeen => told.push(isSeen))();
    expect(told).toEqual([true]);
  });

  it('waits for the first sight once, and not after it was let go', () => {
    const seen = vi.fn();
    const end = whenSeen(parent, seen);
    Sight.all[0]!.tell(false);
    expect(seen).not.toHaveBeenCalled();
    Sight.all[0]!.tell(false, true);
    expect([seen.mock.calls.length, Sight.all[0]!.isOver]).toEqual([1, true]);
    end();
    const other = whenSeen(parent, seen);
    other();
    expect(Sight.all[1]!.isOver).toBe(true);
  });
});

describe('a clock', () => {
  function Clock({ isOn, pause = 1_000 }: { isOn: boolean; pause?: number }): JSX.Element {
    return <span>{useNow(isOn, pause)}</span>;
  }
  const show = (...of: { isOn: boolean; pause?: number }[]): void =>
    void act(() =>
      render(
        of.map((one, at) => <Clock key={at} {...one} />),
        parent
      )
    );
  const texts = (): number[] => [...parent.children].map(one => Number(one.textContent));
  const wait = (time: number): void => void act(() => void vi.advanceTimersByTime(time));

  it('is one for all that have the same pause, and stands where it is off', () => {
    show({ isOn: true }, { isOn: true }, { isOn: true, pause: 5_000 }, { isOn: false });
    expect(vi.getTimerCount()).toBe(2);
    const [start] = texts();
    wait(2_000);
    expect(texts().map(now => now - start!)).toEqual([2_000, 2_000, 0, 0]);
    wait(3_000);
    expect(texts().map(now => now - start!)).toEqual([5_000, 5_000, 5_000, 0]);
  });

  it('stops with the last that looks at it, and goes on for the next', () => {
    show({ isOn: true }, { isOn: true });
    show({ isOn: true }, { isOn: false });
    expect(vi.getTimerCount()).toBe(1);
    show({ isOn: false }, { isOn: false });
    expect(vi.getTimerCount()).toBe(0);
    show({ isOn: true });
    const [start] = texts();
    wait(1_000);
    expect(texts()).toEqual([start! + 1_000]);
    show();
    expect(vi.getTimerCount()).toBe(0);
  });
});
