import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainly, type Host } from '../../src/ui/host';
import { drawingOf, Place, type Drawing } from '../../src/ui/place/place';
import { delayAfter, Refusal } from '../../src/ui/place/retry';
import type { Mount, ScreenEntry } from '../../src/ui/screen';
import type { Snapshot } from '../../src/ui/place/snapshot';

const snapshot: Snapshot = { version: 1, workspace: 'w', view: {} };
const host = { t: plainly } as Host;
/** Screens that were drawn, in order, and whether they were put away. */
let mounted: { parent: HTMLElement; updates: Snapshot[]; isDisposed: boolean }[];
let node: HTMLElement;
let told: (string | null)[];
let place: Place;

const mount: Mount = parent => {
  const one = { parent, updates: [] as Snapshot[], isDisposed: false };
  mounted.push(one);
  parent.append(`screen ${mounted.length}`);
  return {
    update: newer => one.updates.push(newer),
    dispose: () => {
      one.isDisposed = true;
    }
  };
};
const made = (): Promise<Drawing> => Promise.resolve({ mount, snapshot, host });
const away = (text = 'The server is away.'): Promise<Drawing> =>
  Promise.reject(new Refusal('away', text));
const settled = (time = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(time);
const again = (): HTMLButtonElement | null => node.querySelector('button');

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  mounted = [];
  told = [];
  node = document.createElement('div');
  place = new Place(node, plainly, problem => told.push(problem));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the place of a screen', () => {
  it('says that it loads, then has the screen', async () => {
    const drawn = place.draw(made);
    expect([node.textContent, place.isDrawn]).toEqual(['Loading…', false]);
    expect(node.querySelector('[role=status]')!.className).toBe('aml-message aml-calm');
    await drawn;
    expect([node.textContent, place.isDrawn, told]).toEqual(['screen 1', true, [null]]);
  });

  it('puts the screen away for the next one, and when it is cleared', async () => {
    await place.draw(made);
    await place.draw(made);
    expect([mounted.map(one => one.isDisposed), node.textContent]).toEqual([
      [true, false],
      'screen 2'
    ]);
    place.clear();
    expect([mounted[1]!.isDisposed, node.childNodes.length, place.isDrawn]).toEqual([
      true,
      0,
      false
    ]);
  });

  it('hands newer snapshots on, and drops those that come before the screen', async () => {
    place.update(snapshot);
    const newer = { ...snapshot };
    await place.draw(made);
    place.update(newer);
    expect(mounted[0]!.updates).toEqual([newer]);
  });

  it('does not draw what comes after it was cleared, or after something else was wanted', async () => {
    let answer: (drawing: Drawing) => void = () => undefined;
    const late = new Promise<Drawing>(resolve => (answer = resolve));
    const first = place.draw(() => late);
    await place.draw(made);
    answer(await made());
    await first;
    expect(mounted).toHaveLength(1);
    const second = place.draw(() => late);
    place.clear();
    await second;
    expect([mounted.length, node.childNodes.length]).toEqual([1, 0]);
  });

  it('says nothing of a failure that nobody waits for any more', async () => {
    const first = place.draw(() => away());
    place.say('Something else.');
    await first;
    await settled(60_000);
    expect([node.textContent, told]).toEqual(['Something else.', []]);
  });

  it('is empty for the next one also where a screen cannot be put away', async () => {
    await place.draw(async () => ({
      ...(await made()),
      mount: () => ({
        update: () => undefined,
        dispose: () => {
          throw new Error('stuck');
        }
      })
    }));
    place.clear();
    expect(node.childNodes).toHaveLength(0);
    await place.draw(made);
    expect(node.textContent).toBe('screen 1');
  });
});

