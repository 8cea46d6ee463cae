import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainly, type Host, type Kept } from '../../src/ui/host';
import {
  isBetween,
  isFlag,
  isListOf,
  isNullOr,
  isOf,
  isOneOf,
  isRecordOf,
  isText,
  readView,
  ViewMemory,
  type Shape
} from '../../src/ui/place/view_memory';

interface View {
  text: string;
  isOn: boolean;
  names: string[];
  size: number | null;
  way: { to: 'left' | 'right' };
  marks: Record<string, boolean>;
}

const FIRST: View = {
  text: '',
  isOn: false,
  names: [],
  size: null,
  way: { to: 'left' },
  marks: {}
};
const SHAPE: Shape<View> = {
  text: isText,
  isOn: isFlag,
  names: isListOf(isText),
  size: isNullOr(isBetween(1, 9)),
  way: isOf<View['way']>({ to: isOneOf('left', 'right') }),
  marks: isRecordOf(isFlag)
};

class Place implements Kept {
  told: unknown[] = [];
  held: unknown;
  get = (): unknown => this.held;
  set = (kind: string, view: unknown): void => {
    this.told.push([kind, view]);
    this.held = view;
  };
}

const memory = (kept?: Kept, subject = 'a'): ViewMemory<View> =>
  new ViewMemory({ t: plainly, kept } as Partial<Host> as Host, 'toy', subject, FIRST, SHAPE);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

describe('a view', () => {
  it('is read as a whole, or in part', () => {
    const whole = { text: 'x', isOn: true, names: ['a'], size: 3, way: { to: 'right' }, marks: {} };
    expect(readView(whole, FIRST, SHAPE)).toEqual({ view: whole, isWhole: true });
    expect(readView({ isOn: true, later: 1 }, FIRST, SHAPE)).toEqual({
      view: { ...FIRST, isOn: true },
      isWhole: true
    });
  });

  it.each([
    null,
    7,
    'x',
    [],
    { text: 5 },
    { text: 'x'.repeat(20_000) },
    { names: 'x' },
    { names: [{}] },
    { names: Array.from({ length: 20_000 }, () => 'x') },
    { size: 1e9 },
    { size: 'NaN' },
    { way: {} },
    { way: [] },
    { way: { to: 'up' } },
    { way: Object.create({ to: 'left' }) as object },
    { marks: { a: 1 } },
    { marks: [] }
  ])('of a hostile form is left out: %j', kept => {
    expect(readView(kept, FIRST, SHAPE)).toEqual({ view: FIRST, isWhole: false });
  });
});

describe('what was chosen', () => {
  it('is there again in the same browser, for the same subject', () => {
    memory().save({ ...FIRST, text: 'x' });
    expect(memory().load()).toEqual({ view: { ...FIRST, text: 'x' }, problem: '' });
    expect(memory(undefined, 'b').load().view).toEqual(FIRST);
  });

  it('is told to the place once the user rests, and that comes before the browser', () => {
    const place = new Place();
    const one = memory(place);
    one.save({ ...FIRST, size: 1 });
    one.save({ ...FIRST, size: 2 });
    one.save({ ...FIRST, size: 2 });
    expect(place.told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(place.told).toEqual([['toy', { version: 1, view: { ...FIRST, size: 2 } }]]);
    memory().save({ ...FIRST, size: 9 });
    expect(memory(place).load().view.size).toBe(2);
  });

  it('is told at once where the page or the screen goes', () => {
    const place = new Place();
    const one = memory(place);
    one.save({ ...FIRST, size: 1 });
    window.dispatchEvent(new Event('pagehide'));
    expect(place.told).toHaveLength(1);
    one.save({ ...FIRST, size: 2 });
    one.dispose();
    expect(place.told).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    window.dispatchEvent(new Event('pagehide'));
    expect(place.told).toHaveLength(2);
  });

  it('is left out where it is of a newer version, and that is said', () => {
    const place = new Place();
    place.held = { version: 2, view: { text: 'x' } };
    const { view, problem } = memory(place).load();
    expect(view).toEqual(FIRST);
    expect(problem).toContain('newer version of aml_magics');
  });

  it.each([
    'x',
    7,
    [],
    {},
    { version: 1 },
    { version: 'x', view: 5 },
    { version: 1, view: { size: 'x' } }
  ])('is left out where it cannot be read, and that is said: %j', held => {
    const place = new Place();
    place.held = held;
    const { view, problem } = memory(place).load();
    expect(view).toEqual(FIRST);
    expect(problem).toContain('cannot be read');
  });

  it('is nothing where the browser keeps nothing, or something damaged', () => {
    memory().save({ ...FIRST, text: 'x' });
    localStorage.setItem(localStorage.key(0)!, '{cut');
    expect(memory().load()).toEqual({ view: FIRST, problem: '' });
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(() => memory().save({ ...FIRST, text: 'y' })).not.toThrow();
    full.mockRestore();
  });
});
