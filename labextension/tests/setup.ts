// What jsdom lacks and browsers have.
import { afterAll, vi } from 'vitest';
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
// Lumino derives from it.
globalThis.DragEvent ??= class extends MouseEvent {} as unknown as typeof DragEvent;
// A page without a screen never changes its own.
globalThis.matchMedia ??= () =>
  ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined
  }) as unknown as MediaQueryList;
// All of a page without a screen is seen.
globalThis.IntersectionObserver ??= class {
  readonly #told: (entries: { isIntersecting: boolean; target: Element }[]) => void;
  constructor(told: (entries: { isIntersecting: boolean; target: Element }[]) => void) {
    this.#told = told;
  }
  observe(target: Element): void {
    this.#told([{ isIntersecting: true, target }]);
  }
  unobserve(): void {}
  disconnect(): void {}
} as unknown as typeof IntersectionObserver;
// By these names Preact knows how the events of pointers are spelt.
for (const kind of ['down', 'move', 'up', 'cancel', 'leave', 'enter', 'over', 'out']) {
  (Element.prototype as unknown as Record<string, unknown>)[`onpointer${kind}`] ??= null;
}

// Code that a test has begun to load runs while there is still a page.
afterAll(() => vi.dynamicImportSettled());