describe('what goes wrong in a place', () => {
  it('is said as text on one line, with a button that tries again', async () => {
    const make = vi.fn(made);
    make.mockRejectedValueOnce(new Error('No <b>run</b>\nof this id\u202e.'));
    await place.draw(make);
    expect(node.querySelector('p')!.textContent).toBe('No <b>run</b> of this id\ufffd.');
    expect(node.querySelector('b')).toBeNull();
    again()!.click();
    await settled();
    expect([node.textContent, told.at(-1)]).toEqual(['screen 1', null]);
  });

  it('is not tried again by itself where the host refused for good', async () => {
    const make = vi.fn(() => Promise.reject(new Refusal('gone', 'It was deleted.')));
    await place.draw(make);
    await settled(600_000);
    expect([make.mock.calls.length, again()!.type]).toEqual([1, 'button']);
  });

  it('is tried again by itself while the host is away, ever less often', async () => {
    const times: number[] = [];
    const make = vi.fn(() => {
      times.push(Date.now());
      return away();
    });
    await place.draw(make);
    await settled(300_000);
    const pauses = times.slice(1).map((time, at) => time - times[at]!);
    expect(pauses[0]).toBeLessThanOrEqual(600);
    expect(pauses.every(pause => pause <= 18_000)).toBe(true);
    expect(Math.min(...pauses.slice(6))).toBeGreaterThanOrEqual(12_000);
    make.mockImplementation(made);
    await settled(20_000);
    expect(node.textContent).toBe('screen 1');
    const { length } = make.mock.calls;
    await settled(60_000);
    expect(make).toHaveBeenCalledTimes(length);
  });

  it('is tried once where the button comes before the clock', async () => {
    const make = vi.fn<() => Promise<Drawing>>(() => away());
    await place.draw(make);
    make.mockImplementation(made);
    again()!.click();
    await settled(60_000);
    expect([make.mock.calls.length, mounted.length]).toEqual([2, 1]);
  });

  it('is given up with the place', async () => {
    const make = vi.fn(() => away());
    await place.draw(make);
    place.clear();
    await settled(60_000);
    expect([make.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('may be in the drawing: it is said, and drawn at the next try', async () => {
    const fails = vi.fn(mount);
    fails.mockImplementationOnce(parent => {
      parent.append('half of it');
      throw new Error('It broke.');
    });
    await place.draw(async () => ({ ...(await made()), mount: fails }));
    expect(node.querySelector('p')!.textContent).toBe('This could not be drawn: It broke.');
    expect([place.isDrawn, node.textContent.includes('half')]).toEqual([false, false]);
    again()!.click();
    await settled();
    expect(node.textContent).toBe('screen 1');
  });

  it('may be no error at all', async () => {
    await place.draw(() => Promise.reject('only a text')); // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors
    expect(node.querySelector('p')!.textContent).toBe('only a text');
  });
});

describe('what is drawn of a subject', () => {
  const entry = { snapshot: async () => snapshot } as unknown as ScreenEntry;

  it('is asked for while its code is loaded', async () => {
    const order: string[] = [];
    const asked = {
      ...entry,
      snapshot: async () => {
        order.push('asked');
        return snapshot;
      }
    };
    const load = async (): Promise<{ mount: Mount }> => {
      order.push('loading');
      await Promise.resolve();
      order.push('loaded');
      return { mount };
    };
    const drawing = await drawingOf(asked, { kind: 'run' }, host, load);
    expect(order).toEqual(['loading', 'asked', 'loaded']);
    expect(drawing).toEqual({ mount, snapshot, host, selection: undefined });
  });

  it('fails with whichever of both fails', async () => {
    const load = (): Promise<{ mount: Mount }> => Promise.reject(new Error('no code'));
    await expect(drawingOf(entry, { kind: 'run' }, host, load)).rejects.toThrow('no code');
  });
});

describe('the pause before another try', () => {
  it('doubles to fifteen seconds, a fifth more or less by chance', () => {
    expect([1, 2, 3, 6, 7, 1_000].map(failures => delayAfter(failures, 0.5))).toEqual([
      500, 1_000, 2_000, 15_000, 15_000, 15_000
    ]);
    expect([delayAfter(1, 0), delayAfter(1, 1)].map(Math.round)).toEqual([400, 600]);
    const pauses = Array.from({ length: 50 }, () => delayAfter(1));
    expect(new Set(pauses).size).toBeGreaterThan(1);
    expect(pauses.every(pause => pause >= 400 && pause <= 600)).toBe(true);
  });
});
