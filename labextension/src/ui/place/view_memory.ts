// How a screen is shown, as the user chose it: there again with the output or widget, and in the same browser.
import type { Host } from '../host';

/** The newest form of a view that this code reads. */
const VERSION = 1;
/** Milliseconds without a change before the place is told: a slider that is drawn changes the view at each step. */
const PAUSE = 300;
const [LONGEST, MOST] = [10_000, 10_000];

/** What was kept, as far as it can be read. */
export interface Remembered<V> {
  readonly view: V;
  /** What the user has to know; empty for nothing. */
  readonly problem: string;
}

/** Whether a value that came from anywhere is one of a view. */
type Check<T> = (value: unknown) => value is T;
export type Shape<V> = { readonly [K in keyof V]: Check<V[K]> };

export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST;
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
/** A finite number between two. */
export const isBetween =
  (low: number, high: number): Check<number> =>
  (value): value is number =>
    typeof value === 'number' && value >= low && value <= high;
export const isOneOf =
  <T extends string | null>(...all: readonly T[]): Check<T> =>
  (value): value is T =>
    all.includes(value as T);
export const isNullOr =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value);
export const isListOf =
  <T>(check: Check<T>): Check<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length <= MOST && value.every(check);
export const isRecordOf =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isObject(value) &&
    Object.keys(value).length <= MOST &&
    Object.entries(value).every(([name, one]) => isText(name) && check(one));
export const isOf =
  <V extends object>(shape: Shape<V>): Check<V> =>
  (value): value is V =>
    isObject(value) &&
    (Object.keys(shape) as (keyof V & string)[]).every(
      name => Object.hasOwn(value, name) && shape[name](value[name])
    );

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of a view that can be read, with `first` for the others. */
export function readView<V extends object>(
  kept: unknown,
  first: V,
  shape: Shape<V>
): { view: V; isWhole: boolean } {
  if (!isObject(kept)) {
    return { view: first, isWhole: false };
  }
  let isWhole = true;
  const view = { ...first };
  for (const name of Object.keys(shape) as (keyof V & string)[]) {
    const value = Object.hasOwn(kept, name) ? kept[name] : undefined;
    if (shape[name](value)) {
      view[name] = value;
    } else {
      isWhole &&= value === undefined;
    }
  }
  return { view, isWhole };
}

/** The view of one screen, in the place that shows it and in the browser. */
export class ViewMemory<V extends object> {
  readonly #host: Host;
  readonly #kind: string;
  readonly #key: string;
  readonly #first: V;
  readonly #shape: Shape<V>;
  #waiting: V | null = null;
  #last = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param subject what is shown: the browser keeps a view for each.
   * @param first how it is shown before the user chooses.
   */
  constructor(host: Host, kind: string, subject: unknown, first: V, shape: Shape<V>) {
    this.#host = host;
    this.#kind = kind;
    // What somebody types below a cell is not for the panel at the side.
    this.#key = `aml-magics:${kind}:${host.kept ? 'kept:' : ''}${JSON.stringify(subject)}`;
    this.#first = first;
    this.#shape = shape;
    window.addEventListener('pagehide', this.flush);
  }

  /** What was chosen last: here, else in this browser. */
  load(): Remembered<V> {
    const { t, kept } = this.#host;
    const held = kept?.get(this.#kind);
    if (held === undefined || held === null) {
      return { view: this.#ofBrowser(), problem: '' };
    }
    const { version, view } = held as { version?: unknown; view?: unknown };
    if (typeof version === 'number' && version > VERSION) {
      return {
        view: this.#ofBrowser(),
        problem: t(
          'How this was shown is kept by a newer version of aml_magics: it is left out here.'
        )
      };
    }
    const found = readView(view, this.#first, this.#shape);
    return {
      view: found.view,
      problem: found.isWhole
        ? ''
        : t('Some of how this was shown is kept in a form that cannot be read: it is left out.')
    };
  }

  save(view: V): void {
    const text = JSON.stringify(view);
    if (text === this.#last) {
      return;
    }
    this.#last = text;
    try {
      localStorage.setItem(this.#key, text);
    } catch {
      // The browser keeps nothing for this page: then a place without an output begins anew.
    }
    if (this.#host.kept) {
      this.#waiting = view;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.flush, PAUSE);
    }
  }

  /** Tell the place now. */
  readonly flush = (): void => {
    clearTimeout(this.#timer);
    if (this.#waiting !== null) {
      const view = JSON.parse(JSON.stringify(this.#waiting)) as unknown;
      this.#waiting = null;
      this.#host.kept?.set(this.#kind, { version: VERSION, view });
    }
  };

  dispose(): void {
    this.flush();
    window.removeEventListener('pagehide', this.flush);
  }

  #ofBrowser(): V {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? '{}') as unknown;
      return readView(kept, this.#first, this.#shape).view;
    } catch {
      return this.#first;
    }
  }
}
