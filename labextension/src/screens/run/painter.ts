// When to draw: at most ten times a second, and never what nobody sees.
const PAUSE = 100;

export class Painter {
  #isDirty = false;
  #isOnScreen = true;
  #isLive = true;
  /** Nobody listens any more for what is seen. */
  #isOver = false;
  #isGone = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #last = -Infinity;
  readonly #observer = new IntersectionObserver(entries => {
    this.#isOnScreen = entries.at(-1)?.isIntersecting ?? true;
    this.#plan();
  });
  readonly #changed = (): void => this.#plan();
  readonly #paint: () => void;

  constructor(node: Element, paint: () => void) {
    this.#paint = paint;
    document.addEventListener('visibilitychange', this.#changed);
    this.#observer.observe(node);
  }

  get isSeen(): boolean {
    return this.#isOver || (this.#isOnScreen && !document.hidden);
  }

  /** Draw as soon as it is worth it. */
  request(): void {
    this.#isDirty = true;
    this.#plan();
  }

  /** What was asked for is drawn when it is seen, and then nothing is left that works. */
  finish(): void {
    this.#isLive = false;
    this.#rest();
  }

  dispose(): void {
    this.#isDirty = false;
    this.#isGone = true;
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.finish();
  }

  #plan(): void {
    if (
      this.#isGone ||
      !this.#isDirty ||
      !this.isSeen ||
      this.#timer !== undefined ||
      this.#frame
    ) {
      return;
    }
    const wait = this.#last + PAUSE - performance.now();
    const frame = (): void => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(() => this.#draw());
    };
    if (wait > 0) {
      this.#timer = setTimeout(frame, wait);
    } else {
      frame();
    }
  }

  #draw(): void {
    this.#frame = 0;
    this.#last = performance.now();
    this.#isDirty = false;
    this.#paint();
    this.#rest();
  }

  #rest(): void {
    if (!this.#isLive && !this.#isDirty) {
      document.removeEventListener('visibilitychange', this.#changed);
      this.#observer.disconnect();
      this.#isOver = true;
    }
  }
}
