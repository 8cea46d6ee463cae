// A Preact tree in the page, drawn at most ten times a second and never while nobody sees it.
import { render, type ComponentChildren } from 'preact';
import { keepKeys } from './keys';

const PAUSE = 100;

/** The tree of one screen. */
export class Root {
  readonly node = document.createElement('section');
  readonly #view: () => ComponentChildren;
  readonly #observer: IntersectionObserver;
  #isDirty = false;
  #isOnScreen = true;
  #isDisposed = false;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(
    parent: HTMLElement,
    className: string,
    label: string,
    view: () => ComponentChildren
  ) {
    this.#view = view;
    this.node.className = `aml-ui ${className}`;
    this.node.setAttribute('aria-label', label);
    keepKeys(this.node);
    parent.replaceChildren(this.node);
    this.#observer = new IntersectionObserver(entries => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#plan();
    });
    this.#observer.observe(this.node);
    document.addEventListener('visibilitychange', this.#plan);
    this.#draw();
  }

  /** Draw soon: when it is seen, and not too often. */
  request = (): void => {
    this.#isDirty = true;
    this.#plan();
  };

  /** Draw now, as after a click. */
  flush = (): void => {
    if (!this.#isDisposed) {
      this.#draw();
    }
  };

  dispose = (): void => {
    this.#isDisposed = true;
    this.#forget();
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#plan);
    render(null, this.node);
    this.node.remove();
  };

  readonly #plan = (): void => {
    const isPlanned = this.#timer !== undefined || this.#frame !== 0;
    const isSeen = this.#isOnScreen && !document.hidden;
    if (this.#isDisposed || !this.#isDirty || !isSeen || isPlanned) {
      return;
    }
    const wait = this.#last + PAUSE - performance.now();
    const next = (): void => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(() => this.#draw());
    };
    if (wait > 0) {
      this.#timer = setTimeout(next, wait);
    } else {
      next();
    }
  };

  #forget(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#timer = undefined;
    this.#frame = 0;
  }

  #draw(): void {
    this.#forget();
    this.#last = performance.now();
    this.#isDirty = false;
    render(this.#view(), this.node);
  }
}

/**
 * Draw what `view` returns in a new element of `parent`, and again at each `request`.
 *
 * @param label names the section for screen readers.
 */
export function makeRoot(
  parent: HTMLElement,
  className: string,
  label: string,
  view: () => ComponentChildren
): Root {
  return new Root(parent, className, label, view);
}
