// The points of a stretch that was zoomed to, where the panel holds fewer than there are.
import type { Axis, Line } from './axis';
import { lineOf, spliced, timesWithin } from './axis';
import { Curve } from './curve';
import type { Scene } from './scene';

const LIMIT = 2_000;
const PAUSE = 200;

export class Detail {
  #range: [number, number] | null = null;
  #curve: Curve | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #scene: Scene;
  readonly #metric: string;
  readonly #changed: (problem: unknown) => void;

  constructor(
    scene: Scene,
    metric: string,
    /** Called when there is something else to draw, or to say. */
    changed: (problem: unknown) => void
  ) {
    this.#scene = scene;
    this.#metric = metric;
    this.#changed = changed;
  }

  get stamp(): number {
    return this.#curve?.stamp ?? 0;
  }

  /** `count` is of all points that were logged. */
  zoom(range: [number, number] | null, axis: Axis, count: number): void {
    clearTimeout(this.#timer);
    this.#range = range;
    const hadDetail = this.#curve !== null;
    this.#curve = null;
    if (hadDetail) {
      this.#changed(null);
    }
    const curve = this.#scene.book.get(this.#metric);
    if (range && curve && count > curve.length) {
      this.#timer = setTimeout(() => void this.#ask(range, axis, curve), PAUSE);
    }
  }

  /** The line with what is known of the stretch. */
  onto(line: Line, axis: Axis): Line {
    return this.#curve && this.#range
      ? spliced(line, lineOf(this.#curve, axis, this.#scene.book.epochs), ...this.#range)
      : line;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#range = null;
  }

  async #ask(range: [number, number], axis: Axis, curve: Curve): Promise<void> {
    const { host, run, book } = this.#scene;
    const [low, high] = axis === 'epoch' ? timesWithin(curve, book.epochs, ...range) : range;
    if (!isFinite(low) || !isFinite(high)) {
      return;
    }
    const question = {
      run,
      metric: this.#metric,
      x: axis === 'step' ? 'step' : 'time',
      low,
      high,
      limit: LIMIT
    } as const;
    let problem: unknown = null;
    let points = null;
    try {
      points = await host.ask('points', question);
    } catch (error) {
      problem = error;
    }
    if (this.#range === range) {
      this.#curve = points && new Curve(points);
      this.#changed(problem);
    }
  }
}
